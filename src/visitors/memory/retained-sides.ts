/** What is kept of the sides of a person: nothing that the person does not have, and not for ever. */
import { jsonLength } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import { contactsOfSide, type RememberedContacts } from '../contacts/remembered-contacts.js';
import { letGoOf, type LetGo, type LetGoBySource } from './browser-share.js';
import { MAX_FORGOTTEN, type Forgotten } from './forgotten.js';
import type { Ids } from './ids.js';
import { ordered } from './in-order.js';
import type { Said } from './last-word.js';
import { byTime, fuse, type Apart } from './sides.js';
import type { RememberedTrait, TraitWords } from './trait-words.js';

interface Message {
  readonly messageId: string;
  readonly event: string;
  readonly timestamp: Millis;
  readonly arrival: number;
}

/** What a side is made of, as far as it matters here. */
interface SideMemory extends LetGoBySource, TraitWords, Ids {
  readonly id: string;
  readonly interactions: readonly Message[];
  readonly contacts?: RememberedContacts | undefined;
  readonly consents: Readonly<Record<string, Said>>;
}

/** So many joins can be undone, the latest. */
const MAX_LINKS = 50;
/** So many characters sides may hold beside what their person does; beyond, the oldest join is for good. */
const MAX_BESIDE = 64 * 1024;
/** About what a count of one event takes beside its name. */
const COUNT_LENGTH = 16;

/**
 * The sides as they are kept beside the person they became: joins of before `since`, and those for which there is no
 * room, can't be undone any more; undefined where none can. `both` makes one of two sides, kept under the first one's
 * id.
 */
export function retainedSides<S extends SideMemory>(
  person: S,
  apart: Apart<S>,
  since: Millis,
  both: (a: S, b: S) => S,
): Apart<S> | undefined {
  let [kept, links] = [apart, [...apart.links].sort(byTime)];
  const fuseOldest = () => {
    const [oldest] = links;
    if (oldest) kept = fuse(kept, oldest, person.id, both);
    links = [...kept.links].sort(byTime);
  };
  while (links.length > MAX_LINKS || (links[0]?.at ?? Infinity) < since) fuseOldest();
  const of = retainer(person);
  kept = { ...kept, sides: kept.sides.map(of) };
  while (links.length > 0 && besides(person, kept.sides) > MAX_BESIDE) fuseOldest();
  return kept.sides.length > 1 ? kept : undefined;
}

/** Whether both say the same, at the same time. */
export function isSameWord(a: RememberedTrait | undefined, b: RememberedTrait | undefined): boolean {
  return (
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      a.at === b.at &&
      a.arrival === b.arrival &&
      a.source === b.source &&
      JSON.stringify(a.value) === JSON.stringify(b.value))
  );
}

/** Whether each of these words on traits is one of a side's, and there are any. */
export function haveWords(
  sides: readonly TraitWords[],
  words: readonly (readonly [string, RememberedTrait])[],
): boolean {
  const isOf = (name: string, word: RememberedTrait) =>
    sides.some(({ traits, outranked }) => isSameWord(word, traits[name]) || isSameWord(word, outranked?.[name]));
  return words.length > 0 && words.every(([name, word]) => isOf(name, word));
}

/** Whether a word on a purpose is one of a side's. */
export function haveConsent(sides: readonly Pick<SideMemory, 'consents'>[], purpose: string, word: Said): boolean {
  return sides.some(({ consents }) => JSON.stringify(consents[purpose]) === JSON.stringify(word));
}

/** Lets a side go of what the person let go of. What both told of is what the person has. */
function retainer<S extends SideMemory>(person: S): (side: S) => S {
  const retained = new Map(person.interactions.map((one) => [one.messageId, one]));
  const ofServers = known(person.forgotten);
  const ofBrowsers = known(person.browsers?.forgotten);
  return (side) => {
    const same = side.interactions.map((one) => retained.get(one.messageId));
    const gone = side.interactions.filter((_one, at) => same[at] === undefined);
    const interactions = ordered(same.filter((one) => one !== undefined));
    const contacts = contactsOfSide(side.contacts, person.contacts);
    const { evicted, forgotten, browsers } = gone.length > 0 ? letGoOf(side, side.id, { interactions: gone }) : side;
    return {
      ...side,
      interactions,
      contacts,
      evicted,
      forgotten: ofServers(forgotten),
      ...(browsers && { browsers: { ...browsers, forgotten: ofBrowsers(browsers.forgotten) } }),
    };
  };
}

/** Of what a person has too much of, a side forgets the same. */
function known(forgotten: Forgotten | undefined): (ofSide: Forgotten) => Forgotten {
  if (!forgotten || forgotten.hashes.length < MAX_FORGOTTEN) return (ofSide) => ofSide;
  const hashes = new Set(forgotten.hashes);
  return (ofSide) => {
    const isKnown = (_one: number, at: number) => hashes.has(ofSide.hashes[at] ?? NaN);
    return { hashes: ofSide.hashes.filter(isKnown), cameAt: ofSide.cameAt.filter(isKnown) };
  };
}

/** How long is what the sides hold beside what the person does. */
function besides<S extends SideMemory>(person: S, sides: readonly S[]): number {
  let length = 0;
  for (const side of sides) {
    for (const words of ['traits', 'outranked'] as const)
      for (const [name, word] of Object.entries(side[words] ?? {}))
        if (!isSameWord(word, person.traits[name]) && !isSameWord(word, person.outranked?.[name]))
          length += name.length + jsonLength(word.value);
    for (const { evicted } of [side, side.browsers].filter((one): one is LetGo => one !== undefined))
      for (const name of Object.keys(evicted)) length += name.length + COUNT_LENGTH;
  }
  return length;
}
