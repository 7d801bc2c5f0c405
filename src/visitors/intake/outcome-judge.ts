import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import type { Json } from '../../engine/language/json.js';
import { itemRef, messageRef, type Contact } from '../../engine/visitor/contacts.js';
import { readTime } from '../../engine/values/read-time.js';
import { outcomeOf } from '../../engine/visitor/outcome-events.js';
import type { InteractionEvent, MemoryEvent } from '../memory/memory-event.js';

/** What is asked of every event that comes in. Both are asked in the turn that takes it in, and must not wait. */
export interface OutcomeJudge {
  /** The contact that an event tells of; undefined where it tells of none, or its sender's word does not count. */
  readonly contactOf: (event: InteractionEvent) => Contact | undefined;
  /** Whether an event of this name is the goal of some offer. */
  readonly isGoal: (event: string) => boolean;
}

/** Who has to do with outcomes before they are read, and after they are stored. */
export interface OutcomeListener {
  /**
   * Adds to outcomes what they leave out, such as the offer of which only the decision is named. `visitorId` stands in
   * where an event names nobody. The same list where there is nothing to add.
   */
  complete(events: readonly Json[], visitorId?: string): readonly Json[] | Promise<readonly Json[]>;
  /** Hears of events that are stored, now or before. Where it rejects, their sender is to send them again. */
  hear(events: readonly MemoryEvent[]): Promise<void>;
}

/** Where nobody says otherwise the word of servers counts, and nothing is a goal. */
export const WORD_OF_SERVERS: OutcomeJudge = {
  contactOf: (event) => (event.by === 'browser' ? undefined : contactIn(event)),
  isGoal: () => false,
};

/**
 * The contact that an event tells of by its name and properties: `offer`, and `decisionId` with `placement` where they
 * are known. Undefined where it tells of none. Whose word it is, is for the caller to judge.
 */
export function contactIn({ event, properties, timestamp, channel, messageId }: InteractionEvent): Contact | undefined {
  const outcome = outcomeOf(event);
  const offer = textIn(properties['offer']);
  if (outcome === undefined || offer === undefined) return undefined;
  const [decisionId, placement] = [textIn(properties['decisionId']), textIn(properties['placement'])];
  const until = outcome === 'dismissed' ? putOffUntil(properties['until'], timestamp) : undefined;
  const isOfItem = decisionId !== undefined && placement !== undefined;
  return {
    event: outcome,
    offer,
    at: Math.floor(timestamp),
    ref: isOfItem ? itemRef(decisionId, placement) : messageRef(messageId),
    ...(placement !== undefined && { placement }),
    ...(textIn(channel) !== undefined && { channel }),
    ...(until !== undefined && { heldUntil: until }),
  };
}

/** So long an offer is put off at most: who says longer says no. */
export const LONGEST_PUT_OFF_MS = 90 * 86_400_000;

/** Until when an offer that was dismissed is put off; undefined where nothing, no time or one in the past is said. */
function putOffUntil(said: Json | undefined, timestamp: number): number | undefined {
  const read = said === undefined || said === null ? undefined : readTime(said);
  const from = Math.floor(timestamp);
  if (!read || !('at' in read) || read.at <= from) return undefined;
  return Math.min(Math.floor(read.at), from + LONGEST_PUT_OFF_MS);
}

/** Whether an event tells of a contact with an offer, or may be the goal of one. */
export function tellsOfOffers(event: MemoryEvent): event is InteractionEvent {
  return event.kind === 'interaction' && (event.contact !== undefined || event.goal === true);
}

/** The event with what it tells of offers. */
export function judged(event: InteractionEvent, { contactOf, isGoal }: OutcomeJudge): InteractionEvent {
  const contact = contactOf(event);
  // Without a token nobody can tell whether a page made it up.
  const goal = event.by !== 'browser' && isGoal(event.event);
  return contact || goal ? { ...event, ...(contact && { contact }), ...(goal && { goal }) } : event;
}

function textIn(value: Json | undefined): string | undefined {
  const isText = typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
  return isText && value.isWellFormed() ? value : undefined;
}
