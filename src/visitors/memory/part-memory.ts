/** A person parted in two again, and what is noted when two are joined so that they can be. */
import type { Millis } from '../../engine/language/millis.js';
import { contactsOfNone, mergeContacts } from '../contacts/remembered-contacts.js';
import { NOTHING_LET_GO, type LetGo } from './browser-share.js';
import type { Evicted } from './evicted.js';
import { mergeForgotten } from './forgotten.js';
import { isIdOf, withIds } from './ids.js';
import { ordered } from './in-order.js';
import { latest, nameless } from './last-word.js';
import type { MemoryEvent } from './memory-event.js';
import { apartOf, emptyMemory, merge, withSides, type Memory, type Retention } from './memory.js';
import { mergeParted, type Parted } from './parted.js';
import { haveConsent, haveWords } from './retained-sides.js';
import { cut, linkSides, sideOf, type Apart } from './sides.js';
import { mergeWords, type RememberedTrait } from './trait-words.js';

/** Two who were one. */
export interface PartedMemories {
  /** Kept under the id that the one was kept under. */
  readonly stays: Memory;
  readonly leaves: Memory;
}

/** Which side leaves, by one of its ids, and when that is noted. */
interface Leaving {
  readonly id: string;
  readonly at: Millis;
}

/**
 * The person without the side of an id and what was joined to it, and these: each as if they had never been joined, but
 * for what retention let go. Undefined where that side was not joined, or its join can't be undone any more.
 */
export function partMemory(
  memory: Memory,
  { id, at }: Leaving,
  now: Millis,
  retention: Retention,
): PartedMemories | undefined {
  const apart = apartOf(memory);
  const parts = cut(apart, memory.id, id);
  const side = sideOf(apart.sides, id);
  if (!parts || !side) return undefined;
  const home = homeOf(parts.leaves, side.id);
  const note: Parted = { id: home, from: memory.id, at };
  const whole = (part: Apart<Memory>, of: string) => wholeOf(part, of, now, retention);
  const leaves = whole(parts.leaves, home);
  const others = (ids: readonly string[]) => ids.filter((one) => !isIdOf(leaves, one));
  const rest = whole(parts.stays, memory.id);
  const stays = {
    ...withUnclaimed(rest, memory, apart.sides),
    ...withIds(rest, { userIds: others(memory.userIds), anonymousIds: others(memory.anonymousIds) }),
  };
  return { stays: withNotes(stays, memory, note), leaves: withNotes(leaves, memory, note, side) };
}

/** With what the person has and none of the sides, such as counts that an import told of. */
function withUnclaimed(stays: Memory, memory: Memory, sides: readonly Memory[]): Memory {
  const messages = new Set(sides.flatMap(({ interactions }) => interactions.map(({ messageId }) => messageId)));
  const isNew = ({ messageId }: { readonly messageId: string }) => !messages.has(messageId);
  const isUnsaid = ([name, word]: [string, RememberedTrait]) => !haveWords(sides, [[name, word]]);
  const words = (of: Readonly<Record<string, RememberedTrait>> = {}) => ({
    traits: Object.fromEntries(Object.entries(of).filter(isUnsaid)),
  });
  const consents = Object.entries(memory.consents).filter(([purpose, word]) => !haveConsent(sides, purpose, word));
  const browsers = sides.flatMap((side) => side.browsers ?? []);
  const claimed = sides.map((side) => side.contacts);
  const contacts = mergeContacts(stays.contacts, contactsOfNone(memory.contacts, claimed));
  const { id, browsers: ofBrowsers = NOTHING_LET_GO } = stays;
  return {
    ...stays,
    ...mergeWords(mergeWords(stays, words(memory.traits)), words(memory.outranked)),
    consents: latest(stays.consents, Object.fromEntries(consents)),
    interactions: ordered([...stays.interactions, ...memory.interactions.filter(isNew)]),
    ...(contacts && { contacts }),
    ...letGoUnclaimed(id, stays, memory, sides),
    ...(memory.browsers && { browsers: letGoUnclaimed(id, ofBrowsers, memory.browsers, browsers) }),
  };
}

function letGoUnclaimed(id: string, stays: LetGo, whole: LetGo, sides: readonly LetGo[]): LetGo {
  const evicted = Object.assign(nameless<Evicted>(), stays.evicted);
  for (const [event, { counts, first, last }] of Object.entries(whole.evicted)) {
    const claimed = sides.reduce((sum, side) => sum + sumOf(side.evicted[event]?.counts), 0);
    const left = sumOf(counts) - claimed;
    const before = evicted[event] ?? { counts: {}, first, last };
    if (left > 0) evicted[event] = { ...before, counts: { ...before.counts, [id]: (before.counts[id] ?? 0) + left } };
  }
  const known = new Set(sides.flatMap(({ forgotten }) => [...forgotten.hashes]));
  const isUnknown = (hash: number) => !known.has(hash);
  const { hashes, cameAt } = whole.forgotten;
  const unknown = {
    hashes: hashes.filter(isUnknown),
    cameAt: cameAt.filter((_one, at) => isUnknown(hashes[at] ?? NaN)),
  };
  return { evicted, forgotten: mergeForgotten(stays.forgotten, unknown) };
}

function sumOf(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What came to be one in a round: the memory as the documents have it, joined, and its ids that are new to it. */
interface Joining {
  readonly joined: Memory;
  /** What the others were kept under. */
  readonly others: Iterable<string>;
  readonly news: readonly string[];
  readonly events: readonly MemoryEvent[];
}

/** The memory with what is needed to undo the joins that brought it new ids. */
export function keepApart(
  memory: Memory,
  { joined, others, news, events }: Joining,
  now: Millis,
  retention: Retention,
): Memory {
  const { sides, links } = apartOf(joined);
  const strangers = news.filter((id) => !sideOf(sides, id)).map((id) => strangerOf(memory, id));
  const { id: home } = memory;
  const homes = new Set([...others, home]);
  const apart = linkSides({ sides: [...sides, ...strangers], links }, { homes, home, events, now });
  return withSides(memory, apart, now, retention);
}

/** The id of nobody yet. */
function strangerOf({ userIds }: Memory, id: string): Memory {
  return { ...emptyMemory(id), ...(userIds.includes(id) ? { userIds: [id] } : { anonymousIds: [id] }) };
}

/** Whoever is known is kept under a user id, as when they are joined. */
function homeOf({ sides }: Apart<Memory>, id: string): string {
  const userIds = new Set(sides.flatMap((side) => side.userIds));
  if (userIds.has(id)) return id;
  return sides.map((side) => side.id).find((one) => userIds.has(one)) ?? id;
}

function wholeOf(part: Apart<Memory>, home: string, now: Millis, retention: Retention): Memory {
  const isOfPart = (id: string) => sideOf(part.sides, id) !== undefined;
  const apart = { ...part, sides: part.sides.map((side) => withOwnOrigin(side, isOfPart)) };
  const first = sideOf(apart.sides, home) ?? emptyMemory(home);
  const others = apart.sides.filter((side) => side !== first);
  const whole = others.reduce((into, other) => merge(into, other, now, retention), first);
  return withSides(whole, apart, now, retention);
}

/** Whoever was met by a device that is another's now was met by their own id in the same event. */
function withOwnOrigin(side: Memory, isOfPart: (id: string) => boolean): Memory {
  const { id, userIds, origin } = side;
  if (!origin || isOfPart(origin.id)) return side;
  const own = userIds.includes(id) ? id : (userIds[0] ?? id);
  return { ...side, origin: { id: own, at: origin.at, known: userIds.length > 0 } };
}

/** What was noted of the ids of one of them. Of the side that left it is not noted any more that it was joined. */
function withNotes(of: Memory, { joins = [], parted = [] }: Memory, note: Parted, left?: Memory): Memory {
  const isUndone = (id: string) => left !== undefined && isIdOf(left, id);
  const kept = joins.filter(({ id }) => isIdOf(of, id) && id !== of.id && !isUndone(id));
  const before = parted.filter(({ id, from }) => isIdOf(of, id) || isIdOf(of, from));
  return { ...of, ...(kept.length > 0 && { joins: kept }), parted: mergeParted(before, [note]) };
}
