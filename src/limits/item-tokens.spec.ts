import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ItemTokens, newTokenSecret, type DecidedFor } from './item-tokens.js';

const item: fc.Arbitrary<DecidedFor> = fc.record({
  visitorId: fc.string({ unit: 'binary' }),
  decisionId: fc.uuid(),
  placement: fc.string(),
  offer: fc.string(),
});

test('a token proves the item it was made for, in every process that has the secret, and no other', () => {
  const secret = newTokenSecret();
  fc.assert(
    fc.property(item, item, (one, other) => {
      const token = new ItemTokens(secret).of(one);
      expect(token).toMatch(/^[\w-]{16}$/);
      expect(new ItemTokens(secret).verify(token, one)).toBe(true);
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      expect(new ItemTokens(secret).verify(token, other)).toBe(isSame);
      expect(new ItemTokens(newTokenSecret()).verify(token, one)).toBe(false);
    }),
  );
});

test('what moves from one member to the next is another item', () => {
  const tokens = new ItemTokens(newTokenSecret());
  const one = { visitorId: 'u', decisionId: 'd', placement: 'home.hero', offer: 'a' };
  expect(tokens.of({ ...one, placement: 'home.her', offer: 'oa' })).not.toBe(tokens.of(one));
});

test.each([undefined, null, 7, '', 'short', 'x'.repeat(16), 'ü'.repeat(16), 'x'.repeat(1_000), {}])(
  'what is no token proves nothing: %p',
  (token) => {
    const one = { visitorId: 'u', decisionId: 'd', placement: 'home.hero', offer: 'a' };
    expect(new ItemTokens(newTokenSecret()).verify(token, one)).toBe(false);
  },
);
