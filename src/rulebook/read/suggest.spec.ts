import { describe, expect, test } from '@jest/globals';
import { didYouMean, suggest } from './suggest.js';

describe('a suggestion', () => {
  test.each([
    ['greaterThen', ['lessThan', 'greaterThan', 'greaterThanInclusive'], 'greaterThan'],
    ['Profile', ['profile', 'context'], 'profile'],
    ['porfile', ['profile'], 'profile'],
    ['pet-cam', ['pet-camera', 'welcome'], 'pet-camera'],
    ['xyz', ['profile', 'context'], undefined],
    ['a', ['b'], 'b'],
    ['pet', ['pet-camera', 'pet-food'], undefined],
    ['', [], undefined],
  ])('for %s among %j is %s', (name, known, wanted) => {
    expect(suggest(name, known)).toBe(wanted);
  });

  test('gives way to what is known where nothing is near, and not to all of a long list', () => {
    expect(didYouMean('xyz', ['b', 'aa'])).toBe('; known are aa, b');
    expect(didYouMean('xyz', [])).toBe('');
    expect(
      didYouMean(
        'xyz',
        Array.from({ length: 20 }, (_, at) => `name-${at}`),
      ),
    ).toMatch(/name-19 and 8 more$|name-2 and 8 more$/);
  });
});
