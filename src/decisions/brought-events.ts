/** Events that come with a decision: each is judged by itself, and the answer says what became of it. */
import { readId } from '../doors/read-id.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import { plainMessageId } from '../engine/visitor/message-source.js';
import { InvalidRequest, type Problem } from '../errors.js';
import type { NormalisedEvent } from '../visitors/intake/incoming-event.js';
import type { Rejection } from '../visitors/intake/rejected-entry.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { Recorded } from '../visitors/writing/visitor-writer.js';
import type { DecisionAnswer, EventOutcome } from './decision-answer.js';
import type { DecisionAsk } from './decision-request.js';

/** How the events of a decision were read. */
export interface BroughtEvents {
  /** Those that are in order. */
  readonly events: readonly MemoryEvent[];
  /** What is to be told of each of those in order. */
  readonly told: readonly Pick<EventOutcome, 'clamped' | 'guarded'>[];
  /** What is wrong with each of those asked with; undefined where nothing is. */
  readonly problems: readonly (readonly Problem[] | undefined)[];
  /** The message id that was made for each that came without; undefined where none was. */
  readonly madeIds: readonly (string | undefined)[];
}

/** Of a request without events. */
export const NOTHING_BROUGHT: BroughtEvents = { events: [], told: [], problems: [], madeIds: [] };

/** The good ones and what is wrong with the others; `raw` are the same events as they came. */
export function sortEvents(read: readonly NormalisedEvent[], raw: readonly Json[]): BroughtEvents {
  return {
    events: read.flatMap((one) => ('event' in one ? [one.event] : [])),
    told: read.flatMap((one) => ('event' in one ? [toldOf(one)] : [])),
    problems: read.map((one) => ('problems' in one ? one.problems : undefined)),
    madeIds: read.map((one, index) => ('event' in one ? madeId(raw[index], one.event) : undefined)),
  };
}

function toldOf({ retimed, guarded }: Extract<NormalisedEvent, { readonly event: MemoryEvent }>) {
  return { ...(retimed === 'future' && { clamped: true as const }), ...(guarded && { guarded: true as const }) };
}

/** One that clients send by mistake, such as "undefined", is none. */
function madeId(raw: Json | undefined, { messageId }: MemoryEvent): string | undefined {
  const given = readId(isObject(raw) ? raw['messageId'] : undefined);
  const plain = messageId === undefined ? undefined : plainMessageId(messageId);
  return given && 'id' in given && given.id === plain ? undefined : plain;
}

/** Throws {@link InvalidRequest} where there are events and all of them are bad: then the request is. */
export function refuseAllBad({ events, problems }: BroughtEvents): void {
  if (events.length > 0 || problems.length === 0) return;
  throw new InvalidRequest(
    problems.flatMap((those = [], index) =>
      those.map(({ path, message }) => ({
        path: path === '' ? `events[${index}]` : `events[${index}].${path}`,
        message,
      })),
    ),
  );
}

type EventsAnswer = Pick<DecisionAnswer, 'events' | 'eventOutcomes'>;

/** What the answer says of the events: what became of each, in the order asked. */
export function answerEvents(
  { problems, told, madeIds }: BroughtEvents,
  became: 'unconfirmed' | 'dry-run' | readonly Recorded[],
): EventsAnswer {
  let at = 0;
  const eventOutcomes = problems.map((those, index): EventOutcome => {
    if (those) return { outcome: 'refused', problems: those };
    const outcome: EventOutcome = typeof became === 'string' ? { outcome: became } : outcomeOf(became[at]);
    const made = outcome.outcome === 'dry-run' ? undefined : madeIds[index];
    return { ...outcome, ...(made !== undefined && { messageId: made }), ...told[at++] };
  });
  return { events: typeof became === 'string' ? became : inOneWord(eventOutcomes), eventOutcomes };
}

function outcomeOf(recorded: Recorded | undefined): EventOutcome {
  if (recorded?.refused !== undefined) return { outcome: 'refused', problems: [recorded.refused] };
  const joined = recorded?.notJoined && { notJoined: true as const };
  if (recorded?.duplicate) return { outcome: 'duplicate', ...joined };
  return { outcome: 'accepted', ...(recorded?.notRetained && { notRetained: true }), ...joined };
}

function inOneWord(outcomes: readonly EventOutcome[]): NonNullable<EventsAnswer['events']> {
  const refused = outcomes.filter(({ outcome }) => outcome === 'refused').length;
  if (refused === 0) return 'stored';
  return refused === outcomes.length ? 'refused' : 'partly-stored';
}

/** The refused ones as they are kept: with what the request says of each, so that they can be taken in later. */
export function rejectionsOf(
  { events, visitorId, channel }: DecisionAsk,
  outcomes: readonly Pick<EventOutcome, 'problems'>[],
): Rejection[] {
  return outcomes.flatMap(({ problems }, index) =>
    problems ? [{ raw: withRequest(events[index] ?? null, visitorId, channel), problems }] : [],
  );
}

function withRequest(raw: Json, visitorId: string, channel: string | undefined): Json {
  if (!isObject(raw)) return raw;
  const whose = raw['userId'] ?? raw['anonymousId'] ?? '';
  const context = raw['context'] ?? {};
  return {
    ...raw,
    ...(whose === '' && { anonymousId: visitorId }),
    ...(channel !== undefined && isObject(context) && { context: { channel, ...context } }),
  };
}
