import { describe, expect, test } from '@jest/globals';
import { AuthorRates } from './author-rates.js';

describe('the rate of an author', () => {
  let now = 0;
  const rates = new AuthorRates({ check: 60, publish: 2, call: 10 }, () => now);
  const refusal = (what: 'check' | 'publish', who: string) => {
    try {
      rates.take(what, who);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  test('is so many a minute for each key and each thing, and fills again', () => {
    expect(refusal('publish', 'author:1')).toBeUndefined();
    expect(refusal('publish', 'author:1')).toBeUndefined();
    expect(refusal('publish', 'author:1')).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterS: 30 });
    expect(refusal('publish', 'author:2')).toBeUndefined();
    expect(refusal('check', 'author:1')).toBeUndefined();
    now += 29_000;
    expect(refusal('publish', 'author:1')).toMatchObject({ retryAfterS: 1 });
    now += 1_000;
    expect(refusal('publish', 'author:1')).toBeUndefined();
    expect(refusal('publish', 'author:1')).toBeDefined();
  });

  test('is not kept where there are no keys', () => {
    for (let n = 0; n < 100; n++) expect(refusal('publish', 'local')).toBeUndefined();
  });
});
