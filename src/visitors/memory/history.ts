/** What a line of an import says of a person, and the events that it amounts to. */
import type { JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import type { AliasEvent, ConsentEvent, InteractionEvent, Memory, MemoryEvent, TraitsEvent } from './memory.js';

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
  readonly released: Pick<Memory, 'evicted' | 'forgotten'> | undefined;
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
 * The events of a history: who it is about, then what was said and done. Whoever sends it is trusted to know whose ids
 * these are.
 */
export function historyEvents(history: History, clock: ImportClock): MemoryEvent[] {
  const { visitorId, known } = history;
  const userId = known.includes(visitorId) ? visitorId : known[0];
  const who = userId === undefined ? { userId, anonymousId: visitorId } : { userId, anonymousId: undefined };
  const stamp = ({
    at = clock.now,
    arrival = clock.nextArrival(),
  }: { at?: Millis | undefined; arrival?: number | undefined } = {}) => ({ ...who, timestamp: at, arrival });
  const links = [...new Set([visitorId, ...known, ...history.others])].filter((id) => id !== (userId ?? visitorId));
  return [
    ...links.map((previousId): AliasEvent => ({
      ...stamp(),
      kind: 'alias',
      messageId: undefined,
      previousId,
      trusted: true,
    })),
    ...known.map((id): TraitsEvent => ({
      ...stamp(),
      userId: id,
      anonymousId: undefined,
      kind: 'traits',
      messageId: undefined,
      source: 'import',
      traits: NO_TRAITS,
    })),
    ...history.traits.map(({ traits, source, ...time }): TraitsEvent => ({
      ...stamp(time),
      kind: 'traits',
      messageId: undefined,
      source,
      traits,
    })),
    ...history.consents.map(({ purpose, granted, until, ...time }): ConsentEvent => ({
      ...stamp(time),
      kind: 'consent',
      messageId: undefined,
      purpose,
      granted,
      until,
    })),
    // Oldest first: of a long life the old goes as the new comes, and then what is older still would count as gone
    // already.
    ...history.interactions
      .toSorted((a, b) => (a.at ?? clock.now) - (b.at ?? clock.now))
      .map(({ event, channel, properties, messageId, ...time }): InteractionEvent => ({
        ...stamp(time),
        kind: 'interaction',
        event,
        channel,
        properties,
        messageId,
      })),
  ];
}
