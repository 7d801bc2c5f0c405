import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { BuiltCli } from '../../../test/e2e/built-cli.js';
import { describeOn, someone } from '../../../test/e2e/harness.js';
import { fault, Usher, type UsherFault, type UsherClient } from './client.js';
import { type Fate, UnrulyProxy } from './unruly-proxy.js';

const DEFAULTS = {
  hero: { content: { title: 'Welcome' }, offer: 'of-our-own', actions: [{ type: 'link', url: '/' }] },
  cards: [{ content: { title: 'One' } }, { content: { title: 'Two' } }],
};
const EMPTY_503 = { status: 503, headers: { 'retry-after': '0' } };

describeOn('SQLite', 'the Node client behind a bad network', (service) => {
  let proxy: UnrulyProxy;
  let usher: UsherClient;
  let told: UsherFault[];
  beforeEach(async () => {
    proxy = await UnrulyProxy.start(service.url);
    told = [];
    usher = new Usher({ url: proxy.url, deadlineMs: 20_000, onError: (error) => told.push(error) });
  });
  afterEach(async () => {
    await usher.close();
    await proxy.stop();
  });
  const ask = (options: object = {}) =>
    usher.decide({ visitorId: someone(), placements: ['hero'] }, { default: DEFAULTS, ...options });

  test('has a default in the shape of an answer, in the order asked, with the reason', async () => {
    proxy.fates = ['lost'];
    const placements = [{ id: 'cards', count: 1 }, 'hero', 'constructor'];
    expect(await usher.decide({ visitorId: 'u-9', placements }, { default: DEFAULTS })).toEqual({
      served: 'default',
      why: { code: 'CONNECTION_LOST', message: expect.stringContaining('ECONNRESET') },
      visitorId: 'u-9',
      decisions: [
        {
          placement: 'cards',
          reason: 'ERROR',
          items: ['One', 'Two'].map((title) => {
            return { offer: '', content: { title }, actions: [], reason: 'ERROR', score: 0, propensity: 0 };
          }),
        },
        {
          placement: 'hero',
          reason: 'ERROR',
          items: [{ ...DEFAULTS.hero, reason: 'ERROR', score: 0, propensity: 0 }],
        },
        { placement: 'constructor', reason: 'ERROR', items: [] },
      ],
      elapsedMs: expect.any(Number),
    });
    expect(told).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    expect(usher.counts()).toMatchObject({ defaults: 1 });
  });

  test.each<[string, Fate[], number]>([
    ['429', [{ status: 429 }, { status: 429 }], 3],
    ['503, as the service says when it has too much to do', [EMPTY_503], 2],
  ])('asks again for a decision after %s: nothing was decided', async (_, fates, tries) => {
    proxy.fates = fates;
    expect(await ask()).toMatchObject({ served: 'full' });
    expect(proxy.seen).toHaveLength(tries);
  });

  test.each<[string, Fate, string]>([
    ['its answer was lost', 'unanswered', 'CONNECTION_LOST'],
    ['it may have got lost itself', 'lost', 'CONNECTION_LOST'],
    ['something in between failed', { status: 502, body: '<html>' }, 'BAD_ANSWER'],
    ['the service failed', { status: 500, body: '{"code":"INTERNAL","message":"m","problems":[]}' }, 'INTERNAL'],
    ['the answer is none of Usher’s', { status: 200, body: '<html>' }, 'BAD_ANSWER'],
    ['the answer is of something else', { status: 200, body: '{"ok":true}' }, 'BAD_ANSWER'],
    ['the answer is nothing', { status: 200, body: 'null' }, 'BAD_ANSWER'],
    ['it is led elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'BAD_ANSWER'],
    ['the key is wrong', { status: 401, body: '{"code":"UNAUTHENTICATED","message":"m"}' }, 'UNAUTHENTICATED'],
  ])('does not ask twice for a decision where %s, and answers the default', async (_, fate, code) => {
    proxy.fates = [fate, fate];
    expect(await ask()).toMatchObject({ served: 'default', why: { code } });
    expect(proxy.seen).toHaveLength(1);
    proxy.fates = [fate];
    expect(await fault(ask({ default: undefined }))).toMatchObject({ code });
  });

  test('asks again for what changes nothing', async () => {
    proxy.fates = ['unanswered', 'lost', { status: 502 }];
    const request = { visitorId: someone(), placements: ['hero'], dryRun: true };
    expect(await usher.decide(request, { default: {} })).toMatchObject({ served: 'full' });
    proxy.fates = ['unanswered', { status: 500 }, { status: 503 }];
    expect(await usher.visitor(someone())).toBeUndefined();
    expect(proxy.seen).toHaveLength(8);
  });

  test('asks so often and no more', async () => {
    proxy.fates = Array.from({ length: 20 }, () => EMPTY_503);
    expect(await ask()).toMatchObject({ served: 'default', why: { code: 'BAD_ANSWER' } });
    expect(proxy.seen).toHaveLength(5);
  });

  test('waits as long as it is asked to, and not at all where that is past the deadline', async () => {
    proxy.fates = [{ status: 429, headers: { 'retry-after': '1' } }];
    const startedAt = performance.now();
    expect(await ask()).toMatchObject({ served: 'full' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    proxy.fates = [{ status: 429, headers: { 'retry-after': '60' } }];
    expect(await ask()).toMatchObject({ served: 'default', why: { code: 'BAD_ANSWER' } });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('answers the default at its deadline where the answer is late, and hears no more of it', async () => {
    proxy.fates = [{ lateMs: 2_000 }, 'silent'];
    const startedAt = performance.now();
    expect(await ask({ deadlineMs: 50 })).toMatchObject({ served: 'default', why: { code: 'TIMEOUT' } });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
    expect(await fault(ask({ deadlineMs: 50, default: undefined }))).toMatchObject({ code: 'TIMEOUT' });
    expect(await ask()).toMatchObject({ served: 'full' });
  });

  test('ends for whoever aborts it, with their reason, and keeps no hold of their signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => void (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => void (listeners--, remove(...args));
    expect(await ask({ signal })).toMatchObject({ served: 'full' });
    expect(listeners).toBe(0);

    const leaving = new AbortController();
    proxy.fates = ['silent'];
    const asked = ask({ signal: leaving.signal });
    leaving.abort('gone');
    await expect(asked).rejects.toBe('gone');
    await expect(ask({ signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(told).toEqual([]);
  });

  test('has a default for a visitor too', async () => {
    proxy.fates = ['silent'];
    expect(await usher.visitor('u-9', { default: 'nobody', deadlineMs: 50 })).toBe('nobody');
    expect(told).toMatchObject([{ code: 'TIMEOUT' }]);
  });

  test('keeps its connections', async () => {
    for (let at = 0; at < 20; at++) await ask();
    expect([proxy.seen.length, proxy.connections]).toEqual([20, 1]);
  });

  test('sends the events of a decision that was not answered by themselves, and they count once', async () => {
    const visitorId = someone();
    const events = [
      { event: 'Product Viewed', type: 'track' },
      { type: 'identify', traits: { plan: 'gold' } },
    ];
    for (const fate of ['lost', 'unanswered'] as const) {
      proxy.fates = [fate];
      const request = { visitorId, placements: ['hero'], channel: 'app', events };
      expect(await usher.decide(request, { default: {} })).toMatchObject({ served: 'default' });
    }
    expect(await usher.flush()).toMatchObject({ stored: 2, duplicates: 2 });
    const person = await usher.visitor(visitorId);
    expect([person?.counters['Product Viewed']?.count, person?.traits]).toEqual([2, { plan: 'gold' }]);
    expect(person?.interactions.map(({ channel }) => channel)).toEqual(['app', 'app']);
    proxy.fates = ['lost'];
    await usher.decide({ visitorId, placements: ['hero'], events, dryRun: true, now: '2026-01-01' }, { default: {} });
    expect(usher.counts().waiting).toBe(0);
  });

  test('shows its key to the service and to nobody else', async () => {
    const key = 'the-key-0123456789';
    const client = new Usher({ url: proxy.url, key, onError: (error) => told.push(error) });
    proxy.fates = [{ status: 302, headers: { location: 'http://127.0.0.1:9/' } }];
    const request = { visitorId: 'a', placements: ['hero'] };
    const answer = await client.decide(request, { default: {} });
    expect(proxy.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`]);
    expect(inspect([client, told, answer], { depth: 9, showHidden: true })).not.toContain(key);
    await client.close();
  });
});

describe('the Node client, where the service is a process of its own on SQLite', () => {
  let cli: BuiltCli;
  beforeAll(async () => {
    cli = await BuiltCli.open();
  });
  afterAll(() => cli.remove());
  const request = { visitorId: 'u-9', placements: ['home.hero'] };
  const options = { default: { 'home.hero': { content: { title: 'Welcome' } } } };

  test('answers the default while the service is frozen, and decides when it goes on', async () => {
    const service = await cli.start({ USHER_DATA: `${cli.folder}/frozen` });
    await using usher = new Usher({ url: service.url, onError: () => undefined });
    expect(await usher.decide(request, { ...options, deadlineMs: 30_000 })).toMatchObject({ served: 'full' });
    process.kill(service.pid, 'SIGSTOP');
    try {
      const answers = await Promise.all([1, 2, 3].map(() => usher.decide(request, { ...options, deadlineMs: 100 })));
      for (const answer of answers) expect(answer).toMatchObject({ served: 'default', why: { code: 'TIMEOUT' } });
      usher.track({ userId: 'u-9', event: 'Seen', messageId: 'while-frozen' });
      expect(await usher.flush({ deadlineMs: 100 })).toMatchObject({ waiting: 1, notSent: 0 });
    } finally {
      process.kill(service.pid, 'SIGCONT');
    }
    expect(await usher.decide(request, { ...options, deadlineMs: 30_000 })).toMatchObject({ served: 'full' });
    expect(await usher.flush()).toMatchObject({ waiting: 0, notSent: 0 });
    expect((await usher.visitor('u-9'))?.counters['Seen']?.count).toBe(1);
    await service.stop();
  });

  test('answers the default where it was killed, and finds the one that comes after it', async () => {
    const folder = { USHER_DATA: `${cli.folder}/killed` };
    const service = await cli.start(folder);
    const { port } = new URL(service.url);
    await using usher = new Usher({ url: service.url, onError: () => undefined });
    expect(await usher.decide(request, { ...options, deadlineMs: 30_000 })).toMatchObject({ served: 'full' });
    process.kill(service.pid, 'SIGKILL');
    const codes = new Set<string | undefined>();
    for (let at = 0; at < 3; at++) {
      const answer = await usher.decide(request, { ...options, deadlineMs: 200 });
      codes.add(answer.served === 'default' ? answer.why.code : undefined);
    }
    expect([...codes].filter((code) => !/^(CONNECTION_LOST|UNREACHABLE)$/.test(String(code)))).toEqual([]);
    usher.track({ userId: 'u-9', event: 'Seen', messageId: 'while-killed' });
    const next = await cli.start({ ...folder, PORT: port });
    expect(await usher.decide(request, { ...options, deadlineMs: 30_000 })).toMatchObject({ served: 'full' });
    expect(await usher.flush()).toMatchObject({ waiting: 0, notSent: 0 });
    expect((await usher.visitor('u-9'))?.counters['Seen']?.count).toBe(1);
    await next.stop();
  });

  test('answers the default where there is something that never says a word', async () => {
    const mute: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const usher = new Usher({ url, onError: () => undefined });
    expect(await usher.decide(request, { ...options, deadlineMs: 60 })).toMatchObject({ why: { code: 'TIMEOUT' } });
    await usher.close();
    mute.close();
  });
});
