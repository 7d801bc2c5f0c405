import { tellInteraction, type Interaction, type ToldInteraction } from '../../engine/visitor/interaction.js';
import { isFromBrowser } from '../../engine/visitor/message-source.js';

/** An interaction as desks are told it: with who said that it happened. */
export type SourcedInteraction = ToldInteraction & {
  /** Said by whoever has a key that lies in pages; absent for what a server or an import said. */
  readonly by?: 'browser';
};

/** Tells an interaction, and who said that it happened. */
export function tellSourced(one: Interaction): SourcedInteraction {
  return { ...tellInteraction(one), ...(isFromBrowser(one.messageId) && { by: 'browser' }) };
}
