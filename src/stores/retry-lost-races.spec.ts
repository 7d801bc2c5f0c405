import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryLostRaces, type Attempt } from './retry-lost-races.js';

const BECAUSE = 'Others are quicker all the time.';

/** Loses so many races, then wins; counts what was tried. */
function losing(times: number): { attempt: () => Promise<Attempt<string>>; made: () => number } {
  let made = 0;
  return { attempt: async () => (++made > times ? { won: `after ${made}` } : 'lost'), made: () => made };
}

/** A document as a store has it: a change passes only from the state it was made from. */
class Counter {
  value = 0;

  async compareAndSet(from: number, to: number): Promise<boolean> {
    await Promise.resolve();
    if (this.value !== from) return false;
    this.value = to;
    return true;
  }
}

describe('a lost race', () => {
  test('is run again until it is won, and no further', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(6), async (losses) => {
        const race = losing(losses);
        expect(await retryLostRaces(race.attempt, { because: BECAUSE })).toBe(`after ${losses + 1}`);
        expect(race.made()).toBe(losses + 1);
      }),
      { numRuns: 20 },
    );
  });

  test('gives what was won though it is nothing', async () => {
    expect(await retryLostRaces(async () => ({ won: undefined }), { because: BECAUSE })).toBeUndefined();
  });

  test('that is never won is given up at the limit, with what keeps it from being won', async () => {
    const race = losing(Infinity);
    await expect(retryLostRaces(race.attempt, { because: BECAUSE, attempts: 7 })).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining(BECAUSE),
    });
    expect(race.made()).toBe(7);
  });

  test('is won at the last attempt', async () => {
    const race = losing(6);
    expect(await retryLostRaces(race.attempt, { because: BECAUSE, attempts: 7 })).toBe('after 7');
  });

  test('is not run again after a failure, which comes through as it is', async () => {
    let made = 0;
    const failing = async (): Promise<Attempt<never>> => {
      made++;
      throw new TypeError('no store');
    };
    await expect(retryLostRaces(failing, { because: BECAUSE })).rejects.toThrow(new TypeError('no store'));
    expect(made).toBe(1);
  });

  test('is run again at once where that is asked for, without letting timers in between', async () => {
    let timers = 0;
    const timer = setInterval(() => timers++, 0);
    await retryLostRaces(losing(2).attempt, { because: BECAUSE, atOnce: 3 });
    clearInterval(timer);
    expect(timers).toBe(0);
  });

  test('costs nobody their change: all of twenty who meet are counted', async () => {
    const counter = new Counter();
    const increment = async (): Promise<Attempt<number>> => {
      const from = counter.value;
      return (await counter.compareAndSet(from, from + 1)) ? { won: from } : 'lost';
    };
    const won = await Promise.all(
      Array.from({ length: 20 }, () => retryLostRaces(increment, { because: BECAUSE, attempts: 1_000 })),
    );
    expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });
});
