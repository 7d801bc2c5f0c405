/** People at random, the same for the same seed: what they do under several ids, in the order in which it happens. */
import { seeded } from '../../bench/random.ts';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';

/** A day in milliseconds, long ago: nothing here looks at the clock. */
const START = Date.parse('2026-01-01T00:00:00Z');
const EVENTS_PER_PERSON = 30;

/** What so many people do. Each has up to three devices; one in three has two accounts, which a trusted alias joins. */
export function randomPeople(people: number, seed: number): MemoryEvent[] {
  const random = seeded(seed);
  const events = Array.from({ length: people }, (_, person) =>
    Array.from({ length: EVENTS_PER_PERSON }, (_unused, place) => draft(person, place, random)),
  ).flat();
  return shuffled(events, random).map(
    (event, index) =>
      ({
        ...event,
        messageId: `m-${index}`,
        timestamp: START + Math.floor(random() * 1_000) * 60_000,
        arrival: index,
      }) as MemoryEvent,
  );
}

/** Every id that the people are known by. */
export function idsOf(events: readonly MemoryEvent[]): string[] {
  return [
    ...new Set(
      events
        .flatMap((event) => [event.userId, event.anonymousId, event.kind === 'alias' ? event.previousId : undefined])
        .filter((id) => id !== undefined),
    ),
  ].sort();
}

/** One in five comes twice, and what comes next to each other may be in any order. */
export function reordered<T>(list: readonly T[], random: () => number): T[] {
  const some = list.filter(() => random() < 0.2);
  return shuffled([...list, ...some], random);
}

/** In batches of up to twenty. */
export function batched<T>(list: readonly T[], random: () => number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < list.length;) {
    const size = 1 + Math.floor(random() * 20);
    batches.push(list.slice(at, at + size));
    at += size;
  }
  return batches;
}

function draft(person: number, place: number, random: () => number): object {
  const pick = (...some: string[]) => some[Math.floor(random() * some.length)] ?? '';
  const users = person % 3 === 0 ? [`user-${person}`, `account-${person}`] : [`user-${person}`];
  const device = () => pick(`phone-${person}`, `tablet-${person}`, `desktop-${person}`);
  if (place === 0 && users[1] !== undefined)
    return { kind: 'alias', userId: users[0], anonymousId: undefined, previousId: users[1], trusted: true };
  const who = pick('user', 'device', 'both');
  const ids = {
    userId: who === 'device' ? undefined : pick(...users),
    anonymousId: who === 'user' ? undefined : device(),
  };
  const what = random();
  if (what < 0.1)
    return { ...ids, kind: 'alias', previousId: random() < 0.7 ? device() : pick(...users), trusted: false };
  if (what < 0.25)
    return { ...ids, kind: 'traits', source: 'identify', traits: { [pick('plan', 'city')]: pick('a', 'b', 'c') } };
  if (what < 0.35)
    return { ...ids, kind: 'consent', purpose: pick('email', 'ads'), granted: random() < 0.5, until: undefined };
  return {
    ...ids,
    kind: 'interaction',
    event: pick('Viewed', 'Added', 'Bought'),
    channel: 'web',
    properties: { place },
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((one) => ({ one, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
