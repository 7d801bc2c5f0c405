import { afterAll, describe, expect, test } from '@jest/globals';
import type { Rulebook } from '../../engine/rulebook.js';
import { caseCoverage } from './case-coverage.js';
import { CasePlaces } from './case-places.js';
import { casesAt } from './case-time.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { runCases } from './run-cases.js';
import { removeRules, SAMPLE, writeRules, type Files } from '../sample-rules.contract.js';

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

function load(changes: Files = {}) {
  const dir = writeRules(changes);
  dirs.push(dir);
  const { rulebook, definitions, problems } = loadRulebook(dir);
  expect(problems).toEqual([]);
  return { dir, rulebook: rulebook as Rulebook, definitions };
}

/** Every condition as `owner where: outcomes seen`. */
function seenIn(changes: Files = {}): string[] {
  const { definitions, rulebook } = load(changes);
  return caseCoverage(definitions, rulebook).conditions.map(
    ({ kind, id, path, sawTrue, sawFalse }) => `${kind}/${id} ${path.join('.')}: ${Number(sawTrue)}${Number(sawFalse)}`,
  );
}

function changed(path: string, changes: Record<string, unknown>): Files {
  return { [path]: JSON.stringify({ ...(JSON.parse(SAMPLE[path] ?? '') as object), ...changes }) };
}

const PET_RULE = 'proactive/pet-lovers-see-cameras.json';
const ALL_CASES = {
  'cases/nobody.json': JSON.stringify({
    name: 'Nobody',
    request: { placements: ['home.hero'] },
    now: '2026-11-20',
    expect: { 'home.hero': ['welcome'] },
  }),
  'cases/shopper.json': JSON.stringify({
    name: 'Bought a camera, looked at two',
    visitor: {
      traits: { interests: ['pets'] },
      interactions: [
        { event: 'Order Completed', properties: { category: 'cameras' }, timestamp: '2026-11-18' },
        { event: 'Product Viewed', timestamp: '2026-11-18' },
        { event: 'Product Viewed', timestamp: '2026-11-19' },
      ],
    },
    request: { placements: ['home.hero'] },
    now: '2026-11-20',
    expect: { 'home.hero': ['welcome'] },
  }),
};

describe('coverage of rules', () => {
  test('tells the live rules that win, that only match, and that no case speaks of', () => {
    const modest = changed(PET_RULE, { priority: 1 })[PET_RULE];
    const { definitions, rulebook } = load({ 'contextual/modest.json': modest });
    expect(caseCoverage(definitions, rulebook)).toMatchObject({
      won: ['pet-lovers-see-cameras'],
      matched: ['modest'],
      untouched: ['looked-at-cameras'],
    });
  });

  test('leaves out what can put nothing forward: a draft, a rule for a draft, a rule for a paused placement', () => {
    const { definitions, rulebook } = load({
      ...changed('offers/pet-camera.json', { status: 'draft' }),
      ...changed('cases/pet-lover.json', { expect: { 'home.hero': ['welcome'] }, expectContent: {} }),
    });
    expect(caseCoverage(definitions, rulebook)).toMatchObject({
      won: [],
      matched: [],
      untouched: [],
      conditions: [],
      percent: 100,
    });
    const paused = load({
      ...changed('placements/home.hero.json', { status: 'paused' }),
      'cases/pet-lover.json': undefined,
    });
    expect(caseCoverage(paused.definitions, paused.rulebook).untouched).toEqual(['pet-lovers-see-cameras']);
  });
});

describe('coverage of conditions', () => {
  test('tells for each whether a case saw it true, and whether one saw it false', () => {
    expect(seenIn()).toEqual([
      'rules/looked-at-cameras conditions.all.0: 01',
      'offers/pet-camera eligibility.not: 01',
      'segments/owns-a-camera conditions.all.0: 01',
      'rules/pet-lovers-see-cameras conditions.all.0: 10',
      'segments/pet-lovers conditions.any.0: 10',
    ]);
    expect(new Set(seenIn(ALL_CASES).map((line) => line.slice(-2)))).toEqual(new Set(['11']));
  });

  test('is a percentage of all outcomes of conditions, and all rules that should win', () => {
    const some = load();
    expect(caseCoverage(some.definitions, some.rulebook).percent).toBeCloseTo((100 * (1 + 5)) / (2 + 10));
    const all = load(ALL_CASES);
    // The rule over views never wins: its only viewer owns a camera.
    expect(caseCoverage(all.definitions, all.rulebook).percent).toBeCloseTo((100 * (1 + 10)) / (2 + 10));
  });

  test('sees a condition beside a decisive one', () => {
    const rule = changed(PET_RULE, {
      conditions: {
        any: [{ condition: 'pet-lovers' }, { fact: 'profile', path: '$.age', operator: 'greaterThan', value: 3 }],
      },
    });
    expect(seenIn(rule)).toContain('rules/pet-lovers-see-cameras conditions.any.1: 01');
  });

  test.each<[string, Files]>([
    ['in another placement', changed(PET_RULE, { placements: ['email.offer'] })],
    ['in another channel', changed(PET_RULE, { channels: ['app'] })],
    ['out of its schedule', changed(PET_RULE, { schedule: { from: '2027-01-01' } })],
  ])('does not count a rule that a case finds %s', (_where, rule) => {
    const seen = seenIn({
      ...rule,
      ...changed('cases/pet-lover.json', { expect: { 'home.hero': ['welcome'] }, expectContent: {} }),
    });
    expect(seen).toContain('rules/pet-lovers-see-cameras conditions.all.0: 00');
    expect(seen).toContain('segments/pet-lovers conditions.any.0: 00');
    expect(seen).toContain('offers/pet-camera eligibility.not: 00');
  });

  test('counts a segment that is only asked for by the list of segments, and none that nothing asks for', () => {
    const asking = (operator: string, value: unknown) =>
      seenIn({
        ...changed(PET_RULE, { conditions: { all: [{ fact: 'segments', operator, value }] } }),
        ...changed('cases/pet-lover.json', { expect: { 'home.hero': ['pet-camera'] }, expectContent: {} }),
      });
    expect(asking('contains', 'pet-lovers')).toContain('segments/pet-lovers conditions.any.0: 10');
    expect(asking('not:contains', 'owns-a-camera').join()).not.toContain('segments/pet-lovers');
    expect(asking('everyFact:notEqual', { fact: 'profile', path: '$.x' }).join()).toContain('segments/pet-lovers');
  });

  test('judges by the facts of the decision, less what there is no consent for', () => {
    const seen = seenIn({
      ...changed('cases/pet-lover.json', {
        visitor: {
          consents: { personalisation: 'denied' },
          interactions: Array(3).fill({ event: 'Product Viewed', timestamp: '2026-11-19' }),
        },
        expect: { 'home.hero': ['welcome'] },
        expectContent: {},
      }),
    });
    expect(seen).toContain('rules/looked-at-cameras conditions.all.0: 01');
  });

  test('knows the place of each in its file, YAML files too', () => {
    const yaml =
      'name: Looked\nplacements: [home.hero]\nconditions:\n  all:\n    - fact: profile\n      operator: equal\n' +
      '      value: 1\nevent: { type: offer, params: { offer: pet-camera } }\n';
    const { dir, definitions, rulebook } = load({
      'contextual/looked-at-cameras.json': undefined,
      'contextual/looked-at-cameras.yaml': yaml,
    });
    const places = new CasePlaces(dir);
    const told = caseCoverage(definitions, rulebook).conditions.map(({ kind, id, path }) =>
      Object.values(places.of(kind, id, path) ?? {}).join(':'),
    );
    expect(told).toEqual([
      'rules/contextual/looked-at-cameras.yaml:5:7',
      'rules/offers/pet-camera.json:10:27',
      'rules/segments/owns-a-camera.json:4:5',
      'rules/proactive/pet-lovers-see-cameras.json:4:28',
      'rules/segments/pet-lovers.json:4:5',
    ]);
    expect(places.of('rules', 'gone', [])).toBeUndefined();
  });
});

describe('another time', () => {
  const expected = (now: string, moveHistory: boolean) => {
    const { definitions, rulebook } = load({
      ...changed('cases/pet-lover.json', {
        visitor: {
          traits: { interests: ['pets'], petName: 'Rex' },
          consents: { personalisation: { status: 'granted', until: '2026-11-21' } },
          interactions: Array(2).fill({ event: 'Product Viewed', timestamp: '2026-11-19' }),
        },
      }),
      'policies/consent.json': '{ "name": "Consent", "purposes": { "personalisation": {}, "partners": {} } }',
      'offers/pet-camera.json': (SAMPLE['offers/pet-camera.json'] ?? '').replace(
        '"consent": "personalisation"',
        '"consent": "personalisation", "value": 1',
      ),
    });
    return runCases(casesAt(definitions, { now: Date.parse(now), moveHistory }), rulebook)[0]?.differences;
  };

  test('is the time of every case: schedules, history and consent are seen from there', () => {
    expect(expected('2026-11-20T09:00:00Z', false)).toEqual([]);
    expect(expected('2026-12-20', false)).toContain(
      'home.hero: the conditions of looked-at-cameras do not hold; pet-lovers-see-cameras holds, ' +
        'but pet-camera is stopped: NO_CONSENT to personalisation (expired)',
    );
    expect(expected('2027-02-20', true)).toContain(
      'home.hero: looked-at-cameras holds, but pet-camera is stopped: SCHEDULED; pet-lovers-see-cameras holds, ' +
        'but pet-camera is stopped: SCHEDULED',
    );
  });

  test('can take the history along, so that all is as long ago as it was', () => {
    expect(expected('2026-12-20', true)).toEqual([]);
  });
});
