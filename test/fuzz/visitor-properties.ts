/**
 * What must be true of memory, whatever happens in whatever order: the laws of `docs/identity.md`. Run shortly by
 * `properties.spec.ts`, long by `run.ts` (`npm run fuzz -- --only visitors --runs 10000`).
 */
import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';
import type { Memory, Retention } from '../../src/visitors/memory/memory.js';
import { contradictions, eventsOfMany, eventsOfOne, NOW } from '../arbitraries/visitor-events.ts';
import { keptEvents } from './kept-events.ts';
import type { Visitors } from './product.ts';
import type { Property } from './properties.ts';
import { sideProperties } from './side-properties.ts';
import { chances, dealt, delivered, delivery } from './delivery.ts';
import { detours, everybody, play, tellAll } from './visitor-processes.ts';

const FEW: Retention = { keepInteractions: 5, keepDays: 10 };
const ALL: Retention = { keepInteractions: 500, keepDays: 0 };
/** What comes in at the beginning of time can be undone all the same. */
const splitDays = 36_500;
const retention = fc.constantFrom(FEW, ALL, { ...FEW, splitDays }, { ...ALL, splitDays });

const orderOfOne: Property = {
  name: 'visitors: any order and any batches of the same events, some of them twice, give the same memory',
  weight: 1,
  check: ({ visitors }) =>
    fc.property(eventsOfOne, delivery, retention, (events, how, keep) => {
      deepStrictEqual(plain(fold(visitors, delivered(events, how), keep)), plain(fold(visitors, [events], keep)));
    }),
};

const idempotence: Property = {
  name: 'visitors: events that come again change nothing, and are reported as known',
  weight: 1,
  check: ({ visitors }) =>
    fc.property(eventsOfOne, delivery, retention, (events, how, keep) => {
      const once = fold(visitors, [events], keep);
      for (const batch of delivered(events, how)) {
        const { memory, duplicates } = visitors.apply(once, batch, NOW, keep);
        deepStrictEqual(plain(memory), plain(once));
        deepStrictEqual(duplicates.size, batch.length);
      }
    }),
};

const mergeLaws: Property = {
  name:
    'visitors: memories merged in any order, grouped in any way, some of them again, ' +
    'tell what one memory of all would',
  weight: 1,
  check: ({ visitors }) =>
    fc.property(
      eventsOfOne,
      fc.array(fc.nat({ max: 3 }), { minLength: 30, maxLength: 30 }),
      fc.array(fc.nat(), { minLength: 6, maxLength: 12 }),
      retention,
      (events, owners, picks, keep) => {
        const parts = [0, 1, 2, 3].map((owner) =>
          fold(visitors, [events.filter((_event, index) => owners[index] === owner)], keep, `v${owner}`),
        );
        deepStrictEqual(
          visible(visitors, mergedInTurn(visitors, parts, picks, keep)),
          visible(visitors, fold(visitors, [events], keep)),
        );
      },
    ),
};

const mergeOverlaps: Property = {
  name: 'visitors: memories that have retained the same events merge into one that has each once',
  weight: 1,
  check: ({ visitors }) =>
    fc.property(
      eventsOfOne,
      fc.array(fc.nat({ max: 15 }), { minLength: 30, maxLength: 30 }),
      fc.array(fc.nat(), { minLength: 6, maxLength: 12 }),
      (events, owners, picks) => {
        const parts = [0, 1, 2, 3].map((owner) =>
          fold(
            visitors,
            [events.filter((_event, index) => ((owners[index] ?? 0) >> owner) % 2 === 1)],
            ALL,
            `v${owner}`,
          ),
        );
        const inAny = events.filter((_event, index) => owners[index] !== 0);
        deepStrictEqual(
          visible(visitors, mergedInTurn(visitors, parts, picks, ALL)),
          visible(visitors, fold(visitors, [inAny], ALL)),
        );
      },
    ),
};

const orderOfMany: Property = {
  name:
    'visitors: any order and any batches of events, logins and aliases that do not contradict each ' +
    'other give the same people',
  weight: 1,
  check: ({ visitors }) =>
    fc.asyncProperty(eventsOfMany, delivery, retention, async (events, how, keep) => {
      deepStrictEqual(
        peopleIn(visitors, await everybody(visitors, await tellAll(visitors, delivered(events, how), keep), keep)),
        expectedPeople(visitors, events, keep),
      );
    }),
};

const processesAgree: Property = {
  name: 'visitors: processes that write at the same time and die at any point leave the same people as one alone',
  weight: 1,
  check: ({ visitors }) =>
    fc.asyncProperty(eventsOfMany, delivery, retention, chances, async (events, how, keep, chance) => {
      const store = await play(visitors, { processes: dealt(delivered(events, how)), ...chance, retention: keep });
      deepStrictEqual(
        peopleIn(visitors, await everybody(visitors, store, keep)),
        expectedPeople(visitors, events, keep),
      );
      if (chance.dying === 0) deepStrictEqual(detours(visitors, store), []);
    }),
};

const noWrongMerge: Property = {
  name:
    'visitors: where events contradict each other nothing is lost or doubled, ' +
    'and known people are joined by trusted aliases only',
  weight: 1,
  check: ({ visitors }) =>
    fc.asyncProperty(contradictions, delivery, retention, chances, async (events, how, keep, chance) => {
      const store = await play(visitors, { processes: dealt(delivered(events, how)), ...chance, retention: keep });
      const people = [...new Set((await everybody(visitors, store, keep)).values())];
      const counted = people
        .flatMap((memory) => Object.values(visitors.countersOf(memory)))
        .reduce((sum, { count }) => sum + count, 0);
      deepStrictEqual(counted, events.filter(({ kind }) => kind === 'interaction').length);
      const retained = people.flatMap(({ interactions }) => interactions.map(({ messageId }) => messageId));
      deepStrictEqual(new Set(retained).size, retained.length);
      const trusted = components(events.filter((event) => event.kind === 'alias' && event.trusted));
      for (const { userIds } of people)
        deepStrictEqual(
          new Set(userIds.map((id) => trusted.get(id) ?? id)).size <= 1,
          true,
          `${userIds.join(', ')} are one person`,
        );
    }),
};

/** All of them. */
export const visitorProperties: readonly Property[] = [
  orderOfOne,
  idempotence,
  mergeLaws,
  mergeOverlaps,
  orderOfMany,
  processesAgree,
  noWrongMerge,
  ...sideProperties,
  keptEvents,
];

function fold(
  { apply, emptyMemory }: Visitors,
  batches: readonly (readonly MemoryEvent[])[],
  keep: Retention,
  id = 'v',
): Memory {
  return batches.reduce((memory, batch) => apply(memory, batch, NOW, keep).memory, emptyMemory(id));
}

/** Merges two of them at a time, as the picks say, keeping both for later; in the end everything into everything. */
function mergedInTurn(
  { merge }: Visitors,
  parts: readonly Memory[],
  picks: readonly number[],
  keep: Retention,
): Memory {
  const whole = [...parts];
  for (let at = 0; at + 1 < picks.length; at += 2) {
    const [into = 0, other = 0] = [(picks[at] ?? 0) % whole.length, (picks[at + 1] ?? 0) % parts.length];
    const [a, b] = [whole[into], parts[other]];
    if (a && b) whole[into] = merge(a, b, NOW, keep);
  }
  const start = (picks[0] ?? 0) % parts.length;
  const rest = [...parts.slice(start), ...parts.slice(0, start)];
  return rest.reduce(
    (into, part) => merge(into, part, NOW, keep),
    whole[(picks[1] ?? 0) % whole.length] ?? rest[0] ?? (whole[0] as Memory),
  );
}

function plain(memory: Memory): unknown {
  const { traits, consents, evicted, ...rest } = memory;
  return {
    ...rest,
    traits: { ...traits },
    consents: { ...consents },
    evicted: Object.entries(evicted).sort(byName),
  };
}

/** What other rooms see of a person. */
function visible({ traitsOf, countersOf }: Visitors, memory: Memory): unknown {
  const { interactions, traits, consents, contacts } = memory;
  const sorted = (record: object) => Object.entries(record).sort(byName);
  return {
    interactions,
    contacts,
    shown: sorted(traitsOf(memory)),
    traits: sorted(traits),
    consents: sorted(consents),
    counters: sorted(countersOf(memory)),
  };
}

function peopleIn(visitors: Visitors, everyone: ReadonlyMap<string, Memory>): unknown {
  const people = [...new Set(everyone.values())].map((memory) => {
    const ids = [...everyone].flatMap(([id, one]) => (one === memory ? [id] : []));
    return {
      ids: ids.sort(),
      userIds: memory.userIds,
      anonymousIds: memory.anonymousIds,
      ...(visible(visitors, memory) as object),
    };
  });
  return people.sort((a, b) => (String(a.ids) < String(b.ids) ? -1 : 1));
}

/** Whoever is named together by an event is one person, and all that was said of them is in one memory. */
function expectedPeople(visitors: Visitors, events: readonly MemoryEvent[], keep: Retention): unknown {
  const owner = components(events);
  const byOwner = Map.groupBy(events, (event) => owner.get(namesIn(event)[0] ?? ''));
  const people = [...byOwner.values()].map((theirs) => {
    const ids = [...new Set(theirs.flatMap(namesIn))].sort();
    const userIds = ids.filter((id) => theirs.some((event) => event.userId === id));
    return {
      ids,
      userIds,
      anonymousIds: ids.filter((id) => !userIds.includes(id)),
      ...(visible(visitors, fold(visitors, [theirs], keep)) as object),
    };
  });
  return people.sort((a, b) => (String(a.ids) < String(b.ids) ? -1 : 1));
}

function components(events: readonly MemoryEvent[]): Map<string, string> {
  const owner = new Map<string, string>();
  for (const event of events) {
    const names = namesIn(event);
    const owners = names.map((id) => owner.get(id) ?? id);
    const [first = ''] = owners;
    for (const id of names) owner.set(id, owner.get(id) ?? id);
    for (const [id, of] of owner) if (owners.includes(of)) owner.set(id, first);
  }
  return owner;
}

function namesIn(event: MemoryEvent): string[] {
  return [event.userId, event.anonymousId, event.kind === 'alias' ? event.previousId : undefined].filter(
    (id) => id !== undefined,
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
