import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/until.js';
import { LoopClock } from './loop-clock.js';

const BUSY_MS = 30;

describe('the clock of the loop', () => {
  let clock: LoopClock;
  beforeEach(() => {
    clock = new LoopClock();
  });
  afterEach(() => clock.onApplicationShutdown());

  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  /** The system is asked for what has come between two turns. */
  const nextTurns = async () => {
    await nextTurn();
    await nextTurn();
  };
  function keepBusy(ms: number): void {
    for (const end = performance.now() + ms; performance.now() < end;);
  }

  test('counts the time for which nobody was heard as the loop was busy', async () => {
    await sleep(1);
    clock.arrival();
    const before = performance.now();
    keepBusy(BUSY_MS);
    await nextTurn();
    // It may have come right after the system was asked the last time.
    expect(clock.arrival()).toBeLessThanOrEqual(before);
    expect(clock.hasSlept()).toBe(false);
  });

  test('counts no time for which the loop slept', async () => {
    clock.arrival();
    await nextTurns();
    const before = performance.now();
    await sleep(2 * BUSY_MS);
    expect(clock.arrival()).toBeGreaterThan(before);
    // Where the machine is busy, two timers may go off one right after the other, without a sleep between them.
    await until('the loop to sleep right before a timer', async () => {
      await sleep(BUSY_MS);
      return clock.hasSlept();
    });
  });

  test('tells how long a turn was, once for all who asked in it', async () => {
    const turns: number[] = [];
    await nextTurns();
    clock.onTurn((turnMs) => turns.push(turnMs));
    clock.arrival();
    keepBusy(BUSY_MS);
    expect(clock.turnAgeMs()).toBeGreaterThanOrEqual(BUSY_MS);
    await nextTurn();
    expect(turns).toHaveLength(1);
    expect(turns[0]).toBeGreaterThanOrEqual(BUSY_MS);
  });
});
