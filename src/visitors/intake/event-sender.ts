import type { Problem } from '../../errors.js';
import { isBrowserMadeId } from '../memory/browser-made.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { isOfBrowser, type RequestChannel } from './request-channel.js';

type Ids = Pick<MemoryEvent, 'userId' | 'anonymousId'>;

/** Who sends an event, as it is kept with it, and what is wrong with whom they name. */
export interface EventSender {
  readonly sender: Pick<MemoryEvent, 'by' | 'unproven'>;
  readonly problems: readonly Problem[];
}

const REMEDY =
  'comes with the key of a page and without a proof that it is the caller’s; send one in X-Usher-Identity or ' +
  'context.identityProof, as docs/identity.md says';

/** Judges the ids of an event by who sends it; `proof` is the one that came with it. */
export function eventSender(
  { userId, anonymousId }: Ids,
  proof: unknown,
  { otherwise, prove }: RequestChannel,
): EventSender {
  if (!isOfBrowser({ otherwise })) return { sender: {}, problems: [] };
  if (!prove) return { sender: { by: 'browser' }, problems: [] };
  const problems: Problem[] = [];
  // Beside a user id it says no more than what may be joined.
  const isUnproven = userId === undefined && anonymousId !== undefined && !prove(anonymousId, proof);
  if (userId !== undefined && !prove(userId, proof))
    problems.push({ path: 'userId', message: `${REMEDY}, or leave it out` });
  if (isUnproven && !isBrowserMadeId(anonymousId))
    problems.push({ path: 'anonymousId', message: `${REMEDY}, or a random UUID, as browsers make` });
  return { sender: { by: 'browser', ...(isUnproven && { unproven: true }) }, problems };
}
