import { describe, expect, test } from '@jest/globals';
import { until } from './until.js';

describe('waiting until a condition holds', () => {
  test('ends with the first look at which it does', async () => {
    let looks = 0;
    await until('the third look', () => (looks += 1) === 3, { everyMs: 0 });
    expect(looks).toBe(3);
  });

  test('goes on where looking fails', async () => {
    let looks = 0;
    const holds = () => ((looks += 1) < 3 ? Promise.reject(new Error('not there yet')) : Promise.resolve(true));
    await until('the third look', holds, { everyMs: 0 });
    expect(looks).toBe(3);
  });

  test('is given up with what was waited for, and why the last look failed', async () => {
    const limits = { limitMs: 5, everyMs: 1 };
    await expect(until('rain', () => false, limits)).rejects.toThrow('waited 5 ms in vain for rain');
    const cause = new Error('no clouds');
    await expect(until('rain', () => Promise.reject(cause), limits)).rejects.toMatchObject({ cause });
  });
});
