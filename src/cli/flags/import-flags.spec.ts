import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GrowthBook } from '@growthbook/growthbook';
import { FlagdCore } from '@openfeature/flagd-core';
import { LogicEngine } from 'json-logic-engine';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { decide } from '../../engine/decide.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { visitorView } from '../../engine/visitor/visitor.js';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { importFlags } from './import-flags.js';

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'usher-flags-'));
  dir = join(root, 'rules');
});
afterEach(() => rmSync(root, { recursive: true }));

function run(from: string, content: unknown, more: { dryRun?: boolean; json?: boolean } = {}) {
  const file = join(root, 'premium-only.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const printed: string[] = [];
  const code = importFlags(file, { from, dir, ...more }, (text) => printed.push(stripVTControlCharacters(text)));
  return { code, printed: printed.join('\n') };
}

/** What the written rules serve for a flag: its value, or undefined for nothing. */
function served(flag: string, context: JsonObject, visitorId = 'u-1'): Json | undefined {
  const { rulebook, problems } = loadRulebook(dir);
  expect(problems).toEqual([]);
  if (!rulebook) throw new Error('no rulebook');
  const visitor = visitorView({ visitorId });
  const request = { placements: [{ id: flag }], context };
  const [decision] = decide({ request, visitor, rulebook, now: Date.parse('2026-11-30T10:00:00Z') });
  return decision?.items[0]?.content['value'];
}

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const FLAGD = {
  $evaluators: {
    isStaff: { or: [{ ends_with: [{ var: 'email' }, '@example.com'] }, { '==': [{ var: 'role' }, 'staff'] }] },
  },
  flags: {
    'new-checkout': {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        if: [
          { $ref: 'isStaff' },
          'on',
          { and: [{ in: [{ var: 'country' }, ['BE', 'NL']] }, { '>=': [{ var: 'age' }, 18] }] },
          'on',
          null,
        ],
      },
    },
    headerColour: {
      state: 'ENABLED',
      variants: { red: '#c00', blue: '#00c', grey: '{{ grey }}' },
      defaultVariant: 'grey',
      targeting: {
        if: [
          { sem_ver: [{ var: 'app.version' }, '>=', '2.1.0'] },
          {
            if: [
              { starts_with: [{ var: 'plan' }, 'pro'] },
              'red',
              { '!': [{ in: ['beta', { var: 'tags' }] }] },
              'grey',
              'blue',
            ],
          },
          { sem_ver: [{ var: 'app.version' }, '^', '1.4.0'] },
          'blue',
        ],
      },
    },
    limits: {
      state: 'ENABLED',
      variants: { small: { rows: 10, sizes: ['s'] }, large: { rows: 1000, sizes: ['s', 'l'] } },
      defaultVariant: 'small',
      targeting: { if: [{ '<': [1, { var: 'seats' }, 50] }, 'small', { '>=': [{ var: 'seats' }, 50] }, 'large'] },
    },
    beta: {
      state: 'ENABLED',
      variants: { true: true, false: false },
      defaultVariant: 'false',
      targeting: { and: [{ '!=': [{ var: 'plan' }, 'free'] }, { '===': [{ var: 'country' }, 'BE'] }] },
    },
    plain: { state: 'ENABLED', variants: { a: 1, b: 2 }, defaultVariant: 'b' },
  },
};

const CONTEXTS: readonly JsonObject[] = [
  {},
  { email: 'a@example.com' },
  { email: 'a@example.org', role: 'staff' },
  { country: 'BE', age: 18 },
  { country: 'BE', age: 17 },
  { country: 'FR', age: 40, plan: 'free' },
  { country: 'BE', plan: 'pro-2', age: 30, seats: 50 },
  { country: 'NL', age: '21', seats: 10 },
  { app: { version: '2.1.0' }, plan: 'pro' },
  { app: { version: '2.0.9' }, plan: 'pro', tags: ['beta'] },
  { app: { version: '2.2.0-rc.1' }, tags: ['alpha', 'beta'] },
  { app: { version: '1.9.3' }, seats: 1 },
  { app: { version: '0.9.0' }, seats: 2, role: 'STAFF' },
  { app: { version: 'none' }, email: 'a@EXAMPLE.com', seats: 1000 },
  { age: 99, country: ['BE'], tags: 'beta version', app: { version: '3.0.0' } },
];

describe('flags of flagd', () => {
  test.each(Object.keys(FLAGD.flags))('serve what flagd itself serves: %s', (flag) => {
    expect(run('flagd', FLAGD).code).toBe(0);
    const core = new FlagdCore(undefined, QUIET);
    core.setConfigurations(JSON.stringify(FLAGD));
    for (const context of CONTEXTS) {
      const all = core.resolveAll({ targetingKey: 'u-1', ...context }, QUIET);
      const wanted = all.find(({ flagKey }) => flagKey === flag)?.value;
      expect([context, served(flag, context)]).toEqual([context, wanted]);
    }
  });

  test('deal their shares to as many people', () => {
    const targeting = {
      if: [
        { '==': [{ var: 'country' }, 'BE'] },
        {
          fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['a', 10], ['b', 30], ['c', 60]],
        },
        'c',
      ],
    };
    const flags = { dealt: { state: 'ENABLED', variants: { a: 'a', b: 'b', c: 'c' }, defaultVariant: 'c', targeting } };
    const { printed } = run('flagd', { flags });
    expect(printed).toMatch(/dealt: its shares are of as many people, but not of the same ones/);
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    const people = 2_000;
    const { rulebook } = loadRulebook(dir);
    if (!rulebook) throw new Error('no rulebook');
    for (let at = 0; at < people; at++) {
      const request = { placements: [{ id: 'dealt' }], context: { country: 'BE' } };
      const [decision] = decide({ request, visitor: visitorView({ visitorId: `u-${at}` }), rulebook, now: 0 });
      const value = decision?.items[0]?.content['value'];
      if (typeof value === 'string') counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(Math.abs((counts['a'] ?? 0) / people - 0.1)).toBeLessThan(0.03);
    expect(Math.abs((counts['b'] ?? 0) / people - 0.3)).toBeLessThan(0.04);
    expect(served('dealt', { country: 'FR' })).toBe('c');
  });

  test('that are off are paused, and those without a default serve nothing where no rule holds', () => {
    const variants = { on: true };
    const targeting = { if: [{ '==': [{ var: 'vip' }, 'no'] }, null, { '==': [{ var: 'plan' }, 'pro'] }, 'on'] };
    run('flagd', {
      flags: {
        off: { state: 'DISABLED', variants, defaultVariant: 'on' },
        open: { state: 'ENABLED', variants, targeting },
      },
    });
    expect(JSON.parse(readFileSync(join(dir, 'placements/off.json'), 'utf8'))).toMatchObject({ status: 'paused' });
    expect([served('open', { plan: 'pro' }), served('open', { plan: 'pro', vip: 'no' }), served('open', {})]).toEqual([
      ...[true, undefined, undefined],
    ]);
  });

  test.each([
    ['an unknown operator', { if: [{ soundex: [{ var: 'name' }, 'x'] }, 'on', 'off'] }, '"soundex" has no counterpart'],
    ['arithmetic', { if: [{ '>': [{ '+': [{ var: 'a' }, 1] }, 2] }, 'on', 'off'] }, '"+" computes a value'],
    ['the time', { if: [{ '>': [{ var: '$flagd.timestamp' }, 1] }, 'on', 'off'] }, 'rules have schedules'],
    ['the id', { if: [{ in: [{ var: 'targetingKey' }, ['u-1']] }, 'on'] }, 'do not look at the id of a visitor'],
    ['what is missing', { if: [{ '==': [{ var: 'a' }, null] }, 'on'] }, 'is missing can not be asked'],
    ['a default of a variable', { if: [{ '==': [{ var: ['a', 1] }, 1] }, 'on'] }, 'has a value for when it is missing'],
    ['no such variant', { if: [true, 'gone'] }, 'it has no variant "gone"'],
    ['no such evaluator', { if: [{ $ref: 'nobody' }, 'on'] }, 'there is no evaluator "nobody"'],
    ['the placement', { if: [{ '==': [{ var: 'placement' }, 'x'] }, 'on'] }, 'as Usher has its own'],
    ['two operators', { if: [{ '==': [{ var: 'a' }, 1], '<': [1, 2] }, 'on'] }, 'is to have one operator'],
  ])('are left out whole, with the reason, for %s', (_what, targeting, why) => {
    const variants = { on: true, off: false };
    const flag = { state: 'ENABLED', variants, defaultVariant: 'off', targeting };
    const { code, printed } = run('flagd', {
      flags: { odd: flag, even: { state: 'ENABLED', variants, defaultVariant: 'on' } },
    });
    expect([code, printed]).toEqual([1, expect.stringContaining(why)]);
    expect(readdirSync(join(dir, 'placements'))).toEqual(['even.json']);
    expect(served('even', {})).toBe(true);
  });
});

const FEATURES = {
  features: {
    'dark-mode': { defaultValue: false, rules: [{ condition: { plan: 'pro', beta: true }, force: true }] },
    price: {
      defaultValue: 10,
      rules: [
        { condition: { $or: [{ country: { $in: ['BE', 'NL'] } }, { tags: { $in: ['vip'] } }] }, force: 8 },
        { condition: { age: { $gte: 65 }, country: { $nin: ['FR'] } }, force: 5 },
        { condition: { $not: { plan: { $ne: 'staff' } } }, force: 0 },
      ],
    },
    layout: {
      defaultValue: { columns: 1 },
      rules: [
        { condition: { version: { $vgte: '2.0.0', $vlt: '3.0.0' } }, force: { columns: 2 } },
        { condition: { $nor: [{ 'device.kind': 'phone' }, { size: 3 }] }, force: { columns: 3 } },
      ],
    },
    staff: { defaultValue: 'no', rules: [{ condition: { email: { $inGroup: 'us' } }, force: 'yes' }] },
    bare: { defaultValue: 'x' },
  },
  savedGroups: { us: ['a@example.com', 'b@example.com'] },
};
const PEOPLE: readonly JsonObject[] = [
  {},
  { plan: 'pro', beta: true },
  { plan: 'pro', beta: false },
  { plan: 'staff', age: 30 },
  { country: 'BE', email: 'a@example.com' },
  { country: 'FR', age: 70, tags: ['new'] },
  { country: 'FR', tags: ['new', 'vip'] },
  { country: 'UK', age: 65, email: 'c@example.com' },
  { version: '2.0.0', device: { kind: 'phone' } },
  { version: '3.0.0', device: { kind: 'phone' } },
  { version: '2.9.1-beta', device: { kind: 'desk' }, size: 3 },
  { device: { kind: 'desk' }, size: '3' },
  { device: { kind: 'desk' }, size: 4 },
];

describe('features of GrowthBook', () => {
  test.each(Object.keys(FEATURES.features))('serve what GrowthBook itself serves: %s', (feature) => {
    expect(run('growthbook', FEATURES).code).toBe(0);
    for (const attributes of PEOPLE) {
      const book = new GrowthBook({ features: FEATURES.features, savedGroups: FEATURES.savedGroups, attributes });
      const wanted: unknown = book.evalFeature(feature).value;
      expect([attributes, served(feature, attributes)]).toEqual([attributes, wanted]);
      book.destroy();
    }
  });

  test('deal experiments and roll-outs to as many people', () => {
    const { printed } = run('growthbook', {
      test: {
        defaultValue: 'none',
        rules: [{ variations: ['a', 'b'], weights: [0.3, 0.7], coverage: 0.5, key: 'exp' }],
      },
      part: { defaultValue: 0, rules: [{ force: 1, coverage: 0.25, hashAttribute: 'id' }] },
    });
    expect(printed).toMatch(/test: its shares are of as many people/);
    const { rulebook } = loadRulebook(dir);
    if (!rulebook) throw new Error('no rulebook');
    const counts = new Map<unknown, number>();
    for (let at = 0; at < 2_000; at++) {
      const request = { placements: [{ id: 'test' }, { id: 'part' }], context: {} };
      for (const { items } of decide({ request, visitor: visitorView({ visitorId: `u-${at}` }), rulebook, now: 0 })) {
        const value = items[0]?.content['value'];
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
    const share = (value: unknown) => (counts.get(value) ?? 0) / 2_000;
    for (const [value, wanted] of [
      ['a', 0.15],
      ['b', 0.35],
      ['none', 0.5],
      [1, 0.25],
    ] as const)
      expect([value, Math.abs(share(value) - wanted) < 0.04]).toEqual([value, true]);
  });

  test.each([
    ['prerequisites', { parentConditions: [{ id: 'x', condition: {} }], force: 1 }, 'has "parentConditions"'],
    ['namespaces', { namespace: ['n', 0, 0.5], variations: [0, 1] }, 'has "namespace"'],
    [
      'patterns',
      { condition: { url: { $regex: '^/x' } }, force: 1 },
      '"$regex" of the attribute url has no counterpart',
    ],
    ['what is missing', { condition: { a: null }, force: 1 }, 'is missing can not be asked'],
    ['texts in order', { condition: { name: { $gt: 'm' } }, force: 1 }, 'is to be compared with a number'],
  ])('are left out whole for %s', (_what, rule, why) => {
    const { code, printed } = run('growthbook', { odd: { defaultValue: 0, rules: [rule] } });
    expect([code, printed]).toEqual([1, expect.stringContaining(why)]);
    expect(existsSync(join(dir, 'placements'))).toBe(false);
  });
});

describe('rules of JSONLogic', () => {
  const RULES = {
    grownUp: { '>=': [{ var: 'age' }, 18] },
    'not-here': { '!': [{ in: [{ var: 'country' }, ['BE', 'NL']] }] },
    greeting: {
      if: [
        { '==': [{ var: 'lang' }, 'nl'] },
        'Hallo',
        { and: [{ '<': [{ var: 'age' }, 30] }, { '>': [{ var: 'age' }, 0] }] },
        'Hi',
        'Hello',
      ],
    },
    tier: { if: [{ '===': [{ var: 'spent' }, 0] }, null, { '>': [{ var: 'spent' }, 100] }, 2, 1] },
  };
  const data: readonly JsonObject[] = [
    ...[{ age: 18 }, { age: 17, lang: 'nl' }, { age: 29, country: 'BE' }, { age: 30, country: 'FR' }],
    ...[
      { spent: 0, age: 1 },
      { spent: 100, age: 40 },
      { spent: 101, age: '20' },
      { country: 'NL', age: 5 },
    ],
  ];

  test('serve what JSONLogic says, and are segments where they are true or false', () => {
    expect(run('jsonlogic', RULES).code).toBe(0);
    const engine = new LogicEngine();
    writeFileSync(
      join(dir, 'offers/yes.json'),
      '{ "name": "Yes", "treatments": { "*": { "content": { "value": true } } } }',
    );
    for (const segment of ['grownUp', 'not-here']) {
      writeFileSync(join(dir, `placements/is-${segment}.json`), `{ "name": "${segment}" }`);
      const rule = { name: segment, placements: [`is-${segment}`], conditions: { condition: segment } };
      writeFileSync(
        join(dir, `contextual/is-${segment}.json`),
        JSON.stringify({ ...rule, event: { type: 'offer', params: { offer: 'yes' } } }),
      );
    }
    for (const context of data) {
      for (const flag of ['greeting', 'tier'] as const)
        expect([context, served(flag, context) ?? null]).toEqual([context, engine.run(RULES[flag], context)]);
      for (const segment of ['grownUp', 'not-here'] as const)
        expect([context, served(`is-${segment}`, context) ?? false]).toEqual([
          context,
          engine.run(RULES[segment], context),
        ]);
    }
  });

  test('may be one by itself, called as its file is', () => {
    expect(run('jsonlogic', { if: [{ '==': [{ var: 'plan' }, 'premium'] }, 'gold', 'grey'] }).code).toBe(0);
    expect([served('premium-only', { plan: 'premium' }), served('premium-only', {})]).toEqual(['gold', 'grey']);
  });
});

describe('an import of flags', () => {
  test('writes nothing the second time, keeps what is there and is otherwise, and nothing at all in a dry run', () => {
    expect(run('flagd', FLAGD, { dryRun: true }).printed).toMatch(/^✓ Would write .*5 files of placements/);
    expect(existsSync(dir)).toBe(false);
    run('flagd', FLAGD);
    expect(run('flagd', FLAGD).printed).toMatch(/: nothing\. \d+ files were there already\.$/m);
    writeFileSync(join(dir, 'placements/plain.json'), '{ "name": "Mine" }');
    const { code, printed } = run('flagd', FLAGD);
    expect([code, printed]).toEqual([1, expect.stringContaining('plain: placements/plain is there already')]);
  });

  test('says what is otherwise in all of them, for people and for programs', () => {
    expect(run('flagd', FLAGD, { dryRun: true }).printed).toContain('getObjectValue(key).content.value');
    const told = JSON.parse(run('flagd', FLAGD, { dryRun: true, json: true }).printed) as {
      ok: boolean;
      files: object[];
    };
    expect([told.ok, told.files.length]).toEqual([true, expect.any(Number)]);
  });

  test.each([
    ['flagged', {}, '--from "flagged" is not known; did you mean "flagd"?'],
    ['flagd', [], 'it must be { "flags"'],
    ['growthbook', 7, 'it must be { "features"'],
    ['flagd', '{ "flags": ', /:1:\d+ /],
  ])('from %s of %j says what is wrong', (from, content, why) => {
    expect(() => run(from, content)).toThrow(why);
  });

  test('leaves out keys that are no names of files, and two that no disk keeps apart', () => {
    const plain = { state: 'ENABLED', variants: { a: 1 }, defaultVariant: 'a' };
    const { code, printed } = run('flagd', { flags: { '../x': plain, Ab: plain, aB: plain } });
    expect(code).toBe(1);
    expect(printed).toMatch(/\.\.\/x: its key can not be the name of a file/);
    expect(readdirSync(join(dir, 'placements'))).toEqual(['Ab.json']);
  });
});
