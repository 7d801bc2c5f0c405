import { describe, expect, test } from '@jest/globals';
import { compileSingleView } from '../visitor/single-view-policy.js';
import { compileConsentPolicy } from '../visitor/consent.js';
import type { Interaction } from '../visitor/interaction.js';
import { visitorView } from '../visitor/visitor.js';
import type { JsonObject } from '../language/json.js';
import type { SingleViewDefinition } from '../language/single-view-definition.js';
import type { Run } from '../match/run.js';
import type { DecisionFacts } from './decision-facts.js';
import { findDeclaration } from './facts.js';
import { shapeAt } from './value-shape.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const NO_RUN = undefined as unknown as Run<DecisionFacts>;

function before(minutes: number, event: string, properties: JsonObject = {}): Interaction {
  return { event, timestamp: NOW - minutes * 60_000, channel: 'web', properties, messageId: `${event}-${minutes}` };
}

function read(fact: string, interactions: readonly Interaction[], words?: Partial<SingleViewDefinition>): unknown {
  const facts: DecisionFacts = {
    visitor: visitorView({ visitorId: 'u1', interactions }),
    visitorKnown: true,
    context: {},
    channel: undefined,
    now: NOW,
    consent: compileConsentPolicy(),
    singleView: compileSingleView(words),
    withheld: [],
    segments: new Map(),
    placement: undefined,
  };
  return findDeclaration(fact)?.compile({})(facts, NO_RUN);
}

describe('the facts of the single view', () => {
  test('tell the sums of what is open with support, up to the time of the decision', () => {
    const story = [
      before(300, 'Support Contacted', { minutes: 45, caseId: 'c-1', topic: 'camera offline' }),
      before(60, 'Ticket Created', { ticketId: 'c-2' }),
      before(30, 'Support Contacted', { minutes: 22, caseId: 'c-1' }),
      before(-1, 'Support Contacted', { minutes: 100, caseId: 'c-1' }),
    ];
    expect(read('support', story)).toEqual({
      open: 2,
      openMinutes: 67,
      contacts: 2,
      openSeconds: 18_000,
      topic: 'camera offline',
      resolved: 0,
    });
    expect(read('support', [])).toEqual({ open: 0, openMinutes: 0, contacts: 0, resolved: 0 });
  });

  test('tell ratings, votes and moods', () => {
    const story = [
      before(3, 'Service Rated', { score: 10 }),
      before(2, 'Service Rated', { stars: 2, helpful: 'no' }),
      before(1, 'Chatted', { sentiment: 'very negative' }),
    ];
    expect(read('satisfaction', story)).toEqual({ ratings: 2, mean: 0.625, latest: 0.25, helpful: 0, unhelpful: 1 });
    expect(read('sentiment', story)).toEqual({ count: 1, mean: -1, latest: -1 });
    expect(read('satisfaction', [])).toEqual({ ratings: 0, helpful: 0, unhelpful: 0 });
    expect(read('sentiment', [])).toEqual({ count: 0 });
  });

  test('go by the words of the rulebook, where the usual ones then mean nothing', () => {
    const words = {
      support: { contacted: [{ names: ['Supportanruf'] }], minutes: ['dauer'] },
      satisfaction: { rated: [{ names: ['Benotet'] }], scales: [{ property: 'note', worst: 6, best: 1 }] },
      sentiment: { properties: ['stimmung'], words: { 'sehr schlecht': -1 } },
    };
    const german = [
      before(3, 'Supportanruf', { dauer: 67 }),
      before(2, 'BENOTET', { note: 2 }),
      before(1, 'Supportanruf', { stimmung: 'Sehr_Schlecht' }),
    ];
    const usual = [before(3, 'Support Contacted', { minutes: 67 }), before(2, 'Chatted', { sentiment: -1 })];
    expect(read('support', german, words)).toMatchObject({ open: 1, openMinutes: 67, contacts: 2 });
    expect(read('satisfaction', german, words)).toMatchObject({ ratings: 1, latest: 0.8 });
    expect(read('sentiment', german, words)).toMatchObject({ latest: -1 });
    expect(read('support', usual, words)).toMatchObject({ open: 0 });
    expect(read('sentiment', usual, words)).toEqual({ count: 0 });
  });

  test.each([
    ['support', 'openMinutes', 67],
    ['support', 'openSeconds', 86_400],
    ['support', 'topic', 'invoice'],
    ['support', 'open', 1],
    ['satisfaction', 'mean', 0.4],
    ['satisfaction', 'latest', 0],
    ['satisfaction', 'unhelpful', 1],
    ['sentiment', 'mean', -0.5],
    ['sentiment', 'count', 1],
  ])('a person can be made up whose %s has %s %p', (fact, part, value) => {
    const wanted = findDeclaration(fact)?.bringAbout?.([part], value) ?? [];
    const made = wanted.map(({ ageMs, event = 'Anything', properties }) => before(ageMs / 60_000, event, properties));
    expect(read(fact, made)).toMatchObject({ [part]: value });
    expect(shapeAt(findDeclaration(fact)?.shape({}) ?? { kind: 'anything' }, [part]).kind).toBe(
      typeof value === 'string' ? 'text' : 'number',
    );
  });
});
