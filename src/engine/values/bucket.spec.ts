import { describe, expect, test } from '@jest/globals';
import { bucket } from './bucket.js';

const IDS = Array.from({ length: 100_000 }, (_, at) => `visitor-${at}`);

describe('the bucket of a visitor', () => {
  test.each([1, 10, 50])('is below %i %% for that share of the visitors', (share) => {
    const below = IDS.filter((id) => bucket('canary 7', id) < share / 100).length;
    expect(Math.abs(below / IDS.length - share / 100)).toBeLessThan(0.005);
  });

  test('says nothing of the bucket under another salt', () => {
    const first = IDS.filter((id) => bucket('canary 7', id) < 0.1);
    const both = first.filter((id) => bucket('canary 8', id) < 0.1);
    expect(Math.abs(both.length / first.length - 0.1)).toBeLessThan(0.01);
  });

  test('stays what it is, as visitors would change sides', () => {
    expect([bucket('s', ''), bucket('s', 'u-9'), bucket('canary 7', '🐈')].map((one) => one.toFixed(6)))
      .toMatchInlineSnapshot(`
[
  "0.905467",
  "0.914757",
  "0.889491",
]
`);
  });
});
