import { describe, expect, test } from '@jest/globals';
import { compareVersions } from './version.js';

/** The order of https://semver.org, section 11, and what people write besides. */
const OLDEST_FIRST = [
  '0.9',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.0.1',
  '2.10.0',
  'v10.2.0',
  '10.2.123456789012345678901',
  '10.2.123456789012345678902',
];

describe('versions', () => {
  test('are ordered part by part', () => {
    for (const [a, some] of OLDEST_FIRST.entries())
      for (const [b, other] of OLDEST_FIRST.entries())
        expect([some, other, Math.sign(compareVersions(some, other) ?? NaN)]).toEqual([some, other, Math.sign(a - b)]);
  });

  test.each([
    ['10.2', '10.2.0'],
    ['10', '10.0.0.0'],
    ['v1.2.3', '1.2.3+build.7'],
    ['1.02.3', '1.2.3'],
  ])('%s is %s', (some, other) => {
    expect(compareVersions(some, other)).toBe(0);
  });

  test.each([10.2, 10, '', 'ten', '1..2', '1.2.3.4.5', '1.2-', '1.2.x', ' 1.2', null, undefined, [], {}])(
    '%j is none',
    (value) => {
      expect([compareVersions(value, '1.0.0'), compareVersions('1.0.0', value)]).toEqual([undefined, undefined]);
    },
  );
});
