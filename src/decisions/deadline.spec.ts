import { describe, expect, test } from '@jest/globals';
import { withDeadline } from './deadline.js';

describe('a deadline', () => {
  test('gives what comes in time, what fails, and what is late', async () => {
    expect(await withDeadline(Promise.resolve(1), 1_000)).toEqual({ kind: 'done', value: 1 });
    expect(await withDeadline(Promise.reject(new RangeError('no')), 1_000)).toMatchObject({ kind: 'failed' });
    expect(await withDeadline(new Promise(() => undefined), 1)).toEqual({ kind: 'late' });
  });
});
