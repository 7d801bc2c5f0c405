import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Json } from '../engine/language/json.js';
import { plainMessageId } from '../engine/visitor/message-source.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { EventIntake } from './event-intake.js';

/** Retention goes by the clock of the machine. */
const RECEIVED = Date.now();
const DAY = 86_400_000;

let database: SqliteDatabase;
let visitors: VisitorsService;
let intake: EventIntake;
beforeEach(() => {
  database = SqliteDatabase.open(':memory:');
  visitors = new VisitorsService(new SqliteVisitorStore(database), { keepInteractions: 500, keepDays: 30 });
  intake = new EventIntake(visitors);
});
afterEach(() => database.close());

const take = (events: readonly Json[], trusted = true) =>
  intake.take(events, { trusted, channel: trusted ? 'server' : 'web', door: 'tracking' }, RECEIVED);
const bought = (messageId: string, more: object = {}) => ({
  type: 'track',
  event: 'Bought',
  userId: 'u',
  messageId,
  ...more,
});
const at = (offset: number) => ({ timestamp: new Date(RECEIVED + offset).toISOString() });

describe('events that are taken in', () => {
  test('are nothing where none came', async () => {
    const nothing = {
      accepted: 0,
      notRetained: 0,
      duplicates: 0,
      refused: [],
      clamped: [],
      guarded: [],
      messageIds: [],
      notJoined: [],
      uncounted: [],
    };
    expect(await take([])).toEqual(nothing);
  });

  test('are told apart: taken, known before, twice in one request, refused by their places', async () => {
    await take([bought('m-1')]);
    const taken = await take([bought('m-1'), 7, bought('m-2'), bought('m-2'), { type: 'track' }, bought('m-3')]);
    expect(taken).toMatchObject({ accepted: 2, duplicates: 2, refused: [{ index: 1 }, { index: 4 }], clamped: [] });
    expect((await visitors.find('u'))?.interactions).toHaveLength(3);
  });

  test('that are older than what is kept count as taken, once', async () => {
    const old = bought('m-1', at(-31 * DAY));
    expect(await take([old, bought('m-2', at(-29 * DAY))])).toMatchObject({ accepted: 2, notRetained: 1 });
    expect((await visitors.find('u'))?.interactions.map(({ messageId }) => messageId)).toEqual(['m-2']);
  });

  test('that say a time to come are told by their places, which those refused before them count in', async () => {
    expect((await take([null, bought('m-1'), bought('m-2', at(2 * DAY))])).clamped).toEqual([2]);
  });

  test('come from where their sender is, unless they say so themselves', async () => {
    await take([bought('m-1'), bought('m-2', { context: { channel: 'app' } })], false);
    const channels = (await visitors.find('u'))?.interactions.map(({ messageId, channel }) => [
      plainMessageId(messageId),
      channel,
    ]);
    expect(new Map(channels as [string, string][])).toEqual(
      new Map([
        ['m-1', 'web'],
        ['m-2', 'app'],
      ]),
    );
  });

  test('join two people who are both known only for a sender with a secret key', async () => {
    const people = ['ann', 'bob'].map((userId) => ({ type: 'identify', userId, traits: { of: userId } }));
    await take(people);
    const alias = { type: 'alias', userId: 'ann', previousId: 'bob' };
    const refused = await take([bought('m-1'), alias, bought('m-2')], false);
    expect(refused).toMatchObject({ accepted: 2, refused: [{ index: 1, problems: [{ path: 'previousId' }] }] });
    expect((await visitors.find('bob'))?.userIds).toEqual(['bob']);
    expect(await take([alias])).toMatchObject({ accepted: 1, refused: [] });
    expect([...((await visitors.find('bob'))?.userIds ?? [])].sort()).toEqual(['ann', 'bob']);
  });

  test('list what was refused in the order of their places, whoever refused it', async () => {
    await take(['ann', 'bob'].map((userId) => ({ type: 'identify', userId, traits: {} })));
    const alias = { type: 'alias', userId: 'ann', previousId: 'bob' };
    expect((await take([alias, 7, alias, 'x'], false)).refused.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  test('are rejected as a whole where the store fails, none of them half', async () => {
    await database.close();
    await expect(take([bought('m-1'), 7])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    database = SqliteDatabase.open(':memory:');
  });
});
