import { expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import type { RejectedPage, ShownRejection } from '../../src/tracking/rejected.controller.js';
import { ago, describeOn, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

const LIST = '/v1/tracking/rejected';
const page = async (service: Service, query = '') => (await service.get(`${LIST}${query}`)).body as RejectedPage;
const rejected = async (service: Service) => (await page(service, '?limit=200')).rejected;
const latest = async (service: Service): Promise<ShownRejection> => {
  const [first] = await rejected(service);
  if (!first) throw new Error('nothing was refused');
  return first;
};

describeOnBothStores('refused events', (service) => {
  test('are kept with the reasons, the time and the library, newest first', async () => {
    const userId = someone();
    const bad = { type: 'track', userId, event: '', context: { library: { name: 'analytics.js', version: '1.2' } } };
    await service.post('/v1/batch', {
      batch: [bad, { type: 'track', userId, event: 'good' }, 7, { type: 'dance', userId, messageId: 'm' }],
      writeKey: 'k',
    });
    const [dance, seven, nameless] = await rejected(service);
    expect(nameless).toMatchObject({ library: 'analytics.js/1.2', problems: [{ path: 'event' }], event: bad });
    expect(seven).toMatchObject({ event: 7, problems: [{ path: '' }], library: 'node' });
    expect(dance).toMatchObject({ event: { type: 'dance', messageId: 'm' }, problems: [{ path: 'type' }] });
    expect(Date.now() - Date.parse(dance?.receivedAt ?? '')).toBeLessThan(60_000);
  });

  test('of a single call are answered 400 and kept, without their key', async () => {
    const userId = someone();
    expect(await service.post('/v1/t', { userId, writeKey: 'secret' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', problems: [{ path: 'event' }] },
    });
    expect((await latest(service)).event).toEqual({ userId, type: 'track' });
  });

  test('that are too large or too deep are kept as far as that goes', async () => {
    const userId = someone();
    await service.post('/v1/track', { userId, properties: { note: 'ü'.repeat(20_000) } });
    const cut = await latest(service);
    expect([cut.event, cut.beginning?.length, cut.beginning?.slice(0, 10)]).toEqual([undefined, 1_024, '{"userId":']);
    await service.post(
      '/v1/track',
      `{"userId":"u","event":"e","properties":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    );
    expect((await latest(service)).problems).toMatchObject([{ path: 'properties' }]);
  });

  test('are read page by page', async () => {
    const userId = someone();
    await service.post('/v1/batch', { batch: [1, 2, 3, 4, 5].map((number) => ({ type: 'track', userId, number })) });
    const numbers: unknown[] = [];
    let before = '';
    for (let pages = 0; pages < 3; pages++) {
      const { rejected: shown, next } = await page(service, `?limit=2${before}`);
      numbers.push(...shown.map(({ event }) => (event as { number: number }).number));
      before = `&before=${next}`;
    }
    expect(numbers.slice(0, 5)).toEqual([5, 4, 3, 2, 1]);
    expect((await page(service, '?limit=&before=')).rejected).toEqual(
      await rejected(service).then((all) => all.slice(0, 50)),
    );
    for (const limit of ['0', '201', 'x', '1.5', '-1'])
      expect(await service.get(`${LIST}?limit=${limit}`)).toMatchObject({
        status: 400,
        body: { problems: [{ path: 'limit' }] },
      });
    expect(await service.get(`${LIST}?before=a&before=b`)).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'before' }] },
    });
  });

  test('are forgotten by their id', async () => {
    await service.post('/v1/t', { userId: someone() });
    const { id } = await latest(service);
    expect((await service.send('DELETE', `${LIST}/${id}`)).body).toEqual({ success: true });
    expect(await service.send('DELETE', `${LIST}/${id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await rejected(service)).map((one) => one.id)).not.toContain(id);
  });

  test('that are still bad stay in their place when they are taken in again, and unknown ids are named', async () => {
    await service.post('/v1/t', { userId: someone() });
    const before = await latest(service);
    const { status, body } = await service.post(`${LIST}/replay`, { ids: [before.id, 'nothing', before.id] });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        stored: 0,
        refusedCount: 1,
        refused: [{ id: before.id, problems: before.problems }],
        missing: ['nothing'],
      },
    ]);
    expect(await latest(service)).toEqual(before);
    expect((await service.send('POST', `${LIST}/replay`)).body).toMatchObject({
      success: true,
      stored: 0,
      missing: [],
    });
    for (const bad of [[], { ids: 'all' }, { ids: [7] }, { id: ['x'] }])
      expect((await service.post(`${LIST}/replay`, bad)).status).toBe(400);
  });
});

describeOnBothStores('refused events of another day', (service) => {
  test('are taken in again once what they need is there, as if they came when they first did', async () => {
    const userId = someone();
    const receivedAt = Date.parse(ago(2, 'd'));
    const entry = (event: object, number: number) => ({
      ...{
        id: `${receivedAt * 1_000 + number}-0badcafe`,
        receivedAt,
        problems: [{ path: 'type', message: 'was not known then' }],
        cut: false,
        about: [userId],
      },
      text: JSON.stringify({ type: 'track', userId, ...event }),
    });
    const skewed = {
      event: 'skewed',
      timestamp: new Date(receivedAt + 3_540_000).toISOString(),
      sentAt: new Date(receivedAt + 3_600_000).toISOString(),
    };
    await putBack(service, [entry({ event: 'timeless' }, 1), entry(skewed, 2), entry({}, 3)]);
    expect((await service.post(`${LIST}/replay`, {})).body).toMatchObject({
      stored: 2,
      refusedCount: 1,
      refused: [{ problems: [{ path: 'event' }] }],
    });
    const { interactions } = await service.visitor(userId);
    expect(interactions.map(({ event, timestamp }) => [event, Date.parse(timestamp) - receivedAt])).toEqual([
      ['timeless', 0],
      ['skewed', -60_000],
    ]);
    expect((await rejected(service)).map(({ problems }) => problems)).toMatchObject([[{ path: 'event' }]]);
  });
});

describeOnBothStores('refused events that can not be kept', (service) => {
  test('do not stand in the way of the good ones', async () => {
    await breakList(service);
    const userId = someone();
    const { status, body } = await service.post('/v1/batch', {
      batch: [
        { type: 'track', userId, event: 'good' },
        { type: 'track', userId },
      ],
    });
    expect([status, body]).toMatchObject([200, { accepted: 1, refused: [{ index: 1 }] }]);
    expect(await service.visitor(userId)).toMatchObject({ counters: { good: { count: 1 } } });
    expect((await service.post('/v1/t', { userId })).status).toBe(400);
    expect((await service.get('/metrics')).text).toContain('usher_rejected_unkept_total');
  });
});

describeOn(
  'SQLite',
  'refused events beyond the number that is kept',
  (service) => {
    test('push out the oldest', async () => {
      await service.post('/v1/batch', { batch: [1, 2, 3, 4].map((number) => ({ number })) });
      expect((await rejected(service)).map(({ event }) => event)).toEqual([{ number: 4 }, { number: 3 }]);
    });
  },
  { settings: { USHER_KEEP_REJECTED: '2' } },
);

const KEYS = { browser: 'b'.repeat(32), server: 's'.repeat(32) };

describeOnBothStores(
  'refused aliases',
  (service) => {
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
    const post = (key: string, path: string, body: object) =>
      service.send('POST', path, { ...as(key), body: JSON.stringify(body) });

    test('of browsers are agreed to by naming them in a replay with a secret key, and by nothing less', async () => {
      const [ann, bea] = [someone(), someone()];
      for (const userId of [ann, bea]) await post(KEYS.server, '/v1/track', { userId, event: `of ${userId}` });
      const alias = { userId: ann, previousId: bea, messageId: `alias-${ann}` };
      expect(await post(KEYS.browser, '/v1/alias', alias)).toMatchObject({
        status: 400,
        body: { problems: [{ path: 'previousId' }] },
      });
      expect(
        (
          await post(KEYS.browser, '/v1/batch', {
            batch: [
              { ...alias, type: 'alias' },
              { type: 'track', userId: ann, event: 'a' },
            ],
          })
        ).body,
      ).toMatchObject({ accepted: 1, refused: [{ index: 0, messageId: alias.messageId }] });
      expect((await post(KEYS.browser, `${LIST}/replay`, {})).status).toBe(403);
      expect((await service.send('GET', LIST, as(KEYS.browser))).status).toBe(403);
      expect((await post(KEYS.server, `${LIST}/replay`, {})).body).toMatchObject({ stored: 0, refusedCount: 2 });
      const { body: list } = await service.send('GET', LIST, as(KEYS.server));
      const ids = (list as { rejected: { id: string }[] }).rejected.map(({ id }) => id);
      expect((await post(KEYS.server, `${LIST}/replay`, { ids })).body).toMatchObject({ stored: 2, refusedCount: 0 });
      const { body } = await service.send('GET', `/v1/visitors/${bea}`, as(KEYS.server));
      expect(body).toMatchObject({ counters: { [`of ${ann}`]: { count: 1 }, [`of ${bea}`]: { count: 1 } } });
    });
  },
  { settings: { USHER_KEYS: `browser:${KEYS.browser},server:${KEYS.server}` } },
);

/** Writes into the store what an earlier day left there. */
async function putBack(service: Service, entries: readonly { readonly id: string }[]): Promise<void> {
  for (const entry of entries) {
    if (onSqlite(service))
      inDatabase(service, (database) =>
        database.prepare('INSERT INTO rejected (id, body) VALUES (?, ?)').run(entry.id, JSON.stringify(entry)),
      );
    else {
      await service.redis.ask(`ZADD usher:{rejected}:order 0 ${entry.id}`);
      await service.redis.ask(`HSET usher:{rejected}:events ${entry.id} ${JSON.stringify(JSON.stringify(entry))}`);
    }
  }
}

async function breakList(service: Service): Promise<void> {
  if (onSqlite(service)) inDatabase(service, (database) => database.exec('ALTER TABLE rejected RENAME TO gone'));
  else await service.redis.ask('SET usher:{rejected}:order x');
}

function onSqlite(service: Service): boolean {
  try {
    return !service.redis;
  } catch {
    return true;
  }
}

function inDatabase(service: Service, work: (database: DatabaseSync) => unknown): void {
  const database = new DatabaseSync(service.databaseFile);
  work(database);
  database.close();
}
