import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Admission } from '../../http/admission.js';
import { LoopClock } from '../../http/loop-clock.js';
import { BatchPace } from './batch-pace.js';

describe('the pace of batches', () => {
  let clock: LoopClock;
  let admission: Admission;
  let pace: BatchPace;
  beforeEach(() => {
    clock = new LoopClock();
    admission = new Admission(clock, { most: 1_000, deadlineMs: 50 });
    pace = new BatchPace(admission);
  });
  afterEach(() => clock.onApplicationShutdown());

  function keepBusy(ms: number): void {
    for (const end = performance.now() + ms; performance.now() < end;);
  }

  test('has others heard between lines that take long, in the order of the lines', async () => {
    const heard: (number | 'others')[] = [];
    const lines = [1, 2, 3].map(async (line) => {
      await pace.turn();
      heard.push(line);
      keepBusy(5);
    });
    const others = (async () => {
      while (!heard.includes(3)) {
        await nextTurn();
        heard.push('others');
      }
    })();
    await Promise.all([...lines, others]);
    const between = heard.slice(heard.indexOf(1), heard.indexOf(3) + 1);
    expect(between.filter((one) => one !== 'others')).toEqual([1, 2, 3]);
    expect([between[1], between[between.indexOf(2) + 1]]).toEqual(['others', 'others']);
  });

  test('waits while another is under way, and goes on when they have their answer', async () => {
    // On a busy machine two turns of the loop may take longer than it ever waits: then once more.
    for (let hasWaited = false; !hasWaited;) {
      admission.admit('decisions');
      let isDone = false;
      const line = pace.turn().then(() => (isDone = true));
      await nextTurn();
      await nextTurn();
      hasWaited = !isDone;
      admission.leave('decisions');
      expect(await line).toBe(true);
    }
  });

  test('never stands still, whoever else is under way', async () => {
    admission.admit('decisions');
    for (let line = 0; line < 100; line++) await pace.turn();
    expect(admission.inFlight('decisions')).toBe(1);
  });
});
