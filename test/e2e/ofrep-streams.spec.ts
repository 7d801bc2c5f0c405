import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '../redis-server.js';
import { until } from '../until.js';
import { BuiltCli, type StartedService } from './built-cli.js';
import { describeOn, someone } from './harness.js';
import { amissInEvent } from './ofrep-answers.js';
import { Service } from './service.js';
import { SHOP_FILES } from './shop.js';

const STREAMS = '/ofrep/v1/streams';
const keys = { browser: 'the-key-of-browser-000', server: 'the-key-of-server-0000', admin: 'the-key-of-admin-00000' };
const USHER_KEYS = Object.entries(keys)
  .map((pair) => pair.join(':'))
  .join();

/** Somebody who listens, and what they heard. */
class Ear {
  heard = '';
  isOver = false;

  private constructor(
    readonly status: number,
    private readonly stopping: AbortController,
  ) {}

  static async open(address: string, headers: Record<string, string> = {}): Promise<Ear> {
    const stopping = new AbortController();
    const answer = await fetch(address, { headers: { ...headers, connection: 'close' }, signal: stopping.signal });
    const ear = new Ear(answer.status, stopping);
    void ear.listen(answer).catch(() => undefined);
    return ear;
  }

  /** The data of the events that came. */
  get events(): { readonly type: string; readonly etag: string }[] {
    const data = [...this.heard.matchAll(/^data: (.*)$/gm)].map(([, text = '']) => JSON.parse(text) as never);
    expect(data.flatMap((one) => amissInEvent(one) ?? [])).toEqual([]);
    return data;
  }

  close(): void {
    this.stopping.abort();
  }

  private async listen({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of body ?? []) this.heard += decoder.decode(piece as Uint8Array, { stream: true });
    this.isOver = true;
  }
}

/** Where a bulk says that releases are told; undefined where it says nothing. */
async function streamOf(url: string, key?: string): Promise<string | undefined> {
  const answer = await fetch(`${url}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ context: { targetingKey: someone() } }),
  });
  const { eventStreams } = (await answer.json()) as { eventStreams?: { endpoint: { requestUri: string } }[] };
  return eventStreams?.[0]?.endpoint.requestUri;
}

let releases = 0;
/** Publishes other rules, and has them serve `as`. */
async function release(url: string, as: object, key?: string): Promise<number> {
  const title = `Welcome ${++releases}`;
  const files = {
    ...SHOP_FILES,
    'offers/welcome.json': JSON.stringify({ name: title, treatments: { '*': { content: { title } } } }),
  };
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}/v1/rulebook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    });
    expect([path, answer.ok]).toEqual([path, true]);
    return (await answer.json()) as { version: number };
  };
  const { version } = await post('releases', { files, message: title });
  await post(`releases/${version}/activate`, as);
  return version;
}

describeOn('SQLite', 'a stream of releases', (service) => {
  const listen = async () => Ear.open(`${service.url}${await streamOf(service.url)}`);

  test('tells of what goes live, and of a canary, but not of a shadow', async () => {
    const ear = await listen();
    expect(ear.status).toBe(200);
    await release(service.url, { as: 'live' });
    await until('the release to be told', () => ear.events.length === 1);
    await release(service.url, { as: 'shadow' });
    await release(service.url, { as: 'canary', share: 10 });
    await until('the canary to be told', () => ear.events.length === 2);
    const [live, canary] = ear.events;
    expect([live?.type, canary?.type, live?.etag === canary?.etag]).toEqual([
      'refetchEvaluation',
      'refetchEvaluation',
      false,
    ]);
    ear.close();
  });

  test('tells at once who asked before a release, or heard of none since', async () => {
    const before = `${service.url}${await streamOf(service.url)}`;
    await release(service.url, { as: 'live' });
    await until('another address to be told', async () => !before.endsWith((await streamOf(service.url)) ?? before));
    const late = await Ear.open(before);
    await until('the release to be told', () => late.events.length === 1);
    const [{ etag } = { etag: '' }] = late.events;
    // A browser comes back by the same address, and says what it heard last.
    const back = await Ear.open(before, { 'last-event-id': etag });
    await until('the beginning to be heard', () => back.heard !== '');
    expect(back.events).toEqual([]);
    for (const ear of [late, back]) ear.close();
  });

  test('is not opened for who asks for its headers alone', async () => {
    const { status, headers } = await fetch(`${service.url}${STREAMS}`, { method: 'HEAD' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await until('none to be open', async () => (await openStreams(service)) === 0);
  });

  test('is let go when nobody listens any more', async () => {
    const ears = await Promise.all([listen(), listen(), listen()]);
    await until('all to be open', async () => (await openStreams(service)) === 3);
    for (const ear of ears) ear.close();
    await until('none to be open', async () => (await openStreams(service)) === 0);
  });
});

describeOn(
  'SQLite',
  'streams of a service with keys',
  (service) => {
    const open = (query: string, headers?: Record<string, string>) =>
      Ear.open(`${service.url}${STREAMS}${query}`, headers);

    test('are opened by the token of a page’s key, which opens nothing else', async () => {
      const address = await streamOf(service.url, keys.browser);
      const token = /token=([\w-]{22})$/.exec(address ?? '')?.[1] ?? '';
      expect(address).not.toContain(keys.browser);
      const ear = await Ear.open(`${service.url}${address}`);
      expect(ear.status).toBe(200);
      ear.close();
      for (const headers of [{ authorization: `Bearer ${token}` }, { 'x-api-key': token }]) {
        const { status } = await service.send('POST', '/ofrep/v1/evaluate/flags', { headers, body: '{}' });
        expect(status).toBe(401);
      }
    });

    test('are offered to pages alone, as no other key belongs in an address', async () => {
      expect(await streamOf(service.url, keys.server)).toBeUndefined();
      const ear = await open('', { authorization: `Bearer ${keys.server}` });
      expect(ear.status).toBe(200);
      ear.close();
    });

    test.each([
      ['no token', ''],
      ['a key in place of it', `?token=${keys.browser}`],
      ['a wrong one', `?token=${'x'.repeat(22)}`],
      ['half of one', '?token=abc'],
      ['two', `?token=${'x'.repeat(22)}&token=y`],
      ['an empty one', '?token='],
    ])('are refused with %s', async (_what, query) => {
      expect((await open(query)).status).toBe(401);
    });

    test('are no more than may be: half for one key', async () => {
      const address = `${service.url}${await streamOf(service.url, keys.browser)}`;
      const ears = await Promise.all([Ear.open(address), Ear.open(address)]);
      expect(ears.map(({ status }) => status)).toEqual([200, 200]);
      const answer = await fetch(address, { headers: { origin: 'https://shop.example' } });
      expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
        429,
        '60',
        expect.objectContaining({
          code: 'TOO_MANY_STREAMS',
          message: expect.stringMatching(/^This key has 2 streams/),
        }),
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const bearer = { authorization: `Bearer ${keys.server}` };
      const others = await Promise.all([open('', bearer), open('', bearer)]);
      expect(others.map(({ status }) => status)).toEqual([200, 200]);
      expect((await open('', { authorization: `Bearer ${keys.admin}` })).status).toBe(429);
      for (const ear of [...ears, ...others]) ear.close();
    });
  },
  { settings: { USHER_KEYS, USHER_MOST_STREAMS: '4' } },
);

describe('a service', () => {
  test('that offers no streams names none, and opens none', async () => {
    const service = new Service({ store: 'SQLite', settings: { USHER_MOST_STREAMS: '0' } });
    await service.start();
    expect(await streamOf(service.url)).toBeUndefined();
    expect((await Ear.open(`${service.url}${STREAMS}`)).status).toBe(429);
    await service.stop();
  });

  test('that is being stopped waits for no stream', async () => {
    const service = new Service({ store: 'SQLite' });
    await service.start();
    const ear = await Ear.open(`${service.url}${STREAMS}`);
    await until('the beginning to be heard', () => ear.heard !== '');
    await service.halt();
    // It was ended, and not cut off.
    await until('the stream to be over', () => ear.isOver);
    await service.stop();
  });
});

for (const store of ['SQLite', 'Redis'] as const)
  describe(`two processes on one port, on ${store}`, () => {
    let cli: BuiltCli;
    let redis: RedisServer | undefined;
    let service: StartedService;
    beforeAll(async () => {
      cli = await BuiltCli.open();
      if (store === 'Redis') redis = await startRedis();
      const settings = { USHER_KEYS, USHER_PROCESSES: '2', USHER_LOG_LEVEL: 'debug' };
      service = await cli.start({ ...settings, ...(redis && { REDIS_URL: redis.url }) });
    });
    afterAll(async () => {
      await service.stop();
      await redis?.stop();
      await cli.remove();
    });

    test('all tell of a release, whichever of them made the address, and none logs a token', async () => {
      const address = (await streamOf(service.url, keys.browser)) ?? '';
      const ears = await Promise.all(Array.from({ length: 8 }, () => Ear.open(`${service.url}${address}`)));
      expect(ears.map(({ status }) => status)).toEqual(Array(8).fill(200));
      await release(service.url, { as: 'live' }, keys.admin);
      await until('all to hear', () => ears.every(({ events }) => events.length === 1));
      expect(new Set(ears.flatMap(({ events }) => events.map(({ etag }) => etag))).size).toBe(1);
      for (const ear of ears) ear.close();
      await Ear.open(`${service.url}${address}x`);
      const token = /token=(.*)$/.exec(address)?.[1] ?? 'none';
      expect(service.said()).not.toContain(token);
    });
  });

async function openStreams(service: Service): Promise<number> {
  const { text } = await service.get('/metrics');
  return Number(/^usher_streams_open(?:\{.*\})? (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}
