/**
 * What is accepted is kept: many events of few people, far more than are retained, of all dates and in any order, in
 * requests of any size, some of them again. Each counts once, none that is new is called known, and one that comes
 * again is.
 */
import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert';
import { seeded } from '../../bench/random.ts';
import type { InteractionEvent } from '../../src/visitors/memory/memory-event.js';
import type { Memory } from '../../src/visitors/memory/memory.js';
import type { Visitors } from './product.ts';
import type { Property } from './properties.ts';

const DAY = 86_400_000;
const NOW = 20_000 * DAY;
const PEOPLE = 10;
const KEEP = { keepInteractions: 500, keepDays: 90 };
const LARGEST_REQUEST = 2_500;
/** Of the 10,000 that are known again all but those of the same millisecond as the oldest, which go in no order. */
const KNOWN_AGAIN = 9_000;

/** When events say that they happened, by their number of all. */
const DATES: Readonly<Record<string, (number: number, total: number, random: () => number) => number>> = {
  now: () => NOW,
  'one day, long ago': () => NOW - 400 * DAY,
  'oldest first': (number, total) => NOW - (total - number) * 1_000,
  'newest first': (number) => NOW - number * 1_000,
  any: (_number, _total, random) => NOW - Math.floor(random() * 200 * DAY),
  'few days': (_number, _total, random) => NOW - Math.floor(random() * 200) * DAY,
};

const life = (size: fc.Arbitrary<number>) =>
  fc.record({
    seed: fc.nat(),
    size,
    dates: fc.constantFrom(...Object.keys(DATES)),
    largest: fc.constantFrom(1, 10, 500, LARGEST_REQUEST),
  });

const claim = 'each of many events counts once, none that is new is called known, all that come again are';

/** For every run of the tests. */
export const keptEvents: Property = {
  name: `visitors: ${claim}`,
  weight: 40,
  check: ({ visitors }) => fc.property(life(fc.nat({ max: 20_000 })), (one) => live(visitors, one)),
};

/** For long searches: ten seconds for a run. */
export const millionEvents: Property = {
  name: `visitors: of a million, ${claim}`,
  weight: 1_000,
  check: ({ visitors }) =>
    fc.property(life(fc.constant(1_000_000)), (one) => live(visitors, { ...one, largest: LARGEST_REQUEST })),
};

type Life = ReturnType<typeof life> extends fc.Arbitrary<infer T> ? T : never;

function live(visitors: Visitors, { seed, size, dates, largest }: Life): void {
  const random = seeded(seed);
  const people = Array.from({ length: PEOPLE }, (_, at) => new Person(visitors, `p${at}`));
  for (let sent = 0; sent < size;) {
    const person = people[Math.floor(random() * PEOPLE)] as Person;
    const request: InteractionEvent[] = [];
    const length = Math.min(size - sent, 1 + Math.floor(random() * largest));
    const again = new Set<number>();
    for (let at = 0; at < length; at++) {
      const known = random() < 0.2 ? person.anyKnown(random) : undefined;
      if (known) again.add(at);
      const timestamp = DATES[dates]?.(sent + at, size, random) ?? NOW;
      request.push(known ?? person.fresh(sent + at, timestamp));
    }
    person.take(request, again);
    sent += length;
  }
  for (const person of people) person.check();
}

class Person {
  private memory: Memory;
  private readonly taken: InteractionEvent[] = [];

  private readonly visitors: Visitors;
  private readonly id: string;

  constructor(visitors: Visitors, id: string) {
    [this.visitors, this.id] = [visitors, id];
    this.memory = visitors.emptyMemory(id);
  }

  fresh(number: number, timestamp: number): InteractionEvent {
    const event: InteractionEvent = {
      kind: 'interaction',
      messageId: `${this.id}-${number}`,
      event: number % 2 ? 'Odd' : 'Even',
      channel: 'web',
      properties: {},
      userId: undefined,
      anonymousId: this.id,
      timestamp,
      arrival: NOW * 1_000 + number,
    };
    this.taken.push(event);
    return event;
  }

  /** One that was sent not too long ago, perhaps in the request that is just being made. */
  anyKnown(random: () => number): InteractionEvent | undefined {
    return this.taken.at(-1 - Math.floor(random() * Math.min(this.taken.length, KNOWN_AGAIN)));
  }

  take(request: readonly InteractionEvent[], again: ReadonlySet<number>): void {
    const { memory, duplicates, notRetained } = this.visitors.apply(this.memory, request, NOW, KEEP);
    deepStrictEqual(duplicates, again);
    const retained = new Set(memory.interactions.map(({ messageId }) => messageId));
    for (const [at, { messageId }] of request.entries())
      if (!again.has(at)) deepStrictEqual(notRetained.has(at), !retained.has(messageId));
    this.memory = memory;
  }

  check(): void {
    const counters = this.visitors.countersOf(this.memory);
    for (const name of ['Odd', 'Even']) {
      const times = this.taken.filter(({ event }) => event === name).map(({ timestamp }) => timestamp);
      const [first, last] = [
        times.reduce((a, b) => Math.min(a, b), Infinity),
        times.reduce((a, b) => Math.max(a, b), 0),
      ];
      deepStrictEqual(counters[name], times.length === 0 ? undefined : { count: times.length, first, last });
    }
    const most = Math.min(KEEP.keepInteractions, this.taken.filter(({ timestamp }) => isRetained(timestamp)).length);
    deepStrictEqual(this.memory.interactions.length, most);
  }
}

function isRetained(timestamp: number): boolean {
  return timestamp >= NOW - KEEP.keepDays * DAY;
}
