import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as importing from '../../src/cli/import-visitors.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { until } from '../until.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';
import { Service } from './service.js';
import { SHOP_FILES } from './shop.js';

const { importVisitors } = await importBuilt<typeof importing>('./cli/import-visitors.js');

/** Half of the people get another banner. */
const SPLIT = {
  name: 'Half of them',
  placements: ['banner'],
  conditions: { all: [{ fact: 'share', params: { salt: 'banner' }, operator: 'lessThan', value: 50 }] },
  event: { type: 'offer', params: { offer: 'app' } },
  priority: 100,
};
/** The shop with the split, and with another welcome. */
const filesOf = (title: string) => ({
  ...SHOP_FILES,
  'contextual/split.json': JSON.stringify(SPLIT),
  'offers/welcome.json': JSON.stringify({ name: title, treatments: { '*': { content: { title } } } }),
});

/** The split is live, and half of the people get the canary. */
async function release(service: Service): Promise<void> {
  for (const [title, as] of [
    ['Live', { as: 'live' }],
    ['Canary', { as: 'canary', share: 50 }],
  ] as const) {
    const { body } = await service.post('/v1/rulebook/releases', { files: filesOf(title), message: title });
    const { version } = body as { version: number };
    expect((await service.post(`/v1/rulebook/releases/${version}/activate`, as)).status).toBe(200);
  }
  await until('both to serve', async () => {
    const versions = await Promise.all(
      Array.from({ length: 20 }, async () => (await served(service, someone())).at(0)),
    );
    return new Set(versions).size === 2 && !versions.includes(1);
  });
}

/** By which release a person is served, and what the split gives them. */
async function served(service: Service, visitorId: string): Promise<[version: number, banner: string | undefined]> {
  const { rulebook, decisions } = await service.decide({ visitorId, placements: ['banner'] });
  return [rulebook.version, decisions[0]?.items[0]?.offer];
}

describeOnBothStores('a person who is exported and imported elsewhere', (service) => {
  const other = new Service({ store: service.store === 'Redis' ? 'SQLite' : 'Redis' });
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-shares-'));
    await other.start();
    await Promise.all([release(service), release(other)]);
  });
  afterAll(async () => {
    await other.stop();
    await rm(folder, { recursive: true });
  });

  const byRequest = async (lines: string): Promise<void> => {
    const { body } = await other.post('/v1/visitors/import', lines, 'application/x-ndjson');
    expect(body).toMatchObject({ refusedCount: 0 });
  };
  const byCommand = async (lines: string): Promise<void> => {
    const file = join(folder, 'people.ndjson');
    await writeFile(file, lines);
    expect(await importVisitors(file, { url: other.url, key: undefined, json: true, strict: true }, () => {})).toBe(0);
  };

  test.each([
    ['POST /v1/visitors/import', byRequest],
    ['usher import', byCommand],
  ])('by %s gets the share they had, by any of their ids', async (_door, importAll) => {
    const people = Array.from({ length: 30 }, () => ({ anonymousId: someone(), userId: someone() }));
    // First met on a device, and known later: dealt by the id that their memory is not kept under.
    await service.tell(...people.map(({ anonymousId }) => ({ type: 'page', anonymousId, messageId: someone() })));
    await service.tell(...people.map((ids) => ({ type: 'identify', ...ids, messageId: someone() })));
    const before = await Promise.all(people.map(({ userId }) => served(service, userId)));
    const versions = before.map(([version]) => version);
    const banners = before.map(([, banner]) => banner);
    expect([new Set(versions).size, new Set(banners).size]).toEqual([2, 2]);
    const told = await Promise.all(
      people.map(async ({ userId }) => (await service.get(`/v1/visitors/${userId}/export`)).body as VisitorExport),
    );
    expect(told.map(({ origin }) => origin?.id)).toEqual(people.map(({ anonymousId }) => anonymousId));
    await importAll(told.map((one) => `${JSON.stringify(one)}\n`).join(''));
    expect(await Promise.all(people.map(({ userId }) => served(other, userId)))).toEqual(before);
    expect(await Promise.all(people.map(({ anonymousId }) => served(other, anonymousId)))).toEqual(before);
  });
});
