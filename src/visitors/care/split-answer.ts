import { type Millis, iso } from '../../engine/language/millis.js';
import { idsOf } from '../documents/codec.js';
import { countersOf } from '../memory/counters.js';
import { traitsOf, type Memory } from '../memory/memory.js';
import type { PartedMemories } from '../memory/part-memory.js';

/** Two people who were one: first the one who stays under the id that both were kept under. */
export interface SplitAnswer {
  /** Nothing was done: so it would be. */
  readonly dryRun?: true;
  /** When they were parted. */
  readonly at: string;
  readonly people: readonly SplitPerson[];
  /** How many of the retained interactions both have, as the same message came from both before they were joined. */
  readonly inBoth: number;
}

/** What one of the two has. */
export interface SplitPerson {
  /** The id that their memory is kept under. */
  readonly visitorId: string;
  readonly ids: readonly string[];
  /** How many are retained, and how many there ever were. */
  readonly interactions: number;
  readonly interactionsEver: number;
  readonly traits: number;
  /** For how many purposes they said something. */
  readonly consents: number;
}

/** Tells of two who were parted. */
export function tellSplit({ stays, leaves }: PartedMemories, at: Millis, dryRun = false): SplitAnswer {
  const messages = new Set(stays.interactions.map(({ messageId }) => messageId));
  return {
    ...(dryRun && { dryRun }),
    at: iso(at),
    people: [stays, leaves].map(tellPerson),
    inBoth: leaves.interactions.filter(({ messageId }) => messages.has(messageId)).length,
  };
}

function tellPerson(memory: Memory): SplitPerson {
  return {
    visitorId: memory.id,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    interactions: memory.interactions.length,
    interactionsEver: Object.values(countersOf(memory)).reduce((sum, { count }) => sum + count, 0),
    traits: Object.keys(traitsOf(memory)).length,
    consents: Object.keys(memory.consents).length,
  };
}
