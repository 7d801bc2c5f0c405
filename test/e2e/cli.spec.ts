import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis } from '../redis-server.js';
import { BuiltCli } from './built-cli.js';
import { ago, describeOnBothStores, someone } from './harness.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.open();
});
afterAll(() => cli.remove());

async function file(name: string, content: string | object): Promise<string> {
  const path = join(cli.folder, 'files', name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describeOnBothStores('the command', (service) => {
  const usher = (args: readonly string[], input = '') => cli.run(args, { env: { USHER_URL: service.url }, input });
  const summary = (stdout: string): unknown => JSON.parse(stdout);
  /** Recent enough to be retained. */
  const day = ago(2, 'd').slice(0, 10);
  const mapping = {
    ...{ visitorId: 'user', timestamp: 'time', channel: { value: 'web' } },
    event: { column: 'type', names: { view: 'Product Viewed', buy: 'Order Completed' } },
    properties: { sku: 'sku', price: { column: 'price', type: 'number' } },
  };

  test('usher track sends each row of a CSV once, however often it is run', async () => {
    const [a, b] = [someone(), someone()];
    const rows = [
      `${a},view,${day} 10:00:00 UTC,c-1,9.5`,
      `${a},view,${day} 10:00:00 UTC,c-1,9.5`,
      `${b},buy,${day}T11:00:00Z,c-2,`,
      `,view,${day},c-3,1`,
      `${b},view,yesterday,c-3,1`,
    ];
    const args = [
      'track',
      await file('events.csv', ['user,type,time,sku,price', ...rows].join('\r\n')),
      '--map',
      await file('events.map.json', mapping),
      '--json',
    ];
    const first = await usher(args);
    expect([first.code, summary(first.stdout)]).toMatchObject([
      0,
      { rows: 5, accepted: 3, duplicates: 0, refused: 2, visitors: 2 },
    ]);
    const before = [await service.visitor(a), await service.visitor(b)];
    expect(before[0]?.interactions).toHaveLength(2);
    expect(before[1]?.interactions).toMatchObject([
      { event: 'Order Completed', timestamp: `${day}T11:00:00.000Z`, channel: 'web', properties: { sku: 'c-2' } },
    ]);

    const second = await usher(args);
    expect([second.code, summary(second.stdout)]).toMatchObject([
      0,
      { rows: 5, accepted: 0, duplicates: 3, refused: 2 },
    ]);
    expect([await service.visitor(a), await service.visitor(b)]).toEqual(before);
    const told = await usher(args.slice(0, -1));
    expect(told.stdout).toMatch(/3 already known/);
    expect((await usher([...args, '--strict'])).code).toBe(1);
  });

  test('usher track reads NDJSON from standard input', async () => {
    const user = someone();
    const input = [1, 2, 3]
      .map((index) => JSON.stringify({ user, type: 'view', time: `${day}T10:00:0${index}Z`, sku: `c-${index}` }))
      .join('\n');
    const { code, stdout } = await usher(
      ['track', '-', '--format', 'ndjson', '--map', await file('stdin.map.json', mapping), '--json'],
      input,
    );
    expect([code, summary(stdout)]).toMatchObject([0, { rows: 3, accepted: 3 }]);
    expect((await service.visitor(user)).counters['Product Viewed']?.count).toBe(3);
  });

  test('usher import sets traits, and changes nothing when it is run again', async () => {
    const people = [someone(), someone()];
    const csv = await file('people.csv', `id;age;job\n${people[0]};40;"nurse; retired"\n${people[1]};50;\n`);
    const map = await file('people.map.json', {
      visitorId: 'id',
      traits: { age: { column: 'age', type: 'number' }, job: 'job' },
      delimiter: ';',
    });
    const run = () => usher(['import', csv, '--map', map, '--json']);
    expect(summary((await run()).stdout)).toMatchObject({ rows: 2, accepted: 2, refused: 0, visitors: 2 });
    // Said again, it is as of now.
    const told = () =>
      Promise.all(people.map(async (id) => ({ ...(await service.visitor(id)), traitDetails: undefined })));
    const before = await told();
    expect(before.map(({ traits }) => traits)).toEqual([{ age: 40, job: 'nurse; retired' }, { age: 50 }]);
    expect((await run()).code).toBe(0);
    expect(await told()).toEqual(before);
  });

  test('usher decide asks the service and prints for people, or for programs', async () => {
    const id = someone();
    await service.patchTraits(id, { interests: ['pets'], petName: 'Rex' });
    const { code, stdout } = await usher([
      'decide',
      id,
      'hero',
      'cards:2',
      '--channel',
      'web',
      '--context',
      'device=mobile',
    ]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/See what Rex does/)]);
    const asJson = await usher(['decide', id, 'season', '--at', '2026-12-24', '--json']);
    expect(summary(asJson.stdout)).toMatchObject({
      visitorId: id,
      decisions: [{ placement: 'season', items: [{ offer: 'winter' }] }],
    });
  });

  test('usher decide says what is wrong in a line or two, and fails', async () => {
    const { code, stderr } = await usher(['decide', 'v', 'nowhere']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/there is no placement "nowhere"; the placements are banner, cards/),
    ]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('the command without a service', () => {
  test('usher decide says how to start one', async () => {
    const { code, stderr } = await cli.run(['decide', 'v', 'home.hero', '--url', 'http://127.0.0.1:1']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/can't be reached[^]*usher start/)]);
  });

  test('usher check and usher test are content with the example business', async () => {
    const [check, cases] = await Promise.all([cli.run(['check']), cli.run(['test'])]);
    expect([check.code, cases.code, check.stderr, cases.stderr]).toEqual([0, 0, '', '']);
  });

  test('usher check and usher test name what is broken by file, line and column, and fail', async () => {
    const folder = join(cli.folder, 'files/broken');
    await mkdir(join(folder, 'contextual'), { recursive: true });
    await writeFile(
      join(folder, 'contextual/x.json'),
      '{ "name": "x",\n  "placements": ["nowhere"],\n  "conditions": { "all": [] }, "event": { "type": "offer", ' +
        '"params": { "offer": "nothing" } } }',
    );
    for (const command of ['check', 'test']) {
      const { code, stdout } = await cli.run([command, folder]);
      expect([code, stdout]).toEqual([1, expect.stringMatching(/contextual\/x\.json:2:\d+ .*nowhere/)]);
    }
  });
});

describe('usher start', () => {
  const ask = async (url: string, visitorId: string) => {
    const response = await fetch(`${url}/v1/visitors/${visitorId}`);
    return [response.status, ((await response.json()) as { traits?: unknown }).traits];
  };

  test('serves the example business on the embedded store, and forgets nobody over a restart', async () => {
    const env = { USHER_DATA: join(cli.folder, 'data', 'made-by-itself') };
    const first = await cli.start(env);
    const { code, stdout } = await cli.run(['decide', 'ada', 'home.hero', '--url', first.url]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/home\.hero/)]);
    await fetch(`${first.url}/v1/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'ada', traits: { plan: 'gold' } }),
    });
    expect(['SIGTERM', 0]).toContain(await first.stop());

    const second = await cli.start(env);
    expect(await ask(second.url, 'ada')).toEqual([200, { plan: 'gold' }]);
    await second.stop();
  });

  test('is stopped by broken rules, with all their problems listed, on either store', async () => {
    const redis = await startRedis();
    const folder = join(cli.folder, 'files/broken-start');
    await mkdir(join(folder, 'offers'), { recursive: true });
    await writeFile(join(folder, 'offers/a.json'), '{ "name": 7 }');
    await writeFile(join(folder, 'offers/b.json'), '{ "name": ');
    for (const store of [{}, { REDIS_URL: redis.url }]) {
      const { code, stderr } = await cli.run(['start'], {
        env: { PORT: '0', USHER_RULES: folder, USHER_DATA: join(cli.folder, 'data'), ...store },
      });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/offers\/a\.json:1:\d+ [^]*offers\/b\.json:1:\d+ /)]);
    }
    await redis.stop();
  });

  test('names every bad setting at once', async () => {
    const { code, stderr } = await cli.run(['start'], {
      env: { PORT: 'many', USHER_KEEP_DAYS: '-1', REDIS_URL: 'http://x' },
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/PORT[^]*REDIS_URL/)]);
    expect(stderr).toMatch(/USHER_KEEP_DAYS/);
  });
});
