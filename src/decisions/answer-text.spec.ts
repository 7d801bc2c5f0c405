import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DecidedItem, PlacementDecision } from '../engine/answer.js';
import type { JsonObject } from '../engine/language/json.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import { answerText, decisionsText } from './answer-text.js';
import type { DecisionAnswer } from './decision-answer.js';

const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('home.hero', 'a"b', 'back\\slash', 'é', '\ud800'));
const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonObject>;
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 1e21, 1e-7, NaN, Infinity));
const reason = fc.constantFrom('TARGETING_MATCH' as const, 'DEFAULT' as const, 'STALE' as const);

/** In the order in which the engine makes them. */
const item: fc.Arbitrary<DecidedItem> = fc
  .record({
    ...{ offer: word, rule: fc.option(word, { nil: undefined }), reason, isFrozen: fc.boolean() },
    ...{ content: fc.dictionary(word, json), actions: fc.array(fc.dictionary(word, json)) },
    ...{ as: fc.option(fc.constant('html' as const), { nil: undefined }), score: number, propensity: number },
  })
  .map(({ offer, rule, reason, isFrozen, content, actions, as, score, propensity }) => ({
    offer,
    ...(rule !== undefined && { rule }),
    reason,
    content: isFrozen ? Object.freeze(content) : content,
    actions: isFrozen ? Object.freeze(actions) : actions,
    ...(as && { as }),
    score,
    propensity,
  }));
const decisions: fc.Arbitrary<PlacementDecision[]> = fc.array(
  fc.record({ placement: word, reason, items: fc.array(item, { maxLength: 4 }) }),
  { maxLength: 4 },
);

test('decisions are written as JSON.stringify writes them, the first time and again', () => {
  fc.assert(
    fc.property(decisions, (made) => {
      expect(decisionsText(made)).toBe(JSON.stringify(made));
      expect(decisionsText(made)).toBe(JSON.stringify(made));
    }),
  );
});

test('each item has its token behind all else, where there is one to make it', () => {
  const tokenOf = (placement: string, offer: string) => `${placement.length}-${offer.length}`;
  fc.assert(
    fc.property(decisions, (made) => {
      const tokened = made.map(({ items, ...decision }) => ({
        ...decision,
        items: items.map((one) => ({ ...one, token: tokenOf(decision.placement, one.offer) })),
      }));
      expect(decisionsText(made, tokenOf)).toBe(JSON.stringify(tokened));
    }),
  );
});

test('an answer is written as JSON.stringify writes it, whatever is in it', () => {
  const head = fc.record({
    ...{ decisionId: fc.uuid(), visitorId: word, guarded: fc.boolean(), version: fc.nat(), digest: word },
    ...{ events: fc.boolean(), explained: fc.boolean(), seen: fc.boolean(), elapsedMs: fc.nat().map((us) => us / 1e3) },
  });
  fc.assert(
    fc.property(head, decisions, ({ guarded, version, digest, events, explained, seen, ...told }, made) => {
      const answer: DecisionAnswer = {
        decisionId: told.decisionId,
        visitorId: told.visitorId,
        ...(guarded && { guarded }),
        rulebook: { version, digest },
        served: 'full',
        ...(seen && { seenAs: 'browser' }),
        ...(events && { events: 'stored', eventOutcomes: [{ outcome: 'accepted', messageId: told.visitorId }] }),
        decisions: made,
        ...(explained && { explanation: [] }),
        elapsedMs: told.elapsedMs,
      };
      expect(answerText(answer, decisionsText(made))).toBe(JSON.stringify(answer));
    }),
  );
});

test('a number is written to its last digit', () => {
  const content = { price: new WrittenNumber('12345678901234567890.10') } as unknown as JsonObject;
  const made: PlacementDecision[] = [
    {
      placement: 'a',
      reason: 'DEFAULT',
      items: [{ offer: 'b', reason: 'DEFAULT', content, actions: [], score: 0, propensity: 1 }],
    },
  ];
  expect(decisionsText(made)).toContain('"price":12345678901234567890.10');
});

test('what is frozen is told apart from what only looks like it', () => {
  const made = (content: JsonObject): PlacementDecision[] => [
    {
      placement: 'a',
      reason: 'DEFAULT',
      items: [{ offer: 'b', reason: 'DEFAULT', content, actions: [], score: 0, propensity: 1 }],
    },
  ];
  const changing = { title: 'before' };
  expect(decisionsText(made(changing))).toContain('before');
  changing.title = 'after';
  expect(decisionsText(made(changing))).toContain('after');
});
