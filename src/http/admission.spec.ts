import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Admission, type Lane } from './admission.js';
import { LoopClock } from './loop-clock.js';

/** Long enough for a turn to be a long one. */
const LONG_MS = 20;

describe('admission', () => {
  let clock: LoopClock;
  beforeEach(() => {
    clock = new LoopClock();
  });
  afterEach(() => clock.onApplicationShutdown());

  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  function keepBusy(ms: number): void {
    for (const end = performance.now() + ms; performance.now() < end;);
  }
  /** How many of so many are taken on now, without an answer to any. */
  const taken = (admission: Admission, lane: Lane, of: number) =>
    Array.from({ length: of }, () => admission.admit(lane)).filter(Boolean).length;

  test('takes what it may have in hand and no more, in each lane', () => {
    const admission = new Admission(clock, { most: 3, deadlineMs: 50 });
    expect([taken(admission, 'decisions', 10), taken(admission, 'events', 10)]).toEqual([3, 3]);
    admission.leave('decisions');
    expect(admission.inFlight('decisions')).toBe(2);
  });

  test('takes as many again once they have their answers, in a turn of its own', async () => {
    const admission = new Admission(clock, { most: 3, deadlineMs: 50 });
    taken(admission, 'decisions', 3);
    for (let left = 0; left < 3; left++) admission.leave('decisions');
    // A store that answers at once has the whole turn go on.
    expect(admission.admit('decisions')).toBe(false);
    await nextTurn();
    expect(taken(admission, 'decisions', 10)).toBe(3);
  });

  test('takes a few in a turn however late it is in it, and then nobody', () => {
    const admission = new Admission(clock, { most: 1_000, deadlineMs: 50 });
    clock.turnAgeMs();
    keepBusy(LONG_MS);
    expect(taken(admission, 'decisions', 100)).toBe(16);
  });

  test.each([
    [30, true, 100],
    [30, false, 16],
    [60, false, 16],
  ])('%s ms late in a turn, where it is %s that the loop slept before it, takes %s', (turnAgeMs, hasSlept, wanted) => {
    class AtThatMoment extends LoopClock {
      override turnAgeMs = () => turnAgeMs;
      override hasSlept = () => hasSlept;
    }
    const then = new AtThatMoment();
    expect(taken(new Admission(then, { most: 1_000, deadlineMs: 50 }), 'decisions', 100)).toBe(wanted);
    then.onApplicationShutdown();
  });

  test('has fewer decisions in hand the longer each takes, not fewer events', async () => {
    const admission = new Admission(clock, { most: 1_000, deadlineMs: 50 });
    const lanes = ['decisions', 'events'] as const;
    for (let turn = 0; turn < 4; turn++) {
      for (const lane of lanes) taken(admission, lane, 16);
      keepBusy(2 * LONG_MS);
      for (const lane of lanes) for (let one = 0; one < 16; one++) admission.leave(lane);
      await nextTurn();
    }
    expect(lanes.map((lane) => taken(admission, lane, 40))).toEqual([16, 40]);
  });

  test('takes no mailing while anybody is turned away, and one afterwards', async () => {
    const admission = new Admission(clock, { most: 2, deadlineMs: 50 });
    expect(admission.admit('streams')).toBe(true);
    taken(admission, 'events', 3);
    expect(admission.admit('streams')).toBe(false);
    const isTaken = () => admission.admit('streams');
    // Asking in vain does not make it full.
    while (!isTaken()) await nextTurn();
  });
});
