import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { history, NOW } from '../../../test/arbitraries/interactions.js';
import { compileRulebook } from '../compile.js';
import { compileConsentPolicy, consentState, isAllowed } from './consent.js';
import { decide } from '../decide.js';
import type { Condition } from '../language/condition-definition.js';
import type { ConsentPolicyDefinition } from '../language/consent-definition.js';
import type { Definitions } from '../language/definitions.js';
import type { JsonObject } from '../language/json.js';
import type { OfferDefinition } from '../language/offer-definition.js';
import { explain } from '../explain/explain.js';
import type { PlacementDecision } from '../answer.js';
import type { Renderer } from '../rulebook.js';
import type { Interaction } from './interaction.js';
import { type Consent, type VisitorView, visitorView } from './visitor.js';

const GRANTED: Consent = { granted: true, until: undefined };
const DENIED: Consent = { granted: false, until: undefined };

describe('what is known about a purpose', () => {
  const about = (said: Consent | undefined, known = true) => {
    const visitor = visitorView({ visitorId: 'v', consents: said ? { ads: said } : {} });
    const facts = { visitor, visitorKnown: known, now: NOW };
    const allowed = (unknown: 'granted' | 'denied') =>
      isAllowed('ads', { ...facts, consent: compileConsentPolicy({ purposes: { ads: { unknown } } }) });
    return [consentState('ads', facts), allowed('denied'), allowed('granted')];
  };

  test.each<[string, Consent | undefined, readonly unknown[]]>([
    ['granted for good', GRANTED, ['GRANTED', true, true]],
    ['granted for a moment longer', { granted: true, until: NOW + 1 }, ['GRANTED', true, true]],
    ['granted until now', { granted: true, until: NOW }, ['EXPIRED', false, true]],
    ['denied for good', DENIED, ['DENIED', false, false]],
    ['denied for a moment longer', { granted: false, until: NOW + 1 }, ['DENIED', false, false]],
    ['denied until now', { granted: false, until: NOW }, ['EXPIRED', false, true]],
    ['never spoken of', undefined, ['UNKNOWN', false, true]],
  ])('that was %s', (_what, said, expected) => {
    expect(about(said)).toEqual(expected);
  });

  test('is nothing when the visitor could not be read, whatever the policy for the unknown', () => {
    expect(about(undefined, false)).toEqual(['UNREAD', false, false]);
  });

  test('is denied where no policy speaks of it, until the visitor says otherwise', () => {
    const facts = { visitorKnown: true, now: NOW, consent: compileConsentPolicy() };
    expect(isAllowed('constructor', { ...facts, visitor: visitorView({ visitorId: 'v' }) })).toBe(false);
    expect(
      isAllowed('constructor', {
        ...facts,
        visitor: visitorView({ visitorId: 'v', consents: { constructor: GRANTED } }),
      }),
    ).toBe(true);
  });
});

const count = (params: JsonObject): Condition => ({
  fact: 'interactions',
  params,
  operator: 'greaterThanInclusive',
  value: 1,
});
/** One rule for each way of knowing something of a visitor, and for not knowing it. */
const WAYS: Readonly<Record<string, Condition>> = {
  viewed: count({ event: 'Viewed' }),
  everViewed: count({ event: 'Viewed', within: 'lifetime' }),
  visiting: { fact: 'session', path: '$.active', operator: 'equal', value: true },
  named: { fact: 'profile', path: '$.name', operator: 'equal', value: 'Ada' },
  bought: { fact: 'profile', path: '$.bought', operator: 'contains', value: 'pets' },
  notBought: { not: { fact: 'profile', path: '$.bought', operator: 'contains', value: 'pets' } },
  anyTrait: { fact: 'profile', path: '$.*', operator: 'contains', value: 'Ada' },
  segment: { condition: 'known' },
  inList: { fact: 'segments', operator: 'contains', value: 'known' },
  evening: { fact: 'now', path: '$.hour', operator: 'equal', value: 14 },
};

const offer = (more: Partial<OfferDefinition> = {}): OfferDefinition => ({
  name: 'An offer',
  treatments: { '*': { content: {} } },
  ...more,
});

function rulebookOf(consent: ConsentPolicyDefinition | undefined, more: Partial<OfferDefinition> = {}) {
  const entries = Object.entries(WAYS);
  const definitions: Definitions = {
    placements: new Map([['all', { name: 'All', count: entries.length, fallback: 'fallback' }]]),
    offers: new Map([...entries.map(([id]) => [id, offer(more)] as const), ['fallback', offer(more)]]),
    rules: new Map(
      entries.map(([id, condition]) => [
        id,
        {
          name: id,
          placements: ['all'],
          conditions: { all: [condition] },
          event: { type: 'offer', params: { offer: id } },
        },
      ]),
    ),
    segments: new Map([
      ['known', { name: 'Known', conditions: { any: [WAYS['viewed'] as Condition, WAYS['bought'] as Condition] } }],
    ]),
    cases: new Map(),
    ...(consent && { consent }),
  };
  /** Shows what a template can see. */
  const renderer = (): Renderer => (scope) => ({
    content: { profile: scope.profile, viewed: scope.interactions('Viewed')?.count ?? null },
    actions: [],
  });
  return compileRulebook(definitions, { renderer, instant: Date.parse }, { version: 1, digest: 'sha256:0' });
}

const request = { placements: [{ id: 'all' }], context: {} };
const decideWith = (
  consent: ConsentPolicyDefinition | undefined,
  visitor: VisitorView | undefined,
): PlacementDecision[] => decide({ request, visitor, rulebook: rulebookOf(consent), now: NOW });

const policy = (more: Partial<ConsentPolicyDefinition>): ConsentPolicyDefinition => ({
  name: 'Consent',
  purposes: { a: {}, b: { unknown: 'granted' } },
  ...more,
});

describe('a fact that needs consent', () => {
  const traits = fc.record(
    {
      name: fc.constantFrom('Ada', 'Bo'),
      bought: fc.constantFrom(['pets'], []),
      timezone: fc.constantFrom('Asia/Tokyo', 'UTC'),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;
  const guards = fc.record({
    facts: fc.record(
      { profile: fc.constantFrom('a', 'b'), interactions: fc.constantFrom('a', 'b') },
      { requiredKeys: [] },
    ),
    traits: fc.dictionary(fc.constantFrom('name', 'bought', 'timezone'), fc.constantFrom('a', 'b')),
  });
  const said = fc.option(fc.record({ granted: fc.boolean(), until: fc.constantFrom(undefined, NOW, NOW + 1) }), {
    nil: undefined,
  });

  test('is, without it, as if it had never been: to rules, segments, sessions, counters and templates', () => {
    fc.assert(
      fc.property(
        traits,
        history,
        guards,
        fc.record({ a: said, b: said }),
        (known, interactions, guarded, consents) => {
          const spoken = Object.fromEntries(
            Object.entries(consents).filter((entry): entry is [string, Consent] => entry[1] !== undefined),
          );
          const lacking = Object.entries(consents).flatMap(([purpose, word]) =>
            isGranted(word, purpose === 'b') ? [] : [purpose],
          );
          const kept =
            guarded.facts.profile && lacking.includes(guarded.facts.profile)
              ? {}
              : without(known, guarded.traits, lacking);
          const left = guarded.facts.interactions && lacking.includes(guarded.facts.interactions) ? [] : interactions;
          const whole = visitorView({ visitorId: 'v', traits: known, interactions, consents: spoken });
          const other = visitorView({ visitorId: 'v', traits: kept, interactions: left });
          expect(decideWith(policy(guarded), whole)).toEqual(decideWith(undefined, other));
        },
      ),
    );
  });

  function isGranted(word: Consent | undefined, unknown: boolean): boolean {
    return word && (word.until === undefined || word.until > NOW) ? word.granted : unknown;
  }

  function without(
    known: JsonObject,
    guarded: Readonly<Record<string, string>>,
    lacking: readonly string[],
  ): JsonObject {
    return Object.fromEntries(
      Object.entries(known).filter(
        ([name]) => !lacking.includes((Object.hasOwn(guarded, name) ? guarded[name] : undefined) ?? ''),
      ),
    );
  }

  test('is told as withheld wherever a condition looks for it', () => {
    const visitor = visitorView({
      visitorId: 'v',
      traits: { name: 'Ada', bought: ['pets'] },
      interactions: [
        { event: 'Viewed', timestamp: NOW, channel: 'web', properties: {}, messageId: 'm' } satisfies Interaction,
      ],
    });
    const rulebook = rulebookOf(policy({ facts: { interactions: 'a' }, traits: { bought: 'c', timezone: 'a' } }));
    const [told] = explain({ request, visitor, rulebook, now: NOW }).explanation;
    const withheld = Object.fromEntries(
      (told?.rules ?? []).map(({ rule, conditions }) => [
        rule,
        [...JSON.stringify(conditions).matchAll(/"withheld":(\[[^\]]*\])/g)].map(([, list]) => list),
      ]),
    );
    expect(withheld).toEqual({
      ...{
        viewed: ['["a"]'],
        everViewed: ['["a"]'],
        visiting: ['["a"]'],
        evening: ['["a"]'],
        named: [],
        bought: ['["c"]'],
        notBought: ['["c"]'],
      },
      ...{ anyTrait: ['["a","c"]'], segment: ['["a"]', '["c"]'], inList: [] },
    });
    expect(told?.withheld).toEqual([
      { purpose: 'a', state: 'UNKNOWN', facts: ['interactions', 'profile.timezone'] },
      { purpose: 'c', state: 'UNKNOWN', facts: ['profile.bought'] },
    ]);
    expect(JSON.stringify(told)).not.toContain('"factResult":["pets"]');
  });
});

describe('an offer that needs consent', () => {
  const ids = (visitor: VisitorView | undefined, consent: ConsentPolicyDefinition) => {
    const rulebook = rulebookOf(consent, { consent: 'a' });
    return decide({ request, visitor, rulebook, now: NOW })[0]?.items.map((item) => item.offer);
  };
  const ada = (consents: Record<string, Consent>) => visitorView({ visitorId: 'v', traits: { name: 'Ada' }, consents });

  test('is offered with it, and otherwise not even as the fallback', () => {
    expect(ids(ada({ a: GRANTED }), policy({}))).toEqual(['anyTrait', 'named', 'notBought']);
    expect(ids(ada({ a: DENIED }), policy({}))).toEqual([]);
    expect(ids(ada({}), policy({}))).toEqual([]);
  });

  test('is not offered to a visitor who could not be read, even where the policy grants what is unknown', () => {
    const granting = policy({ purposes: { a: { unknown: 'granted' } } });
    expect(ids(ada({}), granting)).toEqual(['anyTrait', 'named', 'notBought']);
    expect(ids(undefined, granting)).toEqual([]);
  });
});

test('a release that guards no fact never asks what a visitor consented to', () => {
  const asked: string[] = [];
  const visitor: VisitorView = { ...visitorView({ visitorId: 'v' }), consents: (purpose) => void asked.push(purpose) };
  decideWith(policy({}), visitor);
  expect(asked).toEqual([]);
  decideWith(policy({ facts: { profile: 'a', interactions: 'a' }, traits: { name: 'a', bought: 'b' } }), visitor);
  expect(asked).toEqual(['a', 'b']);
});
