import type { JsonObject } from '../language/json.js';
import type { Interaction } from './interaction.js';

/** An interaction as rules, templates and the API tell it. */
export function tellInteraction(one: Interaction): JsonObject {
  const { event, timestamp, channel, properties, messageId } = one;
  return { event, timestamp: new Date(timestamp).toISOString(), channel, properties, messageId };
}
