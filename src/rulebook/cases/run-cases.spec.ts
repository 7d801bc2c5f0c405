import { afterAll, describe, expect, test } from '@jest/globals';
import type { Rulebook } from '../../engine/rulebook.js';
import { caseCoverage } from './case-coverage.js';
import { crossCheckCases } from './cross-check-cases.js';
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
  return { rulebook: rulebook as Rulebook, definitions };
}

function caseWith(changes: Record<string, unknown>): Files {
  return {
    'cases/pet-lover.json': JSON.stringify({
      ...(JSON.parse(SAMPLE['cases/pet-lover.json'] ?? '') as object),
      ...changes,
    }),
  };
}

/** The value of a fact that is not there, where a list is needed. */
const ABSENT = { fact: 'context', path: '$.list' };

function differencesOf(changes: Files): readonly string[] | undefined {
  const { definitions, rulebook } = load(changes);
  return runCases(definitions, rulebook)[0]?.differences;
}

describe('a case', () => {
  test('that is decided as expected is ok', () => {
    const { definitions, rulebook } = load();
    expect(runCases(definitions, rulebook)).toEqual([
      { id: 'pet-lover', name: 'A pet lover', ok: true, differences: [] },
    ]);
  });

  test('that expects another offer tells what it got and why the expected one is not there', () => {
    expect(differencesOf(caseWith({ expect: { 'home.hero': ['welcome'] } }))).toEqual([
      'home.hero: expected welcome, got pet-camera (by pet-lovers-see-cameras)',
      'home.hero: no live rule puts welcome forward there',
    ]);
  });

  test.each<[string, Files, string]>([
    [
      'conditions',
      caseWith({ visitor: {} }),
      'the conditions of looked-at-cameras do not hold; the conditions of pet-lovers-see-cameras do not hold',
    ],
    [
      'a gate',
      caseWith({ now: '2026-10-20T09:00:00Z' }),
      'the conditions of looked-at-cameras do not hold; pet-lovers-see-cameras holds, but pet-camera is stopped: ' +
        'SCHEDULED',
    ],
    [
      'consent',
      caseWith({ visitor: { traits: { interests: ['pets'] }, consents: { personalisation: 'denied' } } }),
      'the conditions of looked-at-cameras do not hold; pet-lovers-see-cameras holds, but pet-camera is stopped: ' +
        'NO_CONSENT to personalisation (denied)',
    ],
    [
      'a status',
      {
        'offers/pet-camera.json': (SAMPLE['offers/pet-camera.json'] ?? '').replace(
          '"schedule"',
          '"status": "paused", "schedule"',
        ),
      },
      'pet-camera is paused',
    ],
  ])('whose offer falls through by %s says so', (_what, changes, reason) => {
    expect(differencesOf(changes)).toEqual([
      'home.hero: expected pet-camera, got welcome (the fallback)',
      `home.hero: ${reason}`,
      'home.hero: expected title "See what Rex is up to", got "Welcome"',
    ]);
  });

  test('whose template lacks a value says so', () => {
    const letter = {
      request: { placements: ['email.offer'] },
      visitor: { traits: { interests: ['pets'] } },
      expect: { 'email.offer': ['pet-camera'] },
      expectContent: {},
    };
    expect(differencesOf(caseWith(letter))).toEqual([
      'email.offer: expected pet-camera, got nothing',
      'email.offer: pet-lovers-see-cameras holds, but a value that the templates of pet-camera need is missing: ' +
        'profile.petName has no value',
    ]);
  });

  test.each([
    ['until it expires', '2026-11-20T09:00:01Z', ['pet-camera']],
    ['no longer once it has expired', '2026-11-20T09:00:00Z', ['welcome']],
  ])('may state a consent, which counts %s', (_what, until, expected) => {
    const policy = (SAMPLE['policies/consent.json'] ?? '').replace('{ "unknown": "granted" }', '{}');
    const visitor = { traits: { interests: ['pets'] }, consents: { personalisation: { status: 'granted', until } } };
    expect(
      differencesOf({
        ...caseWith({ visitor, expect: { 'home.hero': expected }, expectContent: {} }),
        'policies/consent.json': policy,
      }),
    ).toEqual([]);
  });

  test('that expects other content tells both', () => {
    expect(differencesOf(caseWith({ expectContent: { 'home.hero': { title: 'Hello', image: null } } }))).toEqual([
      'home.hero: expected title "Hello", got "See what Rex is up to"',
      'home.hero: expected image null, got nothing',
    ]);
  });

  test('that differs deep in its content names the places, and shows long texts from where they part', () => {
    const sentence = 'A sentence that goes on and on, so that nobody wants to read the whole of it';
    const offer = {
      name: 'Welcome',
      treatments: { '*': { content: { cta: { label: 'Go', sizes: [1, 2] }, text: `${sentence} twice.` } } },
    };
    const expectContent = {
      'home.hero': { cta: { label: 'Come', sizes: [1, 3], icon: 'x' }, text: `${sentence} again.` },
    };
    const told = caseWith({ visitor: {}, expect: { 'home.hero': ['welcome'] }, expectContent });
    expect(differencesOf({ ...told, 'offers/welcome.json': JSON.stringify(offer) })).toEqual([
      'home.hero: expected cta.label "Come", got "Go"',
      'home.hero: expected cta.sizes[1] 3, got 2',
      'home.hero: expected cta.icon "x", got nothing',
      'home.hero: expected text …"ead the whole of it again.", got …"ead the whole of it twice."',
    ]);
  });

  test('about several offers tells which are missing, which are too many, and where the order differs', () => {
    const rule = (offer: string) =>
      JSON.stringify({
        name: offer,
        placements: ['home.hero'],
        conditions: { all: [] },
        event: { type: 'offer', params: { offer } },
        priority: 90,
      });
    const offer = JSON.stringify({ name: 'An offer', treatments: { '*': { content: {} } } });
    const files = {
      'offers/a.json': offer,
      'offers/b.json': offer,
      'proactive/all-a.json': rule('a'),
      'proactive/all-b.json': rule('b'),
    };
    const expecting = (...offers: string[]) =>
      differencesOf({
        ...files,
        ...caseWith({
          visitor: {},
          request: { placements: [{ id: 'home.hero', count: 2 }] },
          expect: { 'home.hero': offers },
          expectContent: {},
        }),
      });
    expect(expecting('b', 'a')).toEqual([
      'home.hero: expected b, a, got a (by all-a), b (by all-b)',
      'home.hero: the same offers in another order, from place 1 on',
    ]);
    expect(expecting('a', 'welcome')).toEqual([
      'home.hero: expected a, welcome, got a (by all-a), b (by all-b)',
      'home.hero: missing welcome; not expected b (by all-b)',
      'home.hero: no live rule puts welcome forward there',
    ]);
  });

  test('may expect nothing at all', () => {
    expect(
      differencesOf(
        caseWith({
          request: { placements: ['email.offer'] },
          visitor: {},
          expect: { 'email.offer': [] },
          expectContent: {},
        }),
      ),
    ).toEqual([]);
  });
});

describe('json-rules-engine', () => {
  test('agrees with the compiled matcher about every case', async () => {
    const { definitions, rulebook } = load();
    const results = runCases(definitions, rulebook);
    expect(await crossCheckCases(definitions, rulebook, results)).toEqual(results);
  });

  test('agrees about what is withheld for want of consent', async () => {
    const segment = `{ "name": "Pets, and never seen", "conditions": { "all": [
      { "fact": "profile", "path": "$.partnerTier", "operator": "notEqual", "value": "gold" },
      { "fact": "interactions", "params": { "event": "Product Viewed", "within": "lifetime" }, "operator": "equal", "value": 0 } ] } }`;
    const interactions = [{ event: 'Product Viewed', timestamp: '2026-11-19' }];
    const visitor = { traits: { partnerTier: 'gold' }, interactions, consents: { personalisation: 'denied' } };
    const { definitions, rulebook } = load({
      ...caseWith({ visitor, expect: { 'home.hero': ['welcome'] }, expectContent: {} }),
      'segments/pet-lovers.json': segment,
    });
    const results = runCases(definitions, rulebook);
    expect(results[0]?.differences).toEqual([]);
    expect(caseCoverage(definitions, rulebook).matched).toEqual(['pet-lovers-see-cameras']);
    expect(await crossCheckCases(definitions, rulebook, results)).toEqual(results);
  });

  test.each([
    ['semver:greaterThan', '2.10.0', '10.2.0', true],
    ['not:semver:equal', '2.10.0', '2.10', false],
    ['someFact:semver:lessThan', '2.10.0', ['10.2.0', '2.9.9'], true],
    ['ignoreCase:equal', 'GOLD', 'gold', true],
    ['ignoreCase:someValue:startsWith', ['S', 'G'], 'gold', true],
    ['someValue:ignoreCase:startsWith', ['S', 'G'], 'gold', true],
    ['endsWith', 'ld', 'gold', true],
    ['withinNext', '30d', '2026-12-01', true],
    ['in', ABSENT, 'gold', false],
    ['notIn', ABSENT, 'gold', true],
    ['someValue:equal', ABSENT, 'gold', false],
    ['not:everyValue:equal', ABSENT, 'gold', true],
  ])('answers %s of %j as the compiled matcher does, and throws nothing', async (operator, value, tier, holds) => {
    const condition = { fact: 'profile', path: '$.tier', operator, value };
    const { definitions, rulebook } = load({
      ...caseWith({ visitor: { traits: { tier } }, expect: {}, expectContent: {} }),
      'segments/pet-lovers.json': JSON.stringify({ name: 'By one condition', conditions: { all: [condition] } }),
    });
    const results = runCases(definitions, rulebook);
    expect(caseCoverage(definitions, rulebook).won).toEqual(holds ? ['pet-lovers-see-cameras'] : []);
    expect(await crossCheckCases(definitions, rulebook, results)).toEqual(results);
  });

  test('makes a case fail where it disagrees', async () => {
    const { definitions } = load();
    const { rulebook } = load({
      'segments/pet-lovers.json': (SAMPLE['segments/pet-lovers.json'] ?? '').replace('"contains"', '"doesNotContain"'),
    });
    const results = await crossCheckCases(definitions, rulebook, [
      { id: 'pet-lover', name: 'A pet lover', ok: true, differences: [] },
    ]);
    expect(results).toEqual([
      {
        id: 'pet-lover',
        name: 'A pet lover',
        ok: false,
        differences: [
          'home.hero: the matchers disagree about pet-lovers-see-cameras: ' +
            'it does not hold for Usher and holds for json-rules-engine',
        ],
      },
    ]);
  });
});

test('a case whose decision is more work for texts than it may be fails, and says which offer', () => {
  const loops = '{% for a in (1..1000) %}{% for b in profile.list %}{{ b }}{% endfor %}{% endfor %}';
  const treatments = { '*': { content: { title: 'x' } }, 'home.hero': { content: { title: loops } } };
  const list = Array.from({ length: 500 }, () => 'x');
  const visitor = { traits: { interests: ['pets'], list } };
  const differences = differencesOf({
    'offers/pet-camera.json': JSON.stringify({ name: 'Loops', treatments }),
    ...caseWith({ visitor, expect: { 'home.hero': ['welcome'] }, expectContent: undefined }),
  });
  expect(differences).toEqual([
    'the texts of pet-camera are more work than was left of what a decision may take; shorten their loops',
  ]);
});
