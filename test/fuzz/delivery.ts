/** How events come in, and who takes them in. */
import fc from 'fast-check';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';

/** How a list of events comes in: in which order, how many at a time, and which of them again at the end. */
export const delivery = fc.record({
  ranks: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  batch: fc.integer({ min: 1, max: 8 }),
  again: fc.nat({ max: 10 }),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

/** Whose turn it is, and how likely they die at it. */
export const chances = fc.record({ seed: fc.nat(), dying: fc.constantFrom(0, 0.03) });

/** The events in batches, in their order, some of them again. */
export function delivered(events: readonly MemoryEvent[], { ranks, batch, again }: Delivery): MemoryEvent[][] {
  const shuffled = events
    .map((event, index) => ({ event, rank: ranks[index] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ event }) => event);
  const all = [...shuffled, ...shuffled.slice(0, again)];
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, index) =>
    all.slice(index * batch, (index + 1) * batch),
  );
}

/** What each of three processes gets. */
export function dealt<T>(list: readonly T[]): T[][] {
  return [0, 1, 2].map((process) => list.filter((_one, index) => index % 3 === process));
}
