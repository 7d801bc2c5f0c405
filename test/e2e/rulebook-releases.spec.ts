import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { describeOn, describeOnBothStores, someone } from './harness.js';
import { SHOP_FILES } from './shop.js';
import type { Answer, Service } from './service.js';
import { until } from '../until.js';

const KEYS = {
  author: 'the-key-of-author-0001',
  approver: 'the-key-of-approver-0001',
  other: 'the-key-of-approver-0002',
  admin: 'the-key-of-admin-0001',
};
const base = '/v1/rulebook';
const welcome = (title: string) => ({
  ...SHOP_FILES,
  'offers/welcome.json': JSON.stringify({ name: title, treatments: { '*': { content: { title } } } }),
});

interface Asked {
  readonly body?: unknown;
  readonly key?: string;
}

function send(service: Service, path: string, { body, key }: Asked = {}): Promise<Answer> {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  return service.send(body === undefined ? 'GET' : 'POST', `${base}/${path}`, {
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Publishes the shop with another title of its welcome; gives the version. */
async function publish(service: Service, title: string, key?: string): Promise<number> {
  const { status, body } = await send(service, 'releases', {
    body: { files: welcome(title), message: `Says ${title}` },
    ...(key !== undefined && { key }),
  });
  expect(status).toBe(201);
  return (body as { version: number }).version;
}

/** The title that a visitor is greeted with, by which release. */
async function greeting(service: Service, visitorId = someone()): Promise<[version: number, title: unknown]> {
  const { rulebook, decisions } = await service.decide({ visitorId, placements: ['hero'] });
  return [rulebook.version, decisions[0]?.items[0]?.content['title']];
}

/** Waits until an answer is as it should be. How soon replicas follow is measured by `npm run drills`. */
function becomes<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  return until(JSON.stringify(wanted), async () => {
    expect(await ask()).toEqual(wanted);
    return true;
  });
}

describeOnBothStores('releases over HTTP', (service) => {
  test('begin with the folder as release 1, live', async () => {
    expect((await send(service, 'releases')).body).toMatchObject({
      releases: [{ version: 1, fileCount: Object.keys(SHOP_FILES).length }],
    });
    expect((await send(service, 'rollout')).body).toEqual({ revision: 1, live: 1, before: [] });
    const { body } = await send(service, 'releases/1?files=true');
    expect(body).toMatchObject({
      version: 1,
      files: SHOP_FILES,
      revisions: { 'offers/welcome.json': 1 },
      publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect((await send(service, 'releases/1')).body).not.toHaveProperty('files');
  });

  test('are checked without being kept', async () => {
    const good = await send(service, 'check', { body: { files: welcome('Hello') } });
    expect([good.status, good.body]).toMatchObject([
      200,
      { problems: [], failedCases: [], disagreements: [], digest: expect.stringMatching(/^sha256:/) },
    ]);
    const bad = await send(service, 'check', {
      body: {
        files: { ...SHOP_FILES, 'offers/welcome.json': '{\n"name": 7 }', '../x.json': '{}', 'ofers/a.json': '{}' },
      },
    });
    expect([bad.status, bad.body]).toMatchObject([
      200,
      {
        problems: expect.arrayContaining([
          expect.objectContaining({ file: 'offers/welcome.json', line: 2 }),
          expect.objectContaining({ file: '../x.json' }),
          expect.objectContaining({ file: 'ofers/a.json' }),
        ]),
      },
    ]);
    const failing = {
      name: 'Stranger',
      request: { placements: ['hero'] },
      now: '2026-01-01T00:00:00Z',
      expect: { hero: ['camera'] },
    };
    expect(
      (
        await send(service, 'check', {
          body: { files: { ...SHOP_FILES, 'cases/stranger.json': JSON.stringify(failing) } },
        })
      ).body,
    ).toMatchObject({
      problems: [],
      failedCases: [
        { id: 'stranger', ok: false, differences: expect.arrayContaining([expect.stringContaining('camera')]) },
      ],
    });
    expect((await send(service, 'releases')).body).toMatchObject({ releases: [{ version: 1 }] });
  });

  test('are published, made live and rolled back', async () => {
    const version = await publish(service, 'Good day');
    expect(await greeting(service)).toEqual([1, 'Welcome']);
    expect((await send(service, `releases/${version}/activate`, { body: {} })).body).toMatchObject({
      live: version,
      before: [1],
    });
    await becomes(() => greeting(service), [version, 'Good day']);
    expect((await send(service, 'rollback', { body: {} })).body).toMatchObject({ live: 1, before: [] });
    await becomes(() => greeting(service), [1, 'Welcome']);
    expect([(await send(service, 'rollback', { body: {} })).body]).toMatchObject([{ code: 'ROLLOUT_REFUSED' }]);
    expect((await send(service, 'events?limit=3')).body).toMatchObject({
      events: [
        { who: 'local', action: 'rollback', version: 1, as: 'live' },
        { who: 'local', action: 'activate', version, as: 'live' },
        { who: 'local', action: 'publish', version, message: 'Says Good day' },
      ],
      next: 3,
    });
    expect((await send(service, 'events?skip=3')).body).toMatchObject({
      events: [
        { who: 'folder', action: 'activate' },
        { who: 'folder', action: 'publish' },
      ],
    });
  });

  test('serve a share of the visitors as a canary, the same ones each time', async () => {
    const version = await publish(service, 'Canary');
    expect(
      (await send(service, `releases/${version}/activate`, { body: { as: 'canary', share: 50 } })).body,
    ).toMatchObject({ live: 1, canary: { version, share: 50 } });
    const people = Array.from({ length: 60 }, (_, n) => `canary-${n}`);
    const served = () => Promise.all(people.map(async (id) => (await greeting(service, id))[0]));
    await becomes(async () => new Set(await served()).size, 2);
    const first = await served();
    expect(await served()).toEqual(first);
    expect((await send(service, 'end', { body: { as: 'canary' } })).body).not.toHaveProperty('canary');
    await becomes(async () => new Set(await served()).size, 1);
  });

  test('serve a canary to the same people after they log in, whether they were imported or not', async () => {
    const version = await publish(service, 'Canary and login');
    await send(service, `releases/${version}/activate`, { body: { as: 'canary', share: 50 } });
    const people = Array.from({ length: 40 }, () => ({ anonymousId: someone(), userId: someone() }));
    const imported = people.slice(0, 10).map(({ userId }) => JSON.stringify({ visitorId: userId, traits: { a: 1 } }));
    await service.post('/v1/visitors/import', imported.join('\n'), 'application/x-ndjson');
    const viewed = ({ anonymousId }: { anonymousId: string }) => ({ type: 'page', anonymousId, messageId: someone() });
    // Half of the devices say what they did; of the others nothing is known but that they were served.
    await service.tell(...people.filter((_, at) => at % 2).map(viewed));
    const served = (name: 'anonymousId' | 'userId') =>
      Promise.all(people.map(async (ids) => (await greeting(service, ids[name]))[0]));
    await becomes(async () => new Set(await served('anonymousId')).size, 2);
    const before = await served('anonymousId');
    await service.tell(...people.map((ids) => ({ type: 'identify', ...ids, messageId: someone() })));
    await service.tell(...people.map(({ userId }) => ({ type: 'track', event: 'Seen', userId, messageId: someone() })));
    expect(await served('anonymousId')).toEqual(before);
    expect(await served('userId')).toEqual(before);
    await send(service, 'end', { body: { as: 'canary' } });
  });

  test('tell as a shadow what they would decide otherwise', async () => {
    const quiet = {
      ...welcome('Shadow'),
      'placements/hero.json': JSON.stringify({ name: 'Hero', channel: 'web', count: 1, fallback: 'hello' }),
    };
    const { version } = (
      await send(service, 'releases', { body: { files: quiet, message: 'Another fallback', author: 'Marketing' } })
    ).body as { version: number };
    await send(service, `releases/${version}/activate`, { body: { as: 'shadow' } });
    await becomes(async () => ((await send(service, 'rollout')).body as { shadow?: unknown }).shadow, { version });
    const report = async () =>
      (await send(service, `releases/${version}/shadow`)).body as { compared: number; differences: object[] };
    await until('a decision to be compared', async () => {
      await service.decide({ visitorId: someone(), placements: ['hero', 'season'] });
      return (await report()).compared > 0;
    });
    expect(await report()).toMatchObject({
      version,
      skipped: 0,
      failed: 0,
      differences: [{ live: 1, placement: 'hero', from: ['welcome'], to: ['hello'], count: expect.any(Number) }],
    });
    expect((await send(service, 'end', { body: { as: 'shadow' } })).status).toBe(200);
  });

  test('are told apart, file by file', async () => {
    const [a, b] = [await publish(service, 'One'), await publish(service, 'Two')];
    const { body } = await send(service, `diff?from=${a}&to=${b}`);
    expect(body).toMatchObject({
      from: a,
      to: b,
      files: [
        {
          path: 'offers/welcome.json',
          change: 'changed',
          from: a,
          to: b,
          diff: expect.stringMatching(/\n-.*One.*\n.*\n?\+.*Two/),
        },
      ],
    });
    expect((await send(service, `diff?from=${b}&to=${b}`)).body).toMatchObject({ files: [] });
  });

  test('are listed page by page', async () => {
    const { releases, next } = (await send(service, 'releases?limit=2')).body as {
      releases: { version: number }[];
      next: number;
    };
    expect([releases.length, next]).toEqual([2, releases[1]?.version]);
    expect((await send(service, `releases?before=${next}&limit=200`)).body).toMatchObject({
      releases: expect.arrayContaining([expect.objectContaining({ version: 1 })]),
    });
  });

  test('are given back rather than made again where nothing changed', async () => {
    const version = await publish(service, 'Again');
    expect(
      (await send(service, 'releases', { body: { files: welcome('Again'), message: 'once more' } })).body,
    ).toMatchObject({ version, isNew: false, message: 'Says Again' });
  });

  test('remain over a restart', async () => {
    const version = await publish(service, 'Stays');
    await send(service, `releases/${version}/activate`, { body: { as: 'live' } });
    await service.restart();
    expect(await greeting(service)).toEqual([version, 'Stays']);
    await send(service, 'releases/1/activate', { body: {} });
    await becomes(() => greeting(service), [1, 'Welcome']);
  });

  test('are refused with every reason', async () => {
    const { status, body } = await send(service, 'releases', {
      body: { files: { ...SHOP_FILES, 'offers/welcome.json': '{', '../../x.json': '{}' }, message: 'x' },
    });
    expect([status, body]).toMatchObject([
      422,
      {
        code: 'RELEASE_REFUSED',
        problems: expect.arrayContaining([
          expect.objectContaining({ path: '../../x.json:1:1' }),
          expect.objectContaining({ path: 'offers/welcome.json:1:1' }),
        ]),
      },
    ]);
  });

  test.each<[string, unknown, number, object]>([
    [
      'releases',
      {},
      400,
      [
        { path: 'files', message: 'is missing' },
        { path: 'message', message: 'is missing' },
      ],
    ],
    ['releases', { files: {}, message: 'x' }, 400, [{ path: 'files', message: expect.stringMatching(/^has no file/) }]],
    ['releases', { files: SHOP_FILES, message: ' ' }, 400, [{ path: 'message', message: 'must say what changes' }]],
    [
      'releases',
      { files: { 'offers/a.json': { name: 'a' } }, message: 'x', autor: 'x' },
      400,
      [{ path: 'autor' }, { path: 'files.offers/a.json', message: 'must be a text, the whole of the file' }],
    ],
    ['check', { files: [] }, 400, [{ path: 'files' }]],
    ['releases/1/activate', { as: 'dark' }, 400, [{ path: 'as', message: 'must be one of live, canary, shadow' }]],
    [
      'releases/1/activate',
      { as: 'canary' },
      400,
      [{ path: 'share', message: expect.stringMatching(/above 0 and up to 100, such as 10/) }],
    ],
    ['releases/1/activate', { as: 'canary', share: 100.5 }, 400, [{ path: 'share' }]],
    [
      'releases/1/activate',
      { share: 10 },
      400,
      [{ path: 'share', message: expect.stringMatching(/for a canary alone/) }],
    ],
    ['releases/0/activate', {}, 400, [{ path: 'version', message: 'must be a whole number from 1 on' }]],
    ['releases/one/activate', {}, 400, [{ path: 'version' }]],
    [
      'releases/999/activate',
      {},
      404,
      [{ message: expect.stringMatching(/^There is no release 999; the latest is \d+\.$/) }],
    ],
    ['releases/1/activate', { as: 'shadow' }, 409, [{ message: expect.stringMatching(/^Release 1 is live already/) }]],
    ['end', {}, 400, [{ path: 'as', message: 'is missing' }]],
    ['end', { as: 'live' }, 400, [{ path: 'as', message: 'must be one of canary, shadow' }]],
    [
      'end',
      { as: 'canary' },
      409,
      [{ message: expect.stringMatching(/^There is no canary to end\. Release 1 is live\.$/) }],
    ],
    ['diff?from=1', undefined, 400, [{ path: 'to' }]],
    ['diff?from=1&to=999', undefined, 404, [{}]],
    ['releases?limit=0', undefined, 400, [{ path: 'limit', message: 'must be a whole number from 1 to 200' }]],
    ['releases/1?files=perhaps', undefined, 400, [{ path: 'files' }]],
    ['releases/999/shadow', undefined, 404, [{}]],
    ['events?skip=-1', undefined, 400, [{ path: 'skip' }]],
  ])('%s with %j is refused with %i', async (path, body, status, problems) => {
    const answer = await send(service, path, { body });
    expect([answer.status, (answer.body as { problems: unknown }).problems]).toMatchObject([status, problems]);
  });
});

describeOn('SQLite', 'large bodies', (service) => {
  const large = (megabytes: number) => ({
    ...SHOP_FILES,
    'offers/welcome.json': JSON.stringify({ name: 'x'.repeat(megabytes * 1_048_576) }),
  });

  test('are taken where rule files come, up to a limit that is named, gzipped or not', async () => {
    const { status, body } = await send(service, 'check', { body: { files: large(3) } });
    expect([status, body]).toMatchObject([
      200,
      {
        problems: expect.arrayContaining([
          expect.objectContaining({
            file: 'offers/welcome.json',
            message: expect.stringMatching(/more than the 1048576/),
          }),
        ]),
      },
    ]);
    const zipped = gzipSync(JSON.stringify({ files: large(3) }));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await service.send('POST', `${base}/check`, { body: zipped, headers })).status).toBe(200);
    expect((await send(service, 'check', { body: { files: large(65) } })).body).toMatchObject({
      code: 'BODY_TOO_LARGE',
      message: expect.stringContaining(String(64 * 1_048_576)),
    });
  });

  test('are refused everywhere else as before', async () => {
    const { status, body } = await send(service, 'end', { body: { as: 'x'.repeat(1_100_000) } });
    expect([status, body]).toMatchObject([413, { message: expect.stringContaining(String(1_048_576)) }]);
  });
});

describe('with approvals', () => {
  const settings = {
    USHER_APPROVALS: '1',
    USHER_KEYS: `author:${KEYS.author} approver:${KEYS.approver} approver:${KEYS.other} admin:${KEYS.admin}`,
  };
  describeOnBothStores(
    'a release',
    (service) => {
      const activate = (version: number, key: string) =>
        send(service, `releases/${version}/activate`, { body: {}, key });

      test('is proposed with one key and activated with another, and the log says with which', async () => {
        const version = await publish(service, 'Proposed', KEYS.author);
        expect(await activate(version, KEYS.author)).toMatchObject({
          status: 403,
          body: { code: 'FORBIDDEN', message: expect.stringMatching(/scope approver or admin/) },
        });
        expect(await activate(version, KEYS.approver)).toMatchObject({ status: 200, body: { live: version } });
        const { body, text } = await send(service, 'events?limit=2', { key: KEYS.author });
        expect(body).toMatchObject({
          events: [
            { action: 'activate', who: expect.stringMatching(/^approver:[0-9a-f]{8}$/) },
            { action: 'publish', who: expect.stringMatching(/^author:[0-9a-f]{8}$/) },
          ],
        });
        expect(text).not.toMatch(/the-key-of/);
        expect((await send(service, `releases/${version}`, { key: KEYS.author })).body).toMatchObject({
          author: expect.stringMatching(/^author:/),
        });
      });

      test('is not approved by whoever proposed it, of whatever scope', async () => {
        for (const [own, other] of [
          [KEYS.approver, KEYS.other],
          [KEYS.admin, KEYS.approver],
        ] as const) {
          const version = await publish(service, someone(), own);
          expect(await activate(version, own)).toMatchObject({ status: 403, body: { code: 'APPROVAL_NEEDED' } });
          expect(await activate(version, other)).toMatchObject({ status: 200 });
        }
      });

      test('is rolled back by one approver alone, but by no author', async () => {
        expect((await send(service, 'rollback', { body: {}, key: KEYS.author })).status).toBe(403);
        expect((await send(service, 'end', { body: { as: 'canary' }, key: KEYS.author })).status).toBe(403);
        expect((await send(service, 'rollback', { body: {}, key: KEYS.approver })).status).toBe(200);
      });
    },
    { settings },
  );
});
