import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { builtFolder, importBuilt } from '../../../test/e2e/built.js';
import { describeOn, describeOnBothStores, someone } from '../../../test/e2e/harness.js';
import { Deployment } from '../../../test/drills/deployment.js';
import { until } from '../../../test/until.js';
import type * as reading from '../src/batch/batch-answers.js';
import { all, fault, Usher, type UsherClient } from './client.js';
import { CuttingProxy } from './cutting-proxy.js';
import { UnrulyProxy } from './unruly-proxy.js';

const builtPackage = join(builtFolder(), 'sdk/node/dist/usher.js');
const hero = (visitorId: string, more: object = {}) => ({ visitorId, placements: ['hero'], ...more });
const people = (count: number) => Array.from({ length: count }, () => hero(someone()));

describeOnBothStores('a batch of the Node client', (service) => {
  let usher: UsherClient;
  beforeEach(() => {
    usher = new Usher({ url: service.url });
  });
  afterEach(() => usher.close());

  test('answers each request in its place, and what is wrong with it', async () => {
    const requests = [...people(3), hero('x', { placements: ['nowhere'] }), { visitorId: '' } as never, ...people(300)];
    const answers = await all(usher.batch(requests));
    expect(answers.map(({ request }) => request)).toEqual(requests);
    expect(answers.map(({ line }) => line)).toEqual(requests.map((_, index) => index + 1));
    expect(answers[0]).toEqual({ line: 1, request: requests[0], answer: expect.objectContaining({ served: 'full' }) });
    for (const at of [3, 4])
      expect(answers[at]).toEqual({
        line: at + 1,
        request: requests[at],
        error: { code: 'INVALID_REQUEST', line: at + 1, message: expect.any(String), problems: expect.any(Array) },
      });
    expect(answers.filter(({ answer }) => answer).map(({ answer, request }) => [answer?.visitorId, request])).toEqual(
      requests.flatMap((one) => (one.placements?.[0] === 'hero' ? [[one.visitorId, one]] : [])),
    );
  });

  test('of nothing asks nobody', async () => {
    const nowhere = new Usher({ url: 'http://127.0.0.1:9' });
    expect(await all(nowhere.batch([]))).toEqual([]);
    await nowhere.close();
  });

  test('answers what is asked before the next is asked, if that is how it comes', async () => {
    const asked: string[] = [];
    let answered: () => void = () => undefined;
    async function* oneByOne() {
      for (const request of people(5)) {
        asked.push(request.visitorId);
        yield request;
        await new Promise<void>((resolve) => (answered = resolve));
      }
    }
    for await (const { line } of usher.batch(oneByOne())) {
      expect(asked).toHaveLength(line);
      answered();
    }
    expect(asked).toHaveLength(5);
  });

  test('reads no further than it is taken, whoever is slow', async () => {
    let read = 0;
    function* endless() {
      for (;;) yield hero(`e-${read++}`, { dryRun: true });
    }
    let taken = 0;
    for await (const { request } of usher.batch(endless())) {
      expect(request.visitorId).toBe(`e-${taken++}`);
      expect(read - taken).toBeLessThanOrEqual(1_024);
      if (taken === 3_000) await sleep(100);
      if (taken === 5_000) break;
    }
    expect(read).toBeLessThan(6_100);
  });

  test('has its source told where nobody wants the rest', async () => {
    let wasTold = false;
    async function* source() {
      try {
        for (let at = 0; ; at++) yield hero(`s-${at}`, { dryRun: true });
      } finally {
        wasTold = true;
      }
    }
    for await (const { line } of usher.batch(source())) if (line === 10) break;
    await until('the source to be told', () => wasTold);
  });

  test('gives the answers to what was asked where the source fails, and then its error', async () => {
    async function* failing() {
      yield* people(10);
      throw new Error('of the database');
    }
    let answers = 0;
    const gone = (async () => {
      for await (const { answer } of usher.batch(failing())) if (answer) answers++;
    })();
    await expect(gone).rejects.toThrow('of the database');
    expect(answers).toBe(10);
  });

  test('ends for whoever aborts it, with their reason', async () => {
    const leaving = new AbortController();
    let last = 0;
    async function* stuck() {
      yield* people(3);
      await new Promise(() => undefined);
    }
    const gone = (async () => {
      for await (const { line } of usher.batch(stuck(), { signal: leaving.signal }))
        if ((last = line) === 3) setTimeout(() => leaving.abort('enough'), 20);
    })();
    await expect(gone).rejects.toBe('enough');
    expect(last).toBe(3);
    const never = all(usher.batch(people(1), { signal: AbortSignal.abort('before') }));
    await expect(never).rejects.toBe('before');
  });

  test('makes the same decisions again under its batchId, which it has where none is given', async () => {
    const requests = people(5);
    const run = async (batchId?: string) => {
      const batch = usher.batch(requests, { batchId });
      return { batchId: batch.batchId, ids: (await all(batch)).map(({ answer }) => answer?.decisionId) };
    };
    const first = await run();
    expect(await run(first.batchId)).toEqual(first);
    expect((await run()).ids).not.toEqual(first.ids);
  });

  test('is refused whole where it can’t be meant so', async () => {
    for (const options of [{ hold: 'soon' }, { batchId: 'x'.repeat(300) }])
      expect(await fault(all(usher.batch(people(1), options)))).toMatchObject({
        ...{ code: 'INVALID_REQUEST', status: 400 },
      });
  });
});

describeOn('SQLite', 'a batch of the Node client, over connections that break', (service) => {
  const clients: UsherClient[] = [];
  const client = (url: string) => {
    const made = new Usher({ url });
    clients.push(made);
    return made;
  };
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close();
  });

  test('goes on over the next one, and counts no event twice', async () => {
    const proxy = await CuttingProxy.start(service.url);
    const visitors = people(3_000).map((one) => ({ ...one, events: [{ type: 'track', event: 'Asked' }] }));
    const answers: string[] = [];
    for await (const { answer } of client(proxy.url).batch(visitors)) {
      answers.push(answer?.visitorId ?? '');
      // Each time more is left to send than what may be on its way: there is a next connection.
      if ([500, 1_700].includes(answers.length)) proxy.cut();
    }
    expect(answers).toEqual(visitors.map(({ visitorId }) => visitorId));
    expect(proxy.connections).toBe(3);
    await proxy.stop();
    for (const { visitorId } of [...visitors.slice(480, 700), ...visitors.slice(1_690, 1_900)]) {
      const { status, body } = await service.get(`/v1/visitors/${visitorId}`);
      expect([status, (body as { counters: object }).counters]).toMatchObject([200, { Asked: { count: 1 } }]);
    }
  });

  test('goes on with the service that comes after one that stops', async () => {
    const proxy = await CuttingProxy.start(service.url);
    const answers: string[] = [];
    const requests = people(2_000);
    for await (const { answer, error } of client(proxy.url).batch(requests, { attempts: 30 })) {
      answers.push(answer?.visitorId ?? JSON.stringify(error));
      if (answers.length !== 700) continue;
      await service.halt();
      await service.boot();
      proxy.target = service.url;
    }
    expect(answers).toEqual(requests.map(({ visitorId }) => visitorId));
    await proxy.stop();
  });

  test('asks again on another connection where there is nothing to be heard', async () => {
    const proxy = await CuttingProxy.start(service.url);
    const requests = people(50);
    proxy.isFrozen = true;
    const answers: number[] = [];
    for await (const { line } of client(proxy.url).batch(requests, { deadlineMs: 100 })) answers.push(line);
    expect([answers.length, proxy.connections]).toEqual([50, 2]);
    await proxy.stop();
  });

  test('waits for a slow taker and a slow source, however long', async () => {
    async function* slow() {
      for (const one of people(4)) {
        await sleep(80);
        yield one;
      }
    }
    const proxy = await CuttingProxy.start(service.url);
    let answers = 0;
    for await (const { line } of client(proxy.url).batch(slow(), { deadlineMs: 60_000 })) {
      answers = line;
      await sleep(80);
    }
    expect([answers, proxy.connections]).toEqual([4, 1]);
    await proxy.stop();
  });

  test('is asked again for as long as it is turned away for', async () => {
    const proxy = await UnrulyProxy.start(service.url);
    proxy.fates = [{ status: 503, headers: { 'retry-after': '1' }, body: '{"code":"OVERLOADED","message":"much"}' }];
    const startedAt = performance.now();
    expect(await all(client(proxy.url).batch(people(3)))).toHaveLength(3);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    await proxy.stop();
  });

  test('says where it broke off, and how to run it again', async () => {
    const proxy = await UnrulyProxy.start(service.url);
    proxy.fates = ['lost', 'unanswered', { status: 500 }];
    const broken = await fault(all(client(proxy.url).batch(people(3), { batchId: 'l-1', attempts: 3 })));
    expect(broken).toMatchObject({ code: 'BROKEN_OFF', answered: 0, batchId: 'l-1' });
    expect(broken.message).toContain('Run it again from its beginning with the batchId "l-1"');
    expect(broken.cause).toMatchObject({ code: 'BAD_ANSWER', status: 500 });
    expect(proxy.seen).toHaveLength(3);
    await proxy.stop();
  });

  test.each([
    ['no JSON', '<html>\n'],
    ['no object', '3\n'],
    ['more lines than were asked', '{"visitorId":"a","decisions":[]}\n'.repeat(9)],
  ])('takes %s for no answer', async (_, body) => {
    const proxy = await UnrulyProxy.start(service.url);
    proxy.fates = [{ status: 200, body }];
    const broken = await fault(all(client(proxy.url).batch(people(3))));
    expect([broken.code, (broken.cause ?? broken) as Error]).toMatchObject([
      expect.stringMatching(/^(BAD_ANSWER|BROKEN_OFF)$/),
      { code: 'BAD_ANSWER' },
    ]);
    await proxy.stop();
  });
});

describeOn('SQLite', 'a process with little memory', (service) => {
  const LINES = 40_000;
  const script = `
    const [, file, url] = process.argv;
    const { Usher } = await import(file);
    await using usher = new Usher({ url });
    const note = 'x'.repeat(2_000);
    function* lines() {
      for (let at = 0; at < ${LINES}; at++)
        yield { visitorId: 'p-' + at, placements: ['hero'], dryRun: true, context: { note: note + at } };
    }
    let answers = 0;
    for await (const { answer } of usher.batch(lines())) if (answer) answers++;
    console.log(answers);`;

  test('gets through a batch of several times as much', async () => {
    const args = ['--max-old-space-size=40', '--input-type=module', '-e', script, builtPackage, service.url];
    expect((await promisify(execFile)(process.execPath, args)).stdout).toBe(`${LINES}\n`);
  });
});

const TAKEN = 20;
const RULES = {
  'placements/letter.json': { name: 'Letter', channel: 'email', fallback: 'plain' },
  'offers/plain.json': { name: 'Plain', transactional: true, treatments: { '*': { content: { title: 'Hello' } } } },
  'offers/discount.json': {
    name: 'Discount',
    treatments: { '*': { content: { title: 'For you' } } },
    caps: [{ event: 'accepted', limit: TAKEN, per: 'total' }],
  },
  'proactive/letter.json': {
    name: 'A discount for everybody',
    placements: ['letter'],
    conditions: { all: [] },
    event: { type: 'offer', params: { offer: 'discount' } },
  },
};

describe.each(['SQLite', 'Redis'] as const)('a mailing with a limited offer by the Node client on %s', (store) => {
  const deployment = new Deployment(`${builtFolder()}/dist`);
  afterAll(() => deployment.close());
  const requests = Array.from({ length: 3_000 }, (_, at) => ({ visitorId: `p-${at}`, placements: ['letter'] }));

  test('gives it to as many as may have it, though the service is killed and the mailing run again', async () => {
    const rules = Object.entries(RULES).map(([path, rule]) => [path, JSON.stringify(rule)] as const);
    await deployment.open(store, Object.fromEntries(rules));
    const before = await mail(await deployment.start('a'), 10);
    expect(before.broken).toMatchObject({ code: 'BROKEN_OFF', batchId: 'letter-47', answered: expect.any(Number) });
    const after = await mail(await deployment.start('a'));
    expect([after.broken, after.discounts.size]).toEqual([undefined, TAKEN]);
    expect([...before.discounts].filter((id) => !after.discounts.has(id))).toEqual([]);
  });

  /** Who got the discount; the service is killed once so many have it. */
  async function mail(service: { readonly url: string; kill(): Promise<void> }, killAfter = Infinity) {
    await using usher = new Usher({ url: service.url });
    const discounts = new Set<string>();
    try {
      for await (const { answer } of usher.batch(requests, { batchId: 'letter-47', hold: '2d', attempts: 2 })) {
        if (answer?.decisions[0]?.items[0]?.offer === 'discount') discounts.add(answer.visitorId);
        if (discounts.size === killAfter) await service.kill();
      }
    } catch (broken) {
      return { discounts, broken };
    }
    return { discounts, broken: undefined };
  }
});

describe('the lines of an answer', () => {
  test('are the same however the bytes are cut, but for one without an end', async () => {
    const { readLines } = await importBuilt<typeof reading>('../sdk/node/dist/batch/batch-answers.js');
    const line = fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(fc.array(line), line, fc.array(fc.nat(300)), async (lines, cutOff, cuts) => {
        const bytes = Buffer.from([...lines, cutOff].join('\n'));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        async function* pieces() {
          for (const [index, from] of places.slice(0, -1).entries()) yield bytes.subarray(from, places[index + 1]);
        }
        expect((await all(readLines(pieces()))).flat()).toEqual(lines);
      }),
    );
  });
});
