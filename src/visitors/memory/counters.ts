/** How often each event happened to a person, told from what is kept of their events. */
import type { Interaction } from '../../engine/visitor/interaction.js';
import type { Counter } from '../../engine/visitor/visitor.js';
import type { LetGoBySource } from './browser-share.js';
import { nameless } from './last-word.js';

/** How often each event happened, what is no longer retained included. */
export function countersOf(
  memory: LetGoBySource & { readonly interactions: readonly Pick<Interaction, 'event' | 'timestamp'>[] },
): Record<string, Counter> {
  const counters = nameless<Counter>();
  for (const { evicted } of [memory, ...(memory.browsers ? [memory.browsers] : [])])
    for (const [event, { counts, first, last }] of Object.entries(evicted)) {
      const before = counters[event] ?? { count: 0, first, last };
      counters[event] = {
        count: Object.values(counts).reduce((sum, one) => sum + one, before.count),
        first: Math.min(before.first, first),
        last: Math.max(before.last, last),
      };
    }
  return countAll(counters, memory.interactions);
}

/** How many counters {@link countersOf} tells of at most, without a look at what happened. */
export function countersAtMost({
  evicted,
  browsers,
  interactions,
}: LetGoBySource & { readonly interactions: readonly unknown[] }): number {
  return [evicted, browsers?.evicted ?? {}].reduce((sum, one) => sum + Object.keys(one).length, interactions.length);
}

/** Counters with these interactions counted too. */
export function countAll(
  counters: Readonly<Record<string, Counter>>,
  interactions: readonly Pick<Interaction, 'event' | 'timestamp'>[],
): Record<string, Counter> {
  const counted = Object.assign(nameless<Counter>(), counters);
  for (const { event, timestamp } of interactions) {
    const before = counted[event] ?? { count: 0, first: timestamp, last: timestamp };
    counted[event] = {
      count: before.count + 1,
      first: Math.min(before.first, timestamp),
      last: Math.max(before.last, timestamp),
    };
  }
  return counted;
}
