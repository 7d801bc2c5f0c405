import { describe, expect, test } from '@jest/globals';
import type { DecidedItem, PlacementDecision, Reason } from '../engine/answer.js';
import { toEvaluation, type Evaluating } from './evaluation.js';
import { isNamed, tagOf } from './evaluation-tag.js';

const item = (offer: string, more: Partial<DecidedItem> = {}): DecidedItem => ({
  ...{ offer, rule: `shows-${offer}`, reason: 'TARGETING_MATCH', content: { title: offer }, actions: [] },
  ...{ score: 7, propensity: 1, ...more },
});
const decided = (reason: Reason, ...items: readonly DecidedItem[]): PlacementDecision => ({
  ...{ placement: 'hero', reason, items },
});
const how: Evaluating = { decisionId: 'd-1', release: 3, isList: false };
const withTokens = (decisionId: string, isList = false): Evaluating => ({
  ...{ decisionId, release: 3, isList },
  tokenOf: (placement, offer) => `${decisionId} ${placement} ${offer}`,
});

describe('an evaluation', () => {
  test.each<[Reason, string, string]>([
    ['TARGETING_MATCH', 'TARGETING_MATCH', 'TARGETING_MATCH'],
    ['SPLIT', 'SPLIT', 'SPLIT'],
    ['HELD_OUT', 'SPLIT', 'SPLIT'],
    ['DEFAULT', 'STATIC', 'DEFAULT'],
    ['STALE', 'UNKNOWN', 'UNKNOWN'],
  ])('of the reason %s is %s, and %s where there is nothing', (reason, ofSome, ofNothing) => {
    expect(toEvaluation(decided(reason, item('a')), how).reason).toBe(ofSome);
    const nothing = toEvaluation(decided(reason), how);
    expect([nothing.reason, 'value' in nothing, 'variant' in nothing, nothing.metadata.reason]).toEqual([
      ...[ofNothing, false, false, reason],
    ]);
  });

  test('says that texts are HTML only where they are, and a score only where JSON can', () => {
    const plain = toEvaluation(decided('TARGETING_MATCH', item('a', { score: Infinity })), how);
    expect(plain.value).toEqual({ offer: 'a', content: { title: 'a' }, actions: [] });
    expect(plain.metadata).toEqual({ decisionId: 'd-1', release: 3, reason: 'TARGETING_MATCH', rule: 'shows-a' });
    expect(toEvaluation(decided('TARGETING_MATCH', item('a', { as: 'html' })), how).value).toMatchObject({
      as: 'html',
    });
  });

  test('of several has a token for each, and the form of several also for one', () => {
    const { value, variant, metadata } = toEvaluation(decided('TARGETING_MATCH', item('a')), withTokens('d-2', true));
    expect([value, variant]).toEqual([
      { items: [{ offer: 'a', content: { title: 'a' }, actions: [], token: 'd-2 hero a' }] },
      'a',
    ]);
    expect(metadata).not.toHaveProperty('token');
  });
});

describe('a tag', () => {
  const tag = (by: Evaluating, ...items: readonly DecidedItem[]) =>
    tagOf([toEvaluation(decided('TARGETING_MATCH', ...items), by)]);

  test('is the same for other ids of decisions, tokens and scores, and for nothing else', () => {
    for (const isList of [false, true]) {
      const first = tag(withTokens('d-1', isList), item('a'));
      expect(tag(withTokens('d-2', isList), item('a', { score: 9 }))).toBe(first);
      const others = [
        tag({ ...withTokens('d-1', isList), release: 4 }, item('a')),
        tag(withTokens('d-1', !isList), item('a')),
        tag(withTokens('d-1', isList), item('b')),
        tag(withTokens('d-1', isList), item('a', { content: { title: 'a', token: 'x' } })),
        tag(withTokens('d-1', isList), item('a', { rule: 'another' })),
        tag(withTokens('d-1', isList), item('a', { as: 'html' })),
        tag(withTokens('d-1', isList)),
      ];
      expect(new Set([first, ...others]).size).toBe(others.length + 1);
    }
  });

  test('tells content of the same names as ours apart', () => {
    const named = (token: string) => tag(how, item('a', { content: { items: [{ token }], metadata: { token } } }));
    expect(named('x')).not.toBe(named('y'));
  });

  test.each([
    ['"a"', true],
    ['W/"a"', true],
    [' "b" ,W/"a"', true],
    ['"ab"', false],
    ['a', false],
    ['*', false],
    ['', false],
    [undefined, false],
  ])('is named by If-None-Match: %s, %s', (header, isSo) => {
    expect(isNamed('"a"', header)).toBe(isSo);
  });
});
