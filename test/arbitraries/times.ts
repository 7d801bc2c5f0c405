/**
 * Rules with operators on time, and facts for them: days and times in several spellings near to now, and what is none.
 * Nothing of the product is imported but types.
 */
import fc from 'fast-check';
import type { Comparison, Condition } from '../../src/engine/language/condition-definition.js';
import type { Json } from '../../src/engine/language/json.js';
import { namedConditions, rootCondition, rulesOf, TIME_OPERATORS, type RuleSet } from './rules.ts';

/**
 * Zones, and when clocks are set there: forward and back by an hour or half of one, at midnight too, and once over a
 * whole day. In two of them never.
 */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  UTC: [],
  'Asia/Kathmandu': [],
  'Europe/Berlin': ['2026-10-25T01:00Z', '2026-03-29T01:00Z'],
  'America/New_York': ['2026-11-01T06:00Z', '2026-03-08T07:00Z'],
  'America/Santiago': ['2026-09-06T04:00Z', '2026-04-05T03:00Z'],
  'Australia/Lord_Howe': ['2026-10-03T15:30Z', '2026-04-04T15:00Z'],
  'Pacific/Auckland': ['2026-09-26T14:00Z', '2026-04-04T14:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z'],
};
const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000];
/** Where a year, a month, a week and a leap day end, and a day like any other. */
const ANYWHERE = ['2026-12-31T23:59:59.999Z', '2026-11-30T22:00Z', '2026-11-22T23:30Z', '2028-02-29T12:00Z'];

/** What clocks show to whom. */
export interface Clock {
  /** In milliseconds. */
  readonly now: number;
  readonly timeZone: string;
}

/** Mostly a few hours from when clocks are set, as that is where readings differ. */
const clock: fc.Arbitrary<Clock> = fc.constantFrom(...Object.entries(CHANGES)).chain(([timeZone, changes]) => {
  const moments = [...changes, ...changes, ...ANYWHERE].map((text) => Date.parse(text));
  const hours = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -30, max: 30 }));
  const more = fc.constantFrom(0, 1, -1, HOUR / 2, HOUR / 4);
  return fc
    .tuple(fc.constantFrom(...moments), hours, more)
    .map(([at, far, rest]) => ({ now: at + far * HOUR + rest, timeZone }));
});

/** How a moment may be written: as a day, a time with a zone or without, or a number. */
const SPELLINGS: readonly ((at: number) => Json)[] = [
  (at) => iso(at).slice(0, 10),
  (at) => iso(at).slice(0, 10),
  (at) => iso(at),
  (at) => iso(at).slice(0, 16),
  (at) => iso(at).slice(0, 19).replace('T', ' '),
  (at) => `${iso(at + 2 * HOUR).slice(0, 19)}+02:00`,
  (at) => ` ${iso(at - 3.5 * HOUR).slice(0, 16)}-03:30 `,
  (at) => Math.floor(at / SECOND),
  (at) => at,
  (at) => String(at),
];
const NO_DATES = ['', 'soon', '20.11.2026', '2025-02-29', '2026-13-01', '2026-11-21T25:00', 'now', 'today', '7'];
const NO_TIMES: readonly Json[] = [...NO_DATES, 7, -1, 0.5, 43_739, true, false, null];

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Moments lie near to each other, or nearly all would be before or after. */
const OFFSETS = [0, 1, -1, SECOND, HOUR, -HOUR, DAY, -DAY, DAY - 1, -7 * DAY, 7 * DAY, 30 * DAY, -30 * DAY, 365 * DAY];

function written(now: number): fc.Arbitrary<Json> {
  const near = fc
    .tuple(fc.constantFrom(...OFFSETS), fc.integer({ min: -26, max: 26 }))
    .map(([offset, hours]) => now + offset + hours * HOUR);
  const at = fc.oneof(
    near,
    fc.constantFrom(...OFFSETS).map((offset) => now + offset),
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(at, fc.constantFrom(...SPELLINGS)).map(([one, spell]) => spell(one)) },
    { weight: 1, arbitrary: fc.constantFrom<Json>(...NO_TIMES) },
  );
}

const duration = fc
  .tuple(fc.constantFrom(1, 2, 7, 24, 30, 48, 365), fc.constantFrom('s', 'm', 'h', 'd', 'w'))
  .map(([count, unit]) => `${count}${unit}`);
const window = fc.oneof(
  fc.constantFrom('today', 'yesterday', 'tomorrow'),
  fc
    .tuple(fc.constantFrom('this', 'last', 'next'), fc.constantFrom('week', 'month', 'year'))
    .map((words) => words.join(' ')),
);
const reckoned = fc
  .tuple(fc.constantFrom('now', 'today'), fc.constantFrom('', '+', '-', ' + '), duration)
  .map(([from, sign, far]) => (sign === '' ? from : `${from}${sign}${far}`));
const NO_VALUES = ['', '0d', '1.5h', '1y', 'this day', 'now+', 'now + 1d + 1d', 'today-1h', 7, null, true] as const;

/** What an operator compares with, mostly of the kind it takes. */
function valueFor(operator: string, now: number): fc.Arbitrary<Json> {
  const fitting: fc.Arbitrary<Json> =
    operator === 'during' ? window : operator.startsWith('within') ? duration : fc.oneof(reckoned, written(now));
  return fc.oneof(
    { weight: 10, arbitrary: fitting },
    {
      weight: 1,
      arbitrary: fc.oneof<fc.Arbitrary<Json>[]>(duration, window, reckoned, fc.constantFrom<Json>(...NO_VALUES)),
    },
  );
}

/** The decorators that go with them. */
const DECORATORS = ['someFact', 'everyFact', 'someValue', 'everyValue', 'not'] as const;

function timeComparison(now: number): fc.Arbitrary<Comparison> {
  const names = fc.tuple(
    fc.array(fc.constantFrom(...DECORATORS), { maxLength: 3 }),
    fc.constantFrom(...TIME_OPERATORS),
  );
  return names.chain(([decorators, operator]) => {
    // A list in a list for each decorator that goes through one.
    const value = decorators
      .filter((name) => name.endsWith('Value'))
      .reduce<fc.Arbitrary<Json>>((one) => fc.array(one, { maxLength: 3 }), valueFor(operator, now));
    return fc.tuple(asked(decorators), value).map(([reference, what]) => ({
      ...reference,
      operator: [...decorators, operator].join(':'),
      value: what,
    }));
  });
}

/** A list where the operator goes through one, mostly. */
function asked(decorators: readonly string[]): fc.Arbitrary<Pick<Comparison, 'fact' | 'path'>> {
  const single = [{ fact: 'when' }, { fact: 'person', path: '$.endsOn' }];
  const lists = [{ fact: 'days' }, { fact: 'person', path: '$.contracts[*].endsOn' }];
  const isMany = decorators.some((name) => name.endsWith('Fact'));
  const [often, rarely] = isMany ? [lists, single] : [single, lists];
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...often) },
    { weight: 1, arbitrary: fc.constantFrom(...rarely, { fact: 'missing' }) },
  );
}

/** Beside them something that an index finds. */
const plainComparison: fc.Arbitrary<Comparison> = fc.record(
  {
    fact: fc.constant('age'),
    operator: fc.constantFrom('equal', 'greaterThan'),
    value: fc.integer({ min: 0, max: 3 }),
  },
  { noNullPrototype: true },
);

/** A person at a moment in a zone. */
export interface PersonInTime extends Clock {
  readonly facts: Readonly<Record<string, Json>>;
}

/** An operator, its value, the clock that it is seen by, and facts at any time and at the ends of what it means. */
export const timedOperator = clock.chain((seen) =>
  fc.constantFrom(...TIME_OPERATORS).chain((operator) =>
    fc.record({
      ...{ operator: fc.constant(operator), value: valueFor(operator, seen.now), clock: fc.constant(seen) },
      facts: fc.array(written(seen.now), { maxLength: 3 }),
      /** From which end, and how it is written. */
      ends: fc.array(fc.tuple(fc.constantFrom(0, 1, -1, DAY, -DAY), fc.constantFrom(...SPELLINGS)), { maxLength: 4 }),
    }),
  ),
);

/** Rules, and people whom they may hold of. */
export const timedRules: fc.Arbitrary<{ readonly set: RuleSet; readonly people: readonly PersonInTime[] }> =
  clock.chain((seen) => {
    const leaf: fc.Arbitrary<Condition> = fc.oneof(
      { weight: 6, arbitrary: timeComparison(seen.now) },
      { weight: 1, arbitrary: plainComparison },
    );
    const set = fc.record({
      rules: rulesOf(rootCondition(['s1', 's2', 's3'], leaf), { minLength: 1, maxLength: 8 }),
      segments: namedConditions(leaf),
    });
    return fc.record({ set, people: fc.array(personSeen(seen), { minLength: 1, maxLength: 3 }) });
  });

function personSeen({ now, timeZone }: Clock): fc.Arbitrary<PersonInTime> {
  const one = written(now);
  const contract = fc.record({ endsOn: one }, { requiredKeys: [], noNullPrototype: true });
  const facts = fc.record(
    {
      when: one,
      days: fc.oneof({ weight: 6, arbitrary: fc.array(one, { maxLength: 3 }) }, { weight: 1, arbitrary: one }),
      person: fc.record({ endsOn: one, contracts: fc.array(contract, { maxLength: 3 }) }, { noNullPrototype: true }),
      age: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<Record<string, Json>>;
  return fc
    .tuple(fc.constantFrom(0, 1, -1, HOUR, DAY), facts)
    .map(([later, known]) => ({ now: now + later, timeZone, facts: known }));
}
