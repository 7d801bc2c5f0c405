import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtFolder } from '../../../test/e2e/built.js';
import { describeOn, someone } from '../../../test/e2e/harness.js';
import { until } from '../../../test/until.js';
import { Usher, type UsherClient, type UsherFault } from './client.js';
import { UnrulyProxy } from './unruly-proxy.js';

/** The batches that came, as lists of events. */
function batchesIn(proxy: UnrulyProxy): { readonly messageId: string }[][] {
  return proxy.seen.map(({ body }) => (JSON.parse(body) as { batch: { messageId: string }[] }).batch);
}

describeOn('SQLite', 'the queue of the Node client', (service) => {
  let proxy: UnrulyProxy;
  let told: UsherFault[];
  const clients: UsherClient[] = [];
  beforeEach(async () => {
    proxy = await UnrulyProxy.start(service.url);
    told = [];
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.close({ deadlineMs: 1 });
    await proxy.stop();
  });
  function client(queue: object = {}): UsherClient {
    const made = new Usher({ url: proxy.url, queue, onError: (error) => told.push(error) });
    clients.push(made);
    return made;
  }
  const seen = (userId: string, more: object = {}) => ({ userId, event: 'Seen', ...more });

  test('sends what comes together in one request, after a moment', async () => {
    const [usher, userId] = [client(), someone()];
    const ids = Array.from({ length: 50 }, () => usher.track(seen(userId)));
    expect(usher.counts().waiting).toBe(50);
    await until('all to be stored', () => usher.counts().stored === 50);
    expect(batchesIn(proxy).map((batch) => batch.map(({ messageId }) => messageId))).toEqual([ids]);
    expect(new Set(ids).size).toBe(50);
  });

  test('sends many in requests of a size that the service takes, in their order', async () => {
    const [usher, userId] = [client({ bytes: 100_000_000 }), someone()];
    const note = '€'.repeat(40_000);
    const ids = Array.from({ length: 30 }, () => usher.track(seen(userId, { context: { note } })));
    ids.push(...Array.from({ length: 500 }, () => usher.track(seen(userId))));
    expect(await usher.flush()).toMatchObject({ stored: 530, waiting: 0 });
    expect(batchesIn(proxy).flatMap((batch) => batch.map(({ messageId }) => messageId))).toEqual(ids);
    for (const { body } of proxy.seen) expect(Buffer.byteLength(body)).toBeLessThan(1024 * 1024);
  });

  test('sends again what was lost on the way, which counts once', async () => {
    const [usher, userId] = [client(), someone()];
    proxy.fates = ['lost', 'unanswered', { status: 503, headers: { 'retry-after': '0' } }, { status: 502 }];
    for (let at = 0; at < 3; at++) usher.track(seen(userId));
    expect(await usher.flush()).toMatchObject({ stored: 0, duplicates: 3, notSent: 0, waiting: 0 });
    const [first, ...others] = batchesIn(proxy);
    expect(others).toEqual([first, first, first, first]);
    expect((await usher.visitor(userId))?.counters['Seen']?.count).toBe(3);
    expect(told).toEqual([]);
  });

  test('says with each try when that was sent, so that waiting is not taken for a wrong clock', async () => {
    const [usher, userId] = [client(), someone()];
    const before = Date.now();
    proxy.fates = [{ status: 503, headers: { 'retry-after': '1' } }];
    usher.track(seen(userId));
    await usher.flush();
    const [first = 0, second = 0] = proxy.seen.map(({ body }) =>
      Date.parse((JSON.parse(body) as { sentAt: string }).sentAt),
    );
    expect(second - first).toBeGreaterThanOrEqual(990);
    const [interaction] = (await usher.visitor(userId))?.interactions ?? [];
    expect(Date.parse(interaction?.timestamp ?? '') - before).toBeLessThan(990);
  });

  test('tells each event that the service refuses, and stores the others', async () => {
    const [usher, userId] = [client(), someone()];
    usher.track(seen(userId));
    const messageId = usher.track({ event: 'Nobody’s' } as never);
    usher.track(seen(userId));
    expect(await usher.flush()).toMatchObject({ stored: 2, refused: 1 });
    expect(told).toMatchObject([{ code: 'EVENT_REFUSED', events: [{ messageId, event: 'Nobody’s' }] }]);
    expect(told[0]?.problems).not.toHaveLength(0);
  });

  test('tells what can’t be sent, and never throws', async () => {
    const usher = client();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const properties of [circle, { big: 1n }, { much: 'x'.repeat(600_000) }])
      usher.track(seen('a', { properties }));
    expect(told.map(({ code, events }) => [code, events.length])).toEqual(Array(3).fill(['EVENT_REFUSED', 1]));
    usher.outcome({ visitorId: someone(), outcome: 'shown' });
    expect(await usher.flush()).toMatchObject({ refused: 3, notCounted: 1 });
    expect(told.at(-1)).toMatchObject({ code: 'OUTCOME_NOT_COUNTED', events: [{ event: 'Offer Shown' }] });
  });

  test.each([{ events: 3 }, { bytes: 500 }])(
    'holds no more than %j, and tells what it does not take',
    async (queue) => {
      const usher = client(queue);
      proxy.fates = [{ lateMs: 200 }];
      for (let at = 0; at < 5; at++)
        usher.track(seen('a', { context: { note: 'x'.repeat(20) }, messageId: `m-${at}` }));
      expect([usher.counts().waiting, usher.counts().notSent]).toEqual([3, 2]);
      expect(told.map(({ code, events }) => [code, (events[0] as { messageId: string }).messageId])).toEqual([
        ['EVENT_NOT_SENT', 'm-3'],
        ['EVENT_NOT_SENT', 'm-4'],
      ]);
      await usher.flush();
      usher.track(seen('a'));
      expect(await usher.flush()).toMatchObject({ notSent: 2, waiting: 0 });
    },
  );

  test('gives a request up after so many tries, tells all of its events, and goes on with the next', async () => {
    const usher = client({ attempts: 2 });
    proxy.fates = ['lost', 'lost'];
    usher.track(seen('a', { messageId: 'given-up-1' }));
    usher.track(seen('a', { messageId: 'given-up-2' }));
    await usher.flush();
    usher.track(seen(someone()));
    expect(await usher.flush()).toMatchObject({ notSent: 2, stored: 1, waiting: 0 });
    expect(told).toMatchObject([
      { code: 'EVENT_NOT_SENT', events: [{ messageId: 'given-up-1' }, { messageId: 'given-up-2' }] },
    ]);
    expect(told[0]?.cause).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('does not try again what the service will not have, such as with a wrong key', async () => {
    const usher = client();
    proxy.fates = [{ status: 401, body: '{"code":"UNAUTHENTICATED","message":"no such key","problems":[]}' }];
    usher.track(seen('a'));
    expect(await usher.flush()).toMatchObject({ notSent: 1 });
    expect(told[0]?.message).toBe('An event was not sent. no such key');
    expect(proxy.seen).toHaveLength(1);
  });

  test('is waited for as long as is said, and no longer', async () => {
    const usher = client();
    proxy.fates = ['silent'];
    usher.track(seen(someone()));
    expect(await usher.flush({ deadlineMs: 30 })).toMatchObject({ waiting: 1 });
    expect(await usher.flush({ signal: AbortSignal.abort() })).toMatchObject({ waiting: 1 });
    expect(await usher.flush({ deadlineMs: 1 })).toMatchObject({ waiting: 1 });
  });

  test('is closed with what it could not send told', async () => {
    const usher = client();
    proxy.fates = ['silent'];
    usher.track(seen('a', { messageId: 'at-the-end' }));
    await usher.close({ deadlineMs: 50 });
    expect(usher.counts()).toMatchObject({ waiting: 0, notSent: 1 });
    expect(told).toMatchObject([{ code: 'EVENT_NOT_SENT', events: [{ messageId: 'at-the-end' }] }]);
  });
});

describe('a process that uses the Node client', () => {
  const usherFile = join(builtFolder(), 'sdk/node/dist/usher.js');
  const run = (script: string, url: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, usherFile, url]);
  const start = `const [, file, url] = process.argv; const { Usher } = await import(file);`;

  test('lives until its events are sent, and ends by itself', async () => {
    const bodies: string[] = [];
    const server = createServer((socket) => {
      let text = '';
      socket.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (!text.endsWith(']}')) return;
        bodies.push(text);
        const answer = '{"success":true,"accepted":1,"duplicates":0,"refused":[]}';
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`);
      });
    }).listen(0, '127.0.0.1');
    await until('the server', () => server.listening);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await run(`${start} new Usher({ url }).track({ userId: 'u-9', event: 'Last' });`, url);
    server.close();
    expect(bodies).toEqual([expect.stringContaining('"event":"Last"')]);
  });

  test('stands a hook that throws, and one that tracks what it is told', async () => {
    const script = `${start}
      const onError = () => { throw new Error('of the hook'); };
      new Usher({ url, onError }).track({ userId: 'a', event: 'Big', properties: { big: 1n } });
      const again = ({ code }) => endless.track({ userId: 'a', event: code });
      const endless = new Usher({ url, onError: again, queue: { events: 1, attempts: 1 } });
      endless.track({ userId: 'a', event: 'Kept' });
      endless.track({ userId: 'a', event: 'Not taken' });
      console.log(endless.counts().notSent);
      setImmediate(() => process.exit());`;
    const { stdout, stderr } = await run(script, 'http://127.0.0.1:9');
    expect(stdout).toBe('2\n');
    expect(stderr).toContain('onError threw: Error: of the hook');
    expect(stderr).toContain('the queue is full');
  });

  test('is warned of events that it leaves behind', async () => {
    const script = `${start} new Usher({ url }).track({ userId: 'u-9', event: 'Lost' }); process.exit(0);`;
    const { stderr } = await run(script, 'http://127.0.0.1:9');
    expect(stderr).toMatch(/UsherWarning: An event was not sent\. The process ended before/);
    const hooked = `${start} const onError = ({ code, events }) => console.log(code, events[0].event);
      new Usher({ url, onError }).track({ userId: 'u-9', event: 'Lost' }); process.exit(0);`;
    expect((await run(hooked, 'http://127.0.0.1:9')).stdout).toBe('EVENT_NOT_SENT Lost\n');
  });
});
