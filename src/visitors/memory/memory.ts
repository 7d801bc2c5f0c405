/**
 * What we remember of a person, and how events become memory: pure functions, no store and no clock. Any order of the
 * same events gives the same memory, an event applied twice changes nothing, and merging two memories loses nothing.
 */
import type { JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Interaction } from '../../engine/visitor/interaction.js';
import { ContactFold } from '../contacts/fold-contacts.js';
import { mergeContacts, retainedContacts, type RememberedContacts } from '../contacts/remembered-contacts.js';
import { letGoAmong, letGoOf, mergeLetGo, partRetained, type LetGoBySource } from './browser-share.js';
import { NOTHING_FORGOTTEN } from './forgotten.js';
import { idsSaid, isIdOf, withIds } from './ids.js';
import { latest } from './last-word.js';
import { byTime, ordered } from './in-order.js';
import { mergeJoins, type Join } from './joins.js';
import { earlier, firstMet, originIn, originOf, type Origin } from './origin.js';
import { mergeParted, type Parted } from './parted.js';
import { haveConsent, haveWords, retainedSides } from './retained-sides.js';
import { joinsSince, retainedSince } from './since.js';
import { sideOfEvent, uniteApart, type Apart } from './sides.js';
import { browserSource, mergeWords, type RememberedTrait, type TraitWords } from './trait-words.js';
import type { ConsentEvent, InteractionEvent, MemoryEvent, TraitsEvent } from './memory-event.js';

/** An interaction with its place in the order of arrival, which decides between equal timestamps. */
export interface RememberedInteraction extends Interaction {
  readonly arrival: number;
}

/** What a person said about a purpose, and when. */
export interface RememberedConsent {
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
  readonly at: Millis;
  readonly arrival: number;
}

/** Everything remembered of one person. Immutable. */
export interface Memory extends LetGoBySource, TraitWords {
  /** The id the memory is kept under. */
  readonly id: string;
  /** Ids that were said to be the person's own, such as a customer number; sorted. */
  readonly userIds: readonly string[];
  /** Ids of devices and browsers; sorted. */
  readonly anonymousIds: readonly string[];
  /** By purpose. */
  readonly consents: Readonly<Record<string, RememberedConsent>>;
  /** In order of timestamp, equal ones in order of arrival. */
  readonly interactions: readonly RememberedInteraction[];
  /** What became of offers for them; absent where nothing did. */
  readonly contacts?: RememberedContacts | undefined;
  /** Which ids came to be theirs, when, and by whose word; absent where none did, or an earlier version joined them. */
  readonly joins?: readonly Join[] | undefined;
  /** By which id they were first met; undefined for nobody met yet, and in documents of earlier versions. */
  readonly origin?: Origin | undefined;
  /**
   * Where all of it is about to be: nothing is added here any more. Undefined but for a moment; see `docs/identity.md`.
   */
  readonly joining: string | undefined;
  /** Of whom they were joined, as long as that can be undone; absent where they were not, or it can't. */
  readonly apart?: Apart<Memory> | undefined;
  /** Whom they were parted from, and when; absent where they never were. */
  readonly parted?: readonly Parted[] | undefined;
  /** Which of the sides is about to leave: nothing is added here any more. Absent but for a moment. */
  readonly parting?: { readonly id: string; readonly at: Millis } | undefined;
}

/** How much is retained. */
export interface Retention {
  /** Of what servers said, and as many again of what browsers said. */
  readonly keepInteractions: number;
  /** 0 keeps interactions of any age. */
  readonly keepDays: number;
  /** For so many days a join can be undone; 0, or absent, for none. */
  readonly splitDays?: number;
}

/** A memory after events, and what became of these (by their place in the list given). */
export interface Applied {
  readonly memory: Memory;
  /** Those that were already known to it. */
  readonly duplicates: ReadonlySet<number>;
  /** Interactions that are older than what is retained: counted, and nothing else is kept of them. */
  readonly notRetained: ReadonlySet<number>;
  /** Wishes for a contact for which there was no place. */
  readonly notGranted: ReadonlySet<number>;
}

/** The memory of a person of whom nothing is known yet. */
export function emptyMemory(id: string): Memory {
  return {
    id,
    userIds: [],
    anonymousIds: [],
    traits: {},
    consents: {},
    interactions: [],
    evicted: {},
    forgotten: NOTHING_FORGOTTEN,
    joining: undefined,
  };
}

/** The memory with these events in it, each once, and trimmed to what is retained at `now`. */
export function apply(memory: Memory, events: readonly MemoryEvent[], now: Millis, retention: Retention): Applied {
  const applied = applyAlone(memory, events, now, retention);
  const { apart, id } = memory;
  if (!apart) return applied;
  const isNew = (at: number) => !applied.duplicates.has(at) && !applied.notGranted.has(at);
  const fresh = events.filter((event, at) => isNew(at) && !isHeld(event, apart.sides)).map(asGranted);
  const bySide = Map.groupBy(fresh, (event) => sideOfEvent(apart.sides, event, id));
  const sides = apart.sides.map((side) => {
    const theirs = bySide.get(side.id) ?? [];
    // Where a device of another side was named, the person was met by that: it tells when they are parted.
    const origin = firstMet(theirs, (id) => isIdOf(memory, id), originOf(side));
    return { ...applyAlone(side, theirs, now, KEEP_ALL).memory, ...(origin && { origin }) };
  });
  return { ...applied, memory: withSides(applied.memory, { ...apart, sides }, now, retention) };
}

/** An export that is imported again says nothing to a side that another has said. */
const isHeld = (event: MemoryEvent, sides: readonly Memory[]) =>
  event.messageId === undefined &&
  ((event.kind === 'traits' && haveWords(sides, Object.entries(toTraits(event)))) ||
    (event.kind === 'consent' && haveConsent(sides, event.purpose, toConsent(event))));

/** Sides are not asked again whether there is a place. */
function asGranted(event: MemoryEvent): MemoryEvent {
  return event.kind === 'grant' ? { ...event, fits: () => true } : event;
}

/** All that is trimmed is trimmed of the person, and then of their sides. */
const KEEP_ALL: Retention = { keepInteractions: Infinity, keepDays: 0 };

/** As {@link apply}, without a look at sides. */
function applyAlone(memory: Memory, events: readonly MemoryEvent[], now: Millis, retention: Retention): Applied {
  const known = new Set(memory.interactions.map((one) => one.messageId));
  const isForgotten = letGoAmong(memory, events.length);
  const [duplicates, notGranted] = [new Set<number>(), new Set<number>()];
  const contacts = new ContactFold(memory.contacts, now);
  const fresh = new Map<RememberedInteraction, number>();
  const heard: { messageId: string; arrival: number }[] = [];
  const ids = withIds(memory, idsSaid(events));
  const isTheirs = (id: string) => isIdOf({ ...ids, id: memory.id }, id);
  let { consents } = memory;
  let words: TraitWords = memory;
  let origin = originOf(memory);
  for (const [index, event] of events.entries()) {
    const { messageId, arrival } = event;
    if (messageId !== undefined && (known.has(messageId) || isForgotten(messageId))) {
      duplicates.add(index);
      continue;
    }
    origin = earlier(origin, originIn(event, isTheirs));
    if (messageId !== undefined) known.add(messageId);
    if (event.kind === 'interaction') {
      fresh.set(toInteraction(event), index);
      contacts.tell(event);
    } else if (event.kind === 'grant') {
      const granted = contacts.grant(event);
      if (granted !== 'granted') (granted === 'known' ? duplicates : notGranted).add(index);
    } else {
      if (event.kind === 'traits') words = mergeWords(words, { traits: toTraits(event) });
      if (event.kind === 'consent') consents = latest(consents, { [event.purpose]: toConsent(event) });
      if (messageId !== undefined) heard.push({ messageId, arrival });
    }
  }
  const next = {
    ...memory,
    ...ids,
    ...(origin && { origin }),
    traits: words.traits,
    ...(words.outranked && { outranked: words.outranked }),
    consents,
    ...letGoOf(memory, memory.id, { heard }),
    interactions: ordered([...memory.interactions, ...fresh.keys()]),
    ...(contacts.all && { contacts: contacts.all }),
  };
  const trimmed = trim(next, now, retention);
  for (const one of trimmed.interactions) fresh.delete(one);
  return { memory: trimmed, duplicates, notRetained: new Set(fresh.values()), notGranted };
}

/**
 * Both memories as one, kept under the first one's id. Whichever way round and however grouped, the outcome
 * tells the same, and merging one of them in again changes nothing.
 */
export function merge(into: Memory, other: Memory, now: Millis, retention: Retention): Memory {
  const merged = mergeAlone(into, other, now, retention);
  return withSides(merged, uniteApart(apartOf(into), apartOf(other), mergeSides(now)), now, retention);
}

/** The sides of a person, be it only the one. */
export function apartOf({ joins, joining, apart, parted, parting, ...side }: Memory): Apart<Memory> {
  return apart ?? { sides: [{ ...side, joining: undefined }], links: [] };
}

/** The memory with these sides, as far as they are kept. */
export function withSides(memory: Memory, apart: Apart<Memory>, now: Millis, { splitDays = 0 }: Retention): Memory {
  const { apart: _before, ...alone } = memory;
  const isKept = splitDays > 0 && apart.sides.length > 1;
  const kept = isKept && retainedSides(memory, apart, joinsSince(now, { splitDays }), mergeSides(now));
  return kept ? { ...alone, apart: kept } : alone;
}

const mergeSides = (now: Millis) => (a: Memory, b: Memory) => mergeAlone(a, b, now, KEEP_ALL);

/** As {@link merge}, without a look at sides. */
function mergeAlone(into: Memory, other: Memory, now: Millis, retention: Retention): Memory {
  const letGo = mergeLetGo(into, other);
  const known = new Map(into.interactions.map((one) => [one.messageId, one]));
  for (const one of other.interactions) {
    const twin = known.get(one.messageId);
    if (!twin || byTime(one, twin) < 0) known.set(one.messageId, one);
  }
  const isForgotten = letGoAmong(letGo, known.size);
  const kept = [...known.values()].filter((one) => !isForgotten(one.messageId));
  const origin = earlier(originOf(into), originOf(other));
  const joins = mergeJoins(into.joins, other.joins);
  const parted = mergeParted(into.parted, other.parted);
  const contacts = mergeContacts(into.contacts, other.contacts);
  const merged: Memory = {
    id: into.id,
    ...(origin && { origin }),
    joining: into.joining,
    ...(joins.length > 0 && { joins }),
    ...(parted.length > 0 && { parted }),
    ...(into.parting && { parting: into.parting }),
    ...withIds(into, other),
    ...mergeWords(into, other),
    consents: latest(into.consents, other.consents),
    interactions: ordered(kept),
    ...(contacts && { contacts }),
    ...letGo,
  };
  return trim(merged, now, retention);
}

/** The traits as plain values; what was removed is left out. */
export function traitsOf(memory: Memory): JsonObject {
  const present = Object.entries(memory.traits).filter(([, trait]) => trait.value !== null);
  return Object.fromEntries(present.map(([name, trait]) => [name, trait.value]));
}

/** What is remembered of it. */
export function toInteraction({
  event,
  timestamp,
  arrival,
  channel,
  properties,
  messageId,
}: InteractionEvent): RememberedInteraction {
  return { event, timestamp, arrival, channel, properties, messageId };
}

function toTraits({ traits, timestamp, arrival, source, by }: TraitsEvent): Record<string, RememberedTrait> {
  return Object.fromEntries(
    Object.entries(traits).map(([name, value]) => [
      name,
      { value, at: timestamp, arrival, source: by === 'browser' ? browserSource(source) : source },
    ]),
  );
}

function toConsent({ granted, until, timestamp, arrival }: ConsentEvent): RememberedConsent {
  return { granted, until, at: timestamp, arrival };
}

/** Lets go of what is too old or too much, counting it where it goes. */
function trim(whole: Memory, now: Millis, retention: Retention): Memory {
  const memory = withRetainedContacts(whole, now);
  const since = retainedSince(now, retention);
  const { kept, gone } = partRetained(memory.interactions, since, retention.keepInteractions);
  return gone.length === 0
    ? memory
    : { ...memory, interactions: kept, ...letGoOf(memory, memory.id, { interactions: gone }) };
}

function withRetainedContacts(memory: Memory, now: Millis): Memory {
  const { contacts, ...others } = memory;
  const kept = retainedContacts(contacts, now);
  if (kept === contacts) return memory;
  return kept ? { ...others, contacts: kept } : others;
}
