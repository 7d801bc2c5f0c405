import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Json } from '../engine/language/json.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteRejectedEvents } from '../stores/sqlite/sqlite-rejected-events.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import { RejectedKeeper } from '../visitors/rejected-keeper.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { EventIntake } from './event-intake.js';
import { RejectedList } from './rejected-list.js';

const RECEIVED = Date.UTC(2026, 10, 21);
const LIMITS = { keep: 1_000, keepDays: 0 };

let database: SqliteDatabase;
let visitors: VisitorsService;
let keeper: RejectedKeeper;
let list: RejectedList;

beforeEach(() => {
  Logger.overrideLogger(false);
  database = SqliteDatabase.open(':memory:');
  visitors = new VisitorsService(new SqliteVisitorStore(database), { keepInteractions: 500, keepDays: 0 });
  const store = new SqliteRejectedEvents(database, LIMITS);
  keeper = new RejectedKeeper(store);
  list = new RejectedList(store, new EventIntake(visitors));
});
afterEach(() => database.close());

const good = (userId: string, more: object = {}) => ({ type: 'track', event: 'Bought', userId, ...more });
const keep = (...events: Json[]) =>
  keeper.keep(
    events.map((raw) => ({ raw, problems: [{ path: 'event', message: 'was refused for now' }] })),
    { agent: 'agent/1', channel: 'server', receivedAt: RECEIVED },
  );
const idsOf = async () => (await list.page(1_000)).map(({ id }) => id);
const interactionsOf = async (id: string) => (await visitors.find(id))?.interactions ?? [];

const TRUSTED = { trusted: true, areProofsAsked: false };

describe('refused events', () => {
  test('are listed newest first, page by page, those of one request too', async () => {
    await keep(...Array.from({ length: 5 }, (_, n) => good(`u-${n}`)));
    const all = await list.page(10);
    expect(all.map(({ text }) => (JSON.parse(text) as { userId: string }).userId)).toEqual([
      'u-4',
      'u-3',
      'u-2',
      'u-1',
      'u-0',
    ]);
    expect((await list.page(2, all[1]?.id)).map(({ id }) => id)).toEqual(all.slice(2, 4).map(({ id }) => id));
    expect(await list.page(2, all[4]?.id)).toEqual([]);
  });

  test('are forgotten one by one, once', async () => {
    await keep(good('u-1'), good('u-2'));
    const [latest = ''] = await idsOf();
    expect([await list.remove(latest), await list.remove(latest), await list.remove('nothing')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await idsOf()).toHaveLength(1);
  });

  test('do not fail the request that brought them when the store does', async () => {
    await database.close();
    await expect(keep(good('u-1'))).resolves.toBeUndefined();
    database = SqliteDatabase.open(':memory:');
  });
});

describe('refused events that are taken in again', () => {
  test('are stored at the time of their receipt, leave the list, and are stored once', async () => {
    await keep(good('u-1', { messageId: 'm-1' }));
    expect(await list.replay(TRUSTED)).toEqual({ success: true, stored: 1, refusedCount: 0, refused: [], missing: [] });
    expect(await idsOf()).toEqual([]);
    await keep(good('u-1', { messageId: 'm-1' }));
    expect(await list.replay(TRUSTED)).toMatchObject({ stored: 1, refusedCount: 0 });
    expect(await interactionsOf('u-1')).toMatchObject([{ event: 'Bought', timestamp: RECEIVED }]);
  });

  test('stay in their place with the reasons of now, where they are still bad', async () => {
    await keep(good('u-1'), { type: 'track', userId: 'u-2' }, 'no event', good('u-3'));
    const before = await idsOf();
    const { stored, refusedCount, refused } = await list.replay(TRUSTED);
    expect([stored, refusedCount]).toEqual([2, 2]);
    expect(refused.map(({ id }) => id).toSorted()).toEqual([before[1], before[2]].toSorted());
    expect(await idsOf()).toEqual([before[1], before[2]]);
    expect((await list.page(10)).every(({ problems }) => problems[0]?.message !== 'was refused for now')).toBe(true);
  });

  test('may be some: ids that are not there are named, and an id that comes twice is one', async () => {
    await keep(good('u-1'), good('u-2'));
    const [, first = ''] = await idsOf();
    expect(await list.replay(TRUSTED, [first, 'gone', first, 'gone'])).toMatchObject({ stored: 1, missing: ['gone'] });
    expect([(await interactionsOf('u-1')).length, (await interactionsOf('u-2')).length]).toEqual([1, 0]);
    expect(await list.replay(TRUSTED, [])).toMatchObject({ stored: 0, missing: [] });
  });

  test('that were too large to be kept can’t be, and stay', async () => {
    await keep(good('u-1', { properties: { text: 'x'.repeat(40_000) } }));
    expect(await list.replay(TRUSTED)).toMatchObject({
      stored: 0,
      refused: [{ problems: [{ path: '', message: expect.stringContaining('too large to be kept whole') }] }],
    });
    expect(await idsOf()).toHaveLength(1);
  });

  test('are all taken in where they are many, and a hundred of those still refused are shown', async () => {
    await keep(...Array.from({ length: 250 }, (_, n) => (n % 2 === 0 ? good(`u-${n}`) : { type: 'track' })));
    const { stored, refusedCount, refused } = await list.replay(TRUSTED);
    expect([stored, refusedCount, refused.length]).toEqual([125, 125, 100]);
    expect(await idsOf()).toHaveLength(125);
  });

  test('join two known people only where they are named: nobody has looked at all of them', async () => {
    await visitors.record(visitors.normalise([good('u-1'), good('u-2')], undefined, RECEIVED).flatMap(eventIn));
    await keep({ type: 'alias', userId: 'u-1', previousId: 'u-2' });
    expect(await list.replay(TRUSTED)).toMatchObject({ stored: 0, refusedCount: 1 });
    expect(await list.replay({ ...TRUSTED, trusted: false }, await idsOf())).toMatchObject({
      stored: 0,
      refusedCount: 1,
    });
    expect(await list.replay(TRUSTED, await idsOf())).toMatchObject({ stored: 1, refusedCount: 0 });
    expect((await visitors.find('u-1'))?.userIds.toSorted()).toEqual(['u-1', 'u-2']);
  });
});

function eventIn(read: ReturnType<VisitorsService['normalise']>[number]) {
  return 'event' in read ? [read.event] : [];
}
