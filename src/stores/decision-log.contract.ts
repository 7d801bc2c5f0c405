import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DecisionLog, LoggedDecision } from './decision-log.js';
import { allOf } from '../../test/in-parts.js';

/** What the suite runs against: `open` gives a log over data of its own each time, with the limit asked for. */
export interface LogBackend {
  open(keep: number): Promise<DecisionLog>;
  tearDown(): Promise<void>;
}

/** The suite that every {@link DecisionLog} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeDecisionLog(name: string, setUp: () => Promise<LogBackend>): void {
  describe(name, () => {
    let backend: LogBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('a log that was never written to is empty', async () => {
      const log = await backend.open(10);
      expect(await log.latest(5)).toEqual([]);
    });

    test('what is appended is read back as it was, newest first', async () => {
      const log = await backend.open(10);
      await log.append([decision(1), decision(2)]);
      await log.append([decision(3)]);
      expect(await log.latest(10)).toEqual([decision(3), decision(2), decision(1)]);
    });

    test('no more are read than asked for', async () => {
      const log = await backend.open(10);
      await log.append([1, 2, 3].map(decision));
      expect(await log.latest(2)).toEqual([decision(3), decision(2)]);
      expect(await log.latest(0)).toEqual([]);
    });

    test('appending nothing is no mistake', async () => {
      const log = await backend.open(10);
      await expect(log.append([])).resolves.toBeUndefined();
      expect(await log.latest(10)).toEqual([]);
    });

    test('the oldest beyond the limit are forgotten', async () => {
      const log = await backend.open(100);
      for (let start = 0; start < 1_000; start += 50) await log.append(numbers(start, start + 50).map(decision));
      const latest = await log.latest(1_000);
      expect(latest[0]).toEqual(decision(999));
      expect(latest.map(({ decidedAt }) => decidedAt)).toEqual(numbers(900, 1_000).toReversed());
    });

    test('a batch larger than the limit keeps its end', async () => {
      const log = await backend.open(10);
      await log.append(numbers(0, 500).map(decision));
      expect((await log.latest(3)).map(({ decidedAt }) => decidedAt)).toEqual([499, 498, 497]);
    });

    test('a limit of zero keeps nothing', async () => {
      const log = await backend.open(0);
      await log.append([decision(1)]);
      expect(await log.latest(10)).toEqual([]);
    });

    test('tells what was decided for any id of a person, newest first, and nothing else', async () => {
      const log = await backend.open(1_000);
      await log.append([
        ...numbers(0, 500).map(decision),
        decidedFor(501, 'a'),
        decidedFor(502, 'b'),
        ...numbers(510, 900).map(decision),
        decidedFor(901, 'a'),
      ]);
      expect((await allOf(log.about(['a', 'b', 'a', 'nobody']))).map(({ decidedAt }) => decidedAt)).toEqual([
        901, 502, 501,
      ]);
      expect(await allOf(log.about([]))).toEqual([]);
      const latest = async (ids: string[], limit: number) =>
        (await log.latestAbout(ids, limit)).map(({ decidedAt }) => decidedAt);
      expect(await latest(['a', 'b', 'a', 'nobody'], 2)).toEqual([901, 502]);
      expect(await latest(['a', 'b'], 10)).toEqual([901, 502, 501]);
      expect([await latest(['a'], 0), await latest([], 10), await latest(['nobody'], 10)]).toEqual([[], [], []]);
    });

    test('erases what was decided for a person, whatever their ids look like, and keeps the order', async () => {
      const log = await backend.open(1_000);
      const odd = ['"', '\\', '","x":"', 'a%b_c.*', '🐈', '\0', 'decision-3'];
      await log.append([...odd.map((id, n) => decidedFor(n, id)), decision(100), decision(101)]);
      expect(await log.erase(['nobody', 'a%'])).toBe(0);
      expect(await log.erase([...odd, ...odd])).toBe(odd.length);
      expect(await allOf(log.about(odd))).toEqual([]);
      expect(await log.latest(10)).toEqual([decision(101), decision(100)]);
    });

    test('tells and erases all of somebody with many decisions, and of many ids', async () => {
      const log = await backend.open(5_000);
      const ids = numbers(0, 300).map((n) => `device-${n}`);
      await log.append(numbers(0, 1_500).map((n) => decidedFor(n, n % 2 === 0 ? 'busy' : (ids[n % 300] ?? ''))));
      expect((await allOf(log.about(['busy']))).map(({ decidedAt }) => decidedAt)).toEqual(
        numbers(0, 750)
          .map((n) => n * 2)
          .toReversed(),
      );
      expect(await allOf(log.about(ids))).toHaveLength(750);
      expect([await log.erase(['busy']), await log.erase(ids), await log.erase(ids)]).toEqual([750, 750, 0]);
      expect(await log.latest(10)).toEqual([]);
    });

    test('has the latest, as many as asked for, when others between them were erased', async () => {
      const log = await backend.open(1_000);
      await log.append(numbers(0, 900).map((n) => decidedFor(n, n % 3 === 0 ? 'stays' : 'goes')));
      expect(await log.erase(['goes'])).toBe(600);
      expect((await log.latest(200)).map(({ decidedAt }) => decidedAt)).toEqual(
        numbers(0, 300)
          .map((n) => n * 3)
          .toReversed()
          .slice(0, 200),
      );
      expect(await log.latest(1_000)).toHaveLength(300);
    });

    test('forgets what was decided before an instant, some at a time, until none is left', async () => {
      const log = await backend.open(5_000);
      await log.append(numbers(0, 3_000).map(decision));
      await log.erase([decision(0).visitorId]);
      let gone = 0;
      for (let now = await log.forgetBefore(2_500); now > 0; now = await log.forgetBefore(2_500)) gone += now;
      expect(gone).toBeGreaterThanOrEqual(2_499);
      expect((await log.latest(5_000)).map(({ decidedAt }) => decidedAt)).toEqual(numbers(2_500, 3_000).toReversed());
    });

    test('of batches appended at once all arrive, each in its order', async () => {
      const log = await backend.open(1_000);
      await Promise.all([0, 100, 200].map((start) => log.append(numbers(start, start + 100).map(decision))));
      const order = (await log.latest(1_000)).map(({ decidedAt }) => decidedAt).toReversed();
      expect(order.toSorted((a, b) => a - b)).toEqual(numbers(0, 300));
      const first = order.filter((at) => at < 100);
      expect(first).toEqual(numbers(0, 100));
    });
  });
}

/** A decision that can be told from others by its number. */
export function decision(number: number): LoggedDecision {
  return {
    decisionId: `decision-${number}`,
    visitorId: `Zoë 🐈 } ${number}`,
    decidedAt: number,
    rulebookVersion: 1,
    served: 'full',
    placements: [
      {
        placement: 'home.hero',
        reason: 'TARGETING_MATCH',
        items: [{ offer: 'pet-camera', rule: 'pets', propensity: 1 }],
      },
      { placement: 'home.cards', reason: 'DEFAULT', items: [{ offer: 'welcome', propensity: 1 }] },
    ],
  };
}

function decidedFor(number: number, visitorId: string): LoggedDecision {
  return { ...decision(number), visitorId };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}
