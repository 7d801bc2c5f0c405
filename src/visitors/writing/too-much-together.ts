import { type LimitName, over, type Over, traitLengths, type VisitorLimits } from '../memory/limits.js';
import { countersOf } from '../memory/counters.js';
import { type Memory } from '../memory/memory.js';
import type { Person } from './people.js';

/** By what it is judged whether two may be joined. */
export interface Limiting {
  readonly limits: VisitorLimits;
  /** How large the stored document of an id is. */
  readonly bytesOf: (id: string) => number;
}

/** Whose document is smaller than this may be joined with anybody: most devices' are. */
const LIGHT_BYTES = 32 * 1024;

/**
 * Why two persons together would be more than one person may be, and more than either is; undefined where they would
 * not: or many who are each as large as may be would become one who is much larger.
 */
export function tooMuchTogether(a: Person, b: Person, { limits, bytesOf }: Limiting): Over | undefined {
  if (a === b) return undefined;
  const [ofA, ofB, both] = [[a], [b], [a, b]].map((persons) => amountsOf(persons, bytesOf));
  if (!ofA || !ofB || !both) return undefined;
  const isMore = (name: LimitOfPerson) => both[name] > limits[name] && both[name] > Math.max(ofA[name], ofB[name]);
  const areBothHeavy = Math.min(ofA.fullBytes, ofB.fullBytes) > LIGHT_BYTES;
  const exceeded = LIMITS_OF_PERSON.find((name) => isMore(name) && (name !== 'fullBytes' || areBothHeavy));
  if (!exceeded) return undefined;
  const message = `is another's, and together they would have ${both[exceeded]} ${UNITS[exceeded]}`;
  return over(exceeded, 'previousId', `${message}; the limit is ${limits[exceeded]}`);
}

type LimitOfPerson = Exclude<LimitName, 'properties' | 'propertiesLength'>;

const UNITS: Readonly<Record<LimitOfPerson, string>> = {
  ids: 'ids',
  eventNames: 'names of events',
  traits: 'traits',
  traitLength: 'characters of traits',
  consents: 'purposes of consent',
  contactOffers: 'offers that there was a contact with',
  fullBytes: 'bytes of memory',
};
const LIMITS_OF_PERSON = Object.keys(UNITS) as readonly LimitOfPerson[];

function amountsOf(
  persons: readonly Person[],
  bytesOf: (id: string) => number,
): Readonly<Record<LimitOfPerson, number>> {
  const memories = persons.flatMap(({ memory, sources }) => [memory, ...sources.values()]);
  const weights = memories.map(weightOf);
  const traits = new Map(weights.flatMap((weight) => weight.traits));
  return {
    ids: new Set([
      ...persons.flatMap(({ ids, userIds }) => [...ids, ...userIds]),
      ...memories.flatMap(({ anonymousIds, userIds }) => [...anonymousIds, ...userIds]),
    ]).size,
    eventNames: new Set(weights.flatMap((weight) => weight.eventNames)).size,
    traits: traits.size,
    traitLength: [...traits.values()].reduce((total, length) => total + length, 0),
    consents: new Set(weights.flatMap((weight) => weight.consents)).size,
    contactOffers: new Set(weights.flatMap((weight) => weight.contactOffers)).size,
    fullBytes: memories.reduce((total, { id }) => total + bytesOf(id), 0),
  };
}

/** What there is of a memory. */
interface Weight {
  readonly eventNames: readonly string[];
  /** With how long each is. */
  readonly traits: readonly (readonly [string, number])[];
  readonly consents: readonly string[];
  readonly contactOffers: readonly string[];
}

/** A memory never changes, and a round may ask for the same one again and again. */
const weights = new WeakMap<Memory, Weight>();

function weightOf(memory: Memory): Weight {
  const known = weights.get(memory);
  if (known) return known;
  const weight: Weight = {
    eventNames: Object.keys(countersOf(memory)),
    traits: [...traitLengths(memory)],
    consents: Object.keys(memory.consents),
    contactOffers: (memory.contacts?.contacts ?? []).map(({ offer }) => offer),
  };
  weights.set(memory, weight);
  return weight;
}
