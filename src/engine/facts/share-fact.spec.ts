import { expect, test } from '@jest/globals';
import { compileConsentPolicy } from '../visitor/consent.js';
import { visitorView, type VisitorView } from '../visitor/visitor.js';
import { viewWithout } from '../visitor/withheld.js';
import type { DecisionFacts } from './decision-facts.js';
import { factProblems } from './facts.js';
import { shareFact } from './share-fact.js';

const within = (percent: number, salt: string) =>
  Array.from({ length: 10_000 }, (_, at) => `u-${at}`).filter(
    (id) => Number(shareFact.readId?.(id, { salt })) < percent,
  );

test('a share is that many people, the same ones when it grows, and others by another salt', () => {
  const [ten, twenty, others] = [within(10, 'look'), new Set(within(20, 'look')), new Set(within(10, 'offer'))];
  expect(Math.abs(ten.length - 1_000)).toBeLessThan(100);
  expect(ten.every((id) => twenty.has(id))).toBe(true);
  expect(Math.abs(ten.filter((id) => others.has(id)).length - 100)).toBeLessThan(40);
});

test('the salts of shares are their own, and stay as they are', () => {
  expect(shareFact.readId?.('u-9', { salt: 'look' })).toBe(shareFact.readId?.('u-9', { salt: 'look' }));
  expect(
    [{}, { salt: '' }, { salt: 7 }, { salt: 'a', sallt: 'b' }].map((params) => factProblems('share', params).length),
  ).toEqual([1, 1, 1, 1]);
  expect(factProblems('share', { salt: 'look' })).toEqual([]);
});

test('a person falls where they did when they were first met, by whichever id and whatever is withheld', () => {
  const met = { ...visitorView({ visitorId: 'u-9', traits: { plan: 'gold' } }), bucketId: 'device-1' };
  const { guards } = compileConsentPolicy({ name: 'Consent', purposes: { ads: {} }, traits: { plan: 'ads' } });
  const read = shareFact.compile({ salt: 'look' });
  const shareOf = (visitor: VisitorView) => read({ visitor } as DecisionFacts, undefined as never);
  const wanted = shareFact.readId?.('device-1', { salt: 'look' });
  expect(wanted).not.toBe(shareFact.readId?.('u-9', { salt: 'look' }));
  expect([shareOf(met), shareOf(viewWithout(guards, met))]).toEqual([wanted, wanted]);
});
