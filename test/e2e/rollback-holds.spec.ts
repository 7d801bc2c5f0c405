import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from '../until.js';
import { someone } from './harness.js';
import { Service, type ServiceOptions } from './service.js';

const running: Service[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function started(options: ServiceOptions): Promise<Service> {
  const service = new Service({ watch: true, ...options });
  await service.start();
  running.push(service);
  return service;
}

const titled = (title: string) => JSON.stringify({ name: title, treatments: { '*': { content: { title } } } });
const FAILING_CASE = JSON.stringify({
  name: 'A stranger',
  request: { placements: ['hero'] },
  now: '2026-01-01T00:00:00Z',
  expect: { hero: ['camera'] },
});

function save({ rulesDir }: Service, path: string, text: string): void {
  mkdirSync(dirname(join(rulesDir, path)), { recursive: true });
  writeFileSync(join(rulesDir, path), text);
}

async function title(service: Service): Promise<unknown> {
  const { decisions } = await service.decide({ visitorId: someone(), placements: ['hero'] });
  return decisions[0]?.items[0]?.content['title'];
}

interface Shown {
  readonly revision: number;
  readonly live: number;
  readonly waiting?: { readonly who: string; readonly version: number; readonly files: readonly string[] };
}

const rollout = async (service: Service) => (await service.get('/v1/rulebook/rollout')).body as Shown;
const rollBack = async (service: Service, body: object = {}) => service.post('/v1/rulebook/rollback', body);

const greets = (service: Service, wanted: string) =>
  until(`"${wanted}"`, async () => (await title(service)) === wanted);
/** The service has looked at what was saved: it tells that this file waits. */
const waits = (service: Service, file: string) =>
  until(`${file} to wait`, async () => (await rollout(service)).waiting?.files.includes(file) ?? false);

describe.each(['SQLite', 'Redis'] as const)('a rollback holds on %s', (store) => {
  test('through saves, a failing case that is taken out, and a restart, until somebody publishes', async () => {
    const service = await started({ store });
    save(service, 'offers/welcome.json', titled('Half-baked'));
    await greets(service, 'Half-baked');
    expect((await rollBack(service)).body).toMatchObject({
      live: 1,
      waiting: { who: 'local', version: 1, files: ['offers/welcome.json'] },
    });

    save(service, 'segments/other.yaml', 'name: Other\nconditions: { all: [] }\n');
    await waits(service, 'segments/other.yaml');
    save(service, 'cases/stranger.json', FAILING_CASE);
    await waits(service, 'cases/stranger.json');
    rmSync(join(service.rulesDir, 'cases/stranger.json'));
    save(service, 'segments/third.yaml', 'name: Third\nconditions: { all: [] }\n');
    const left = ['offers/welcome.json', 'segments/other.yaml', 'segments/third.yaml'];
    const leftNow = async () => (await rollout(service)).waiting?.files.join() === left.join();
    await until('the case to be gone', leftNow);
    expect(await title(service)).toBe('Welcome');

    await service.halt();
    save(service, 'segments/fourth.yaml', 'name: Fourth\nconditions: { all: [] }\n');
    await service.boot();
    await waits(service, 'segments/fourth.yaml');
    expect(await title(service)).toBe('Welcome');

    const { body } = await service.get('/v1/rulebook/releases/2?files=true');
    const { files } = body as { files: Record<string, string> };
    const mended = { ...files, 'offers/welcome.json': titled('Done') };
    const published = await service.post('/v1/rulebook/releases', { files: mended, message: 'Mended' });
    expect([published.status, (await rollout(service)).waiting]).toEqual([201, undefined]);
    save(service, 'offers/welcome.json', titled('Saved again'));
    await greets(service, 'Saved again');
  });

  test('of a canary holds nothing back: what everybody gets was not undone', async () => {
    const service = await started({ store });
    save(service, 'offers/welcome.json', titled('Second'));
    await greets(service, 'Second');
    await service.post('/v1/rulebook/releases/1/activate', { as: 'canary', share: 10 });
    await rollBack(service);
    save(service, 'offers/welcome.json', titled('Third'));
    await greets(service, 'Third');
  });

  test('that is repeated with the revision it undoes goes back one, and is refused after other changes', async () => {
    const service = await started({ store });
    for (const name of ['Second', 'Third']) {
      save(service, 'offers/welcome.json', titled(name));
      await greets(service, name);
    }
    const { revision } = await rollout(service);
    const answers = await Promise.all([1, 2, 3].map(() => rollBack(service, { revision })));
    expect(answers.map(({ status, body }) => [status, (body as Shown).live])).toEqual([1, 2, 3].map(() => [200, 2]));
    expect((await rollBack(service, { revision })).body).toMatchObject({ live: 2, revision: revision + 1 });
    await service.post('/v1/rulebook/releases/1/activate', {});
    const late = await rollBack(service, { revision });
    expect([late.status, late.body]).toMatchObject([409, { code: 'ROLLOUT_REFUSED' }]);
    expect((late.body as { message: string }).message).toMatch(/is at revision \d+, not \d+: it was changed meanwhile/);
    expect((await rollout(service)).live).toBe(1);
    expect((await rollBack(service, { revision: -1 })).status).toBe(400);
  });
});

test('a rollback on one replica holds what another saves and starts with', async () => {
  const first = await started({ store: 'Redis' });
  const settings = { REDIS_URL: first.redis.url };
  const second = await started({ store: 'SQLite', settings });
  save(first, 'offers/welcome.json', titled('Half-baked'));
  await greets(second, 'Half-baked');
  await rollBack(first);
  await greets(second, 'Welcome');
  save(second, 'segments/other.yaml', 'name: Other\nconditions: { all: [] }\n');
  await waits(second, 'segments/other.yaml');
  await second.restart();
  const third = await started({ store: 'SQLite', settings });
  save(third, 'segments/more.yaml', 'name: More\nconditions: { all: [] }\n');
  await waits(third, 'segments/more.yaml');
  expect([await title(first), await title(second), await title(third)]).toEqual(['Welcome', 'Welcome', 'Welcome']);
  expect((await rollout(first)).live).toBe(1);
});
