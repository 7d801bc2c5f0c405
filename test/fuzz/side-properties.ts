/**
 * What must be true of whoever was joined: of whom they were, and what becomes of them when they are parted, in
 * whatever order and whoever dies.
 */
import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert';
import type { Memory } from '../../src/visitors/memory/memory.js';
import { eventsOfMany } from '../arbitraries/visitor-events.ts';
import { chances, dealt, delivered, delivery } from './delivery.ts';
import type { Visitors } from './product.ts';
import type { Property } from './properties.ts';
import { everybody, play } from './visitor-processes.ts';

/** What comes in at the beginning of time can be undone all the same. */
const splitDays = 36_500;
const FEW = { keepInteractions: 5, keepDays: 10, splitDays };
const ALL = { keepInteractions: 500, keepDays: 0, splitDays };

const sidesAddUp: Property = {
  name: 'visitors: the sides of whoever was joined have together what the person has, and none what another has',
  weight: 1,
  check: ({ visitors }) =>
    fc.asyncProperty(eventsOfMany, delivery, fc.constantFrom(FEW, ALL), chances, async (events, how, keep, chance) => {
      const store = await play(visitors, { processes: dealt(delivered(events, how)), ...chance, retention: keep });
      for (const person of new Set((await everybody(visitors, store, keep)).values())) {
        const { sides = [person] } = person.apart ?? {};
        const ids = sides.flatMap(({ userIds, anonymousIds }) => [...userIds, ...anonymousIds]);
        deepStrictEqual(ids.sort(), [...person.userIds, ...person.anonymousIds].sort());
        const messages = sides.flatMap(({ interactions }) => interactions.map(({ messageId }) => messageId));
        deepStrictEqual(messages.sort(), person.interactions.map(({ messageId }) => messageId).sort());
        deepStrictEqual(countsOf(visitors, sides), countsOf(visitors, [person]));
        deepStrictEqual(person.apart?.links.length ?? 0, sides.length - 1);
      }
    }),
};

/** All of them. */
export const sideProperties: readonly Property[] = [sidesAddUp];

/** How often each event happened to all of these. */
function countsOf({ countersOf }: Visitors, memories: readonly Memory[]): unknown {
  const counts = new Map<string, number>();
  for (const [name, { count }] of memories.flatMap((memory) => Object.entries(countersOf(memory))))
    counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort(byName);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
