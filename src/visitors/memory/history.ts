/** What a line of an import says of a person, and the events that it amounts to. */
import type { JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import type { RememberedContacts } from '../contacts/remembered-contacts.js';
import type { LetGoBySource } from './browser-share.js';
import type { AliasEvent, ConsentEvent, InteractionEvent, MemoryEvent, TraitsEvent } from './memory-event.js';
import type { Join } from './joins.js';
import type { Origin } from './origin.js';
import type { Parted } from './parted.js';

/** A person as a line of an import tells of them, checked. */
export interface History {
  readonly visitorId: string;
  /** Ids that they are known by; `visitorId` may be one of them. */
  readonly known: readonly string[];
  /** Further ids. */
  readonly others: readonly string[];
  readonly traits: readonly Timed<Pick<TraitsEvent, 'traits' | 'source'>>[];
  readonly consents: readonly Timed<Pick<ConsentEvent, 'purpose' | 'granted' | 'until'>>[];
  readonly interactions: readonly Timed<Pick<InteractionEvent, 'event' | 'channel' | 'properties' | 'messageId'>>[];
  /** What became of offers for them, where it is known. */
  readonly contacts?: RememberedContacts | undefined;
  readonly released: LetGoBySource | undefined;
  /** Which of these ids were joined, when and by whose word, where it is known. */
  readonly joins?: readonly Join[] | undefined;
  /** Whom they were parted from, where it is known. */
  readonly parted?: readonly Parted[] | undefined;
  /** By which of these ids the person was first met, where it is known. */
  readonly origin: Origin | undefined;
}

/** With when it happened, now where it does not say; `arrival` is when it came in, in microseconds since 1970. */
export type Timed<T> = T & { readonly at: Millis | undefined; readonly arrival: number | undefined };

/** Where times come from that a line does not say. */
export interface ImportClock {
  readonly now: Millis;
  nextArrival(): number;
}

const NO_TRAITS: JsonObject = {};

/**
 * The events of a history, each made when it is asked for: who it is about, then what was said and done. Whoever sends
 * it is trusted to know whose ids these are.
 */
export function* historyEvents(history: History, clock: ImportClock): Generator<MemoryEvent> {
  const { visitorId, known } = history;
  const userId = known.includes(visitorId) ? visitorId : known[0];
  const who = userId === undefined ? { userId, anonymousId: visitorId } : { userId, anonymousId: undefined };
  const stamp: Stamp = ({ at = clock.now, arrival = clock.nextArrival() } = {}) => ({ ...who, timestamp: at, arrival });
  const said: MemoryEvent[] = [
    ...idEvents(history, userId ?? visitorId, stamp),
    ...history.traits.map(({ traits, source, ...time }): TraitsEvent => ({
      ...stamp(time),
      ...UNNAMED_TRAITS,
      source,
      traits,
    })),
    ...history.consents.map(({ purpose, granted, until, ...time }): ConsentEvent => ({
      ...stamp(time),
      kind: 'consent',
      messageId: undefined,
      ...{ purpose, granted, until },
    })),
  ];
  yield* said;
  yield* interactionEvents(history, clock, stamp);
  // A line may say nothing but that there is such a person.
  if (said.length === 0 && history.interactions.length === 0)
    yield { ...stamp(), ...UNNAMED_TRAITS, source: 'import', traits: NO_TRAITS };
}

type Time = { readonly at?: Millis | undefined; readonly arrival?: number | undefined };

/** Who it is about, and when: now, where nothing was said, and after all that came before. */
type Stamp = (time?: Time) => Pick<MemoryEvent, 'userId' | 'anonymousId' | 'timestamp' | 'arrival'>;

const UNNAMED_TRAITS = { kind: 'traits', messageId: undefined } as const;

/** The id that it is kept under is in every event. */
function idEvents({ visitorId, known, others }: History, keptUnder: string, stamp: Stamp): MemoryEvent[] {
  const links = [...new Set([visitorId, ...known, ...others])].filter((id) => id !== keptUnder);
  const alsoKnown = known.filter((id) => id !== keptUnder);
  return [
    ...links.map((previousId): AliasEvent => ({
      ...stamp(),
      kind: 'alias',
      messageId: undefined,
      previousId,
      trusted: true,
    })),
    ...alsoKnown.map((id): TraitsEvent => ({
      ...stamp(),
      ...UNNAMED_TRAITS,
      ...{ userId: id, anonymousId: undefined, source: 'import', traits: NO_TRAITS },
    })),
  ];
}

/** Oldest first: where nothing says when they came in, they did so in the order in which they happened. */
function* interactionEvents(
  { interactions }: History,
  { now }: ImportClock,
  stamp: Stamp,
): Generator<InteractionEvent> {
  const oldestFirst = interactions.toSorted((a, b) => (a.at ?? now) - (b.at ?? now));
  for (const { event, channel, properties, messageId, ...time } of oldestFirst)
    yield { ...stamp(time), kind: 'interaction', ...{ event, channel, properties, messageId } };
}
