/**
 * What must be true of whoever was joined: of whom they were, and what becomes of them when they are parted, in
 * whatever order and whoever dies.
 */
import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert';
import type { Erasure, Erasures } from '../../src/stores/erasures.js';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';
import type { Memory } from '../../src/visitors/memory/memory.js';
import { eventsOfMany } from '../arbitraries/visitor-events.ts';
import { chances, dealt, delivered, delivery } from './delivery.ts';
import type { Visitors } from './product.ts';
import type { Property } from './properties.ts';
import { CRASH, everybody, foundBy, play, type SharedStore, takeTurns, tellUntilStored } from './visitor-processes.ts';

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
        deepStrictEqual(contactsOf(sides), contactsOf([person]));
        deepStrictEqual(person.apart?.links.length ?? 0, sides.length - 1);
      }
    }),
};

/** Splits of somebody by one of their ids; what can't be parted is refused. */
const splits = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 });

const splitsAddUp: Property = {
  name: 'visitors: whoever is parted while others tell of them, and whoever dies, has all of it and none of it twice',
  weight: 1,
  check: ({ visitors }) =>
    fc.asyncProperty(eventsOfMany, delivery, splits, chances, async (events, how, wishes, chance) => {
      const ids = [...new Set(events.flatMap(namesIn))];
      const store = await takeTurns((shared) => {
        const service = new visitors.VisitorsService(shared, ALL);
        const splitter = new visitors.VisitorSplitter(shared, service, ALL);
        const split = async ([of, id]: readonly [number, number]) =>
          splitter
            .split(ids[of % ids.length] ?? '', { id: ids[id % ids.length], dryRun: false })
            .then(ignore, (error: unknown) => {
              // Nobody is there yet, nothing joined them, or the process is dead.
              if (error !== CRASH && !isRefusal(error)) throw error;
            });
        const told = dealt(delivered(events, how)).map((batches) => {
          const found = foundBy(visitors);
          return batches.map(
            (batch) => () => tellUntilStored(visitors, shared, batch, { retention: ALL, found }).then(ignore),
          );
        });
        return [...told, wishes.map((wish) => () => split(wish))];
      }, chance);
      const refused = await tellUntilStored(visitors, store, events, { retention: ALL });
      const people = [...new Set((await everybody(visitors, store, ALL)).values())];
      const happened = events.filter(({ kind }) => kind === 'interaction').map(({ messageId }) => messageId);
      const retained = people.flatMap(({ interactions }) => interactions.map(({ messageId }) => messageId));
      deepStrictEqual([...retained].sort(), [...happened].sort(), `${refused.length} were refused`);
      const listed = people.flatMap(({ userIds, anonymousIds }) => [...userIds, ...anonymousIds]);
      deepStrictEqual(listed.length, new Set(listed).size, 'nobody has an id of another');
      for (const { apart, ...person } of people) {
        const { sides = [person] } = apart ?? {};
        const messages = sides.flatMap(({ interactions }) => interactions.map(({ messageId }) => messageId));
        deepStrictEqual(messages.sort(), person.interactions.map(({ messageId }) => messageId).sort());
      }
    }),
};

const erasureWins: Property = {
  name: 'visitors: whoever is erased while they are parted is gone, and whoever was parted before that is whole',
  // Each takes a tenth of a second, in which an erasure looks twice.
  weight: 10,
  check: ({ visitors }) =>
    fc.asyncProperty(fc.nat(), fc.constantFrom('ann', 'phone', 'bob', 'tablet'), async (seed, erased) => {
      const store = await takeTurns(
        (shared) => {
          const service = new visitors.VisitorsService(shared, ALL);
          const splitter = new visitors.VisitorSplitter(shared, service, ALL);
          const eraser = new visitors.VisitorEraser(besides(shared), new visitors.PersonalRecordsList(), service);
          const parted = () => splitter.split('ann', { id: 'bob', dryRun: false }).then(ignore, ignore);
          return [[parted], [() => eraser.erase(erased)], [parted]];
        },
        {
          seed,
          dying: 0,
          before: (shared) => tellUntilStored(visitors, shared, JOINED, { retention: ALL }).then(ignore),
        },
      );
      const people = await everybody(visitors, store, ALL);
      const sides = { ann: ['ann', 'phone'], bob: ['bob', 'tablet'] };
      for (const [who, ids] of Object.entries(sides)) {
        const found = ids.map((id) => people.get(id)?.interactions.map(({ event }) => event));
        const whole = JOINED.flatMap((event) =>
          event.kind === 'interaction' && ids.includes(event.userId ?? event.anonymousId ?? '') ? event.event : [],
        );
        const isGone = found.every((events) => events === undefined);
        deepStrictEqual(
          isGone || JSON.stringify(found) === JSON.stringify([whole, whole]),
          true,
          `${who} is ${JSON.stringify(found)}`,
        );
        if (ids.includes(erased)) deepStrictEqual(isGone, true, `${who} is still there`);
      }
    }),
};

const happened = (
  event: string,
  userId: string | undefined,
  anonymousId: string | undefined,
  at: number,
): MemoryEvent => ({
  ...{ kind: 'interaction', userId, anonymousId, event, channel: 'web', properties: {}, messageId: event },
  ...{ timestamp: at, arrival: at },
});
/** Two known people, each with a device, who were joined. */
const JOINED: readonly MemoryEvent[] = [
  happened('a1', 'ann', 'phone', 1),
  happened('b1', 'bob', 'tablet', 2),
  { ...happened('join', 'ann', undefined, 3), kind: 'alias', previousId: 'bob', trusted: true },
  happened('a2', undefined, 'phone', 4),
  happened('b2', undefined, 'tablet', 5),
];

/** What an erasure needs besides documents, of which there is nothing here. */
function besides(visitors: SharedStore): ConstructorParameters<Visitors['VisitorEraser']>[0] {
  const noted = new Map<string, Erasure>();
  const erasures: Erasures = {
    note: async (erasure) => void noted.set(erasure.key, erasure),
    unfinished: async () => [...noted.values()],
    end: async (keys) => keys.forEach((key) => noted.delete(key)),
  };
  const nothing = async () => [];
  const housekeeping = {
    ids: async () => ({ ids: [], next: undefined }),
    asides: nothing,
    eraseAsides: async () => {},
    scrub: async () => {},
  };
  return { visitors, housekeeping, erasures };
}

/** All of them. */
export const sideProperties: readonly Property[] = [sidesAddUp, splitsAddUp, erasureWins];

function ignore(): void {}

function isRefusal(error: unknown): boolean {
  const { code = '' } = error as { readonly code?: string };
  return ['SPLIT_REFUSED', 'NOT_FOUND', 'STORE_UNAVAILABLE'].includes(code);
}

function namesIn(event: MemoryEvent): string[] {
  const previousId = event.kind === 'alias' ? event.previousId : undefined;
  return [event.userId, event.anonymousId, previousId].filter((id) => id !== undefined);
}

/** How often each event happened to all of these. */
/** Both sides may tell of the same one. */
function contactsOf(memories: readonly Memory[]): ReadonlySet<string> {
  const all = memories.flatMap(({ contacts }) => [...(contacts?.contacts ?? []), ...(contacts?.goals ?? [])]);
  return new Set(all.map((one) => JSON.stringify(one)));
}

function countsOf({ countersOf }: Visitors, memories: readonly Memory[]): unknown {
  const counts = new Map<string, number>();
  for (const [name, { count }] of memories.flatMap((memory) => Object.entries(countersOf(memory))))
    counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort(byName);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
