import { describe, expect, test } from '@jest/globals';
import { SpentOffers, withSpent } from './spent-offers.js';

const NOW = Date.UTC(2026, 10, 30);

describe('spent offers', () => {
  test('are believed for a second, and not when a place comes back before that', () => {
    const spent = new SpentOffers();
    expect(spent.known(NOW)).toBeUndefined();
    spent.note({ offer: 'a', key: 'shown' }, NOW);
    spent.note({ offer: 'b', key: 'shown', freesAt: NOW + 200 }, NOW);
    expect(spent.known(NOW + 199)).toEqual({
      spent: new Map([
        ['a', [{ key: 'shown' }]],
        ['b', [{ key: 'shown', freesAt: NOW + 200 }]],
      ]),
    });
    expect(spent.known(NOW + 200)).toEqual({ spent: new Map([['a', [{ key: 'shown' }]]]) });
    expect(spent.known(NOW + 1_000)).toBeUndefined();
    expect(spent.known(NOW)).toBeUndefined();
  });

  test('have each counter once, as it was heard of last', () => {
    const spent = new SpentOffers();
    spent.note({ offer: 'a', key: 'shown' }, NOW);
    spent.note({ offer: 'a', key: 'accepted' }, NOW);
    spent.note({ offer: 'a', key: 'shown', freesAt: NOW + 5_000 }, NOW);
    expect(spent.known(NOW)?.spent.get('a')).toEqual([{ key: 'accepted' }, { key: 'shown', freesAt: NOW + 5_000 }]);
  });

  test('are not spent for ever where the clock is set back', () => {
    const spent = new SpentOffers();
    spent.note({ offer: 'a', key: 'shown' }, NOW + 3_600_000);
    expect(spent.known(NOW)).toBeUndefined();
  });

  test('are added to what is known already', () => {
    const known = { spent: new Map([['a', [{ key: 'shown' }]]]), unknown: true as const };
    expect(withSpent(known, [])).toBe(known);
    expect(withSpent(known, [{ offer: 'a', key: 'accepted' }])).toEqual({
      spent: new Map([['a', [{ key: 'shown' }, { key: 'accepted' }]]]),
      unknown: true,
    });
    expect(withSpent(undefined, [{ offer: 'a', key: 'shown' }])).toEqual({
      spent: new Map([['a', [{ key: 'shown' }]]]),
    });
  });
});
