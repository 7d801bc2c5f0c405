import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RejectedEvent, type RejectedEvents, rejectedEventId, type RejectedLimits } from './rejected-events.js';

/**
 * What the suite runs against: `open` gives a list over data of its own each time, `reopen` one over the data of the
 * last.
 */
export interface RejectedBackend {
  open(limits: RejectedLimits): Promise<RejectedEvents>;
  reopen(limits: RejectedLimits): Promise<RejectedEvents>;
  tearDown(): Promise<void>;
}

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21);
const limits = (keep: number, keepDays = 0): RejectedLimits => ({ keep, keepDays, now: () => NOW });

/** The suite that every {@link RejectedEvents} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeRejectedEvents(name: string, setUp: () => Promise<RejectedBackend>): void {
  describe(name, () => {
    let backend: RejectedBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('a list that was never written to is empty', async () => {
      const list = await backend.open(limits(10));
      expect(await list.page(10)).toEqual([]);
      expect(await list.find([rejected(1).id])).toEqual([]);
      expect(await list.remove([rejected(1).id])).toBe(0);
    });

    test('what is appended is read back as it was, newest first whatever the order of appending', async () => {
      const list = await backend.open(limits(10));
      await list.append([rejected(2), rejected(4)]);
      await list.append([rejected(1), rejected(3)]);
      expect(await list.page(10)).toEqual([4, 3, 2, 1].map((number) => rejected(number)));
    });

    test('pages follow each other without a gap, even when the last one seen is gone', async () => {
      const list = await backend.open(limits(10));
      await list.append([1, 2, 3, 4, 5].map((number) => rejected(number)));
      expect(await list.page(2)).toEqual([rejected(5), rejected(4)]);
      await list.remove([rejected(4).id]);
      expect(await list.page(2, rejected(4).id)).toEqual([rejected(3), rejected(2)]);
      expect(await list.page(2, rejected(2).id)).toEqual([rejected(1)]);
      expect(await list.page(2, rejected(1).id)).toEqual([]);
      expect(await list.page(0)).toEqual([]);
    });

    test('an event whose id is there takes its place', async () => {
      const list = await backend.open(limits(10));
      await list.append([rejected(1), rejected(2)]);
      const again = { ...rejected(1), problems: [{ path: 'event', message: 'is still missing' }] };
      await list.append([again]);
      expect(await list.page(10)).toEqual([rejected(2), again]);
    });

    test('events are found and removed by their ids', async () => {
      const list = await backend.open(limits(10));
      await list.append([1, 2, 3].map((number) => rejected(number)));
      expect(await list.find([rejected(3).id, 'nothing', rejected(1).id])).toEqual([rejected(3), rejected(1)]);
      expect(await list.remove([rejected(3).id, 'nothing', rejected(1).id])).toBe(2);
      expect(await list.page(10)).toEqual([rejected(2)]);
      expect(await list.find([])).toEqual([]);
      expect(await list.remove([])).toBe(0);
    });

    test('the oldest beyond the number are forgotten', async () => {
      const list = await backend.open(limits(100));
      for (let start = 0; start < 300; start += 60)
        await list.append(Array.from({ length: 60 }, (_, n) => rejected(start + n)));
      const all = await list.page(1_000);
      expect([all.length, all[0], all.at(-1)]).toEqual([100, rejected(299), rejected(200)]);
      expect(await list.find([rejected(199).id])).toEqual([]);
    });

    test('a limit of zero keeps nothing', async () => {
      const list = await backend.open(limits(0));
      await list.append([rejected(1)]);
      expect(await list.page(10)).toEqual([]);
    });

    test('those that are too old are not shown, and forgotten at the next append', async () => {
      const days = [rejected(1, NOW - 31 * DAY), rejected(2, NOW - 29 * DAY), rejected(3, NOW)];
      const unlimited = await backend.open(limits(10));
      await unlimited.append(days);
      const list = await backend.reopen(limits(10, 30));
      expect(await list.page(10)).toEqual([days[2], days[1]]);
      expect(await list.find([days[0]?.id ?? ''])).toEqual([]);
      await list.append([]);
      expect(await (await backend.reopen(limits(10))).page(10)).toEqual([days[2], days[1]]);
    });

    test('what is about a person is erased, wherever it names them, and nothing else', async () => {
      const list = await backend.open(limits(1_000));
      const named = (number: number, text: unknown, about: string[] = []) => ({
        ...rejected(number),
        text: JSON.stringify(text),
        about,
      });
      const theirs = [
        named(1, {}, ['u-"9"']),
        named(2, { userId: 'u-"9"' }),
        named(3, { traits: { friends: ['a-1'] } }),
      ];
      const others = Array.from({ length: 500 }, (_, n) =>
        named(4 + n, { userId: 'u-99', note: 'about u-"9" and a-1' }, ['u-99']),
      );
      await list.append([...theirs, ...others]);
      expect(await list.eraseAbout(['u-"9"', 'a-1'])).toBe(3);
      expect(await list.page(1_000)).toEqual(others.toReversed());
    });

    test('of lists appended to at once nothing is lost', async () => {
      const list = await backend.open(limits(1_000));
      await Promise.all(
        [0, 100, 200].map((start) => list.append(Array.from({ length: 100 }, (_, n) => rejected(start + n)))),
      );
      expect(await list.page(1_000)).toHaveLength(300);
    });
  });
}

/** A refused event that can be told from others by its number. */
export function rejected(number: number, receivedAt: number = NOW - DAY + number): RejectedEvent {
  return {
    id: rejectedEventId(receivedAt * 1_000, '0000beef'),
    receivedAt,
    library: 'analytics-node/3.1.0',
    problems: [{ path: 'event', message: 'must be the name of what happened' }],
    text: JSON.stringify({ type: 'track', userId: `Zoë 🐈 } ${number}`, event: '' }),
    cut: false,
    about: [`Zoë 🐈 } ${number}`],
  };
}
