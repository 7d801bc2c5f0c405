import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchClient, type BatchAnswer } from './batch-client.js';
import { until } from '../until.js';
import { describeOnBothStores, someone } from './harness.js';

const line = (visitorId: string, more: object = {}) =>
  JSON.stringify({ visitorId, placements: ['hero'], dryRun: true, ...more });

describeOnBothStores('decisions in batch', (service) => {
  async function ask(body: string, type = 'application/x-ndjson'): Promise<BatchAnswer[]> {
    const { status, text, headers } = await service.post('/v1/decisions/batch', body, type);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    return text
      .split('\n')
      .slice(0, -1)
      .map((one) => JSON.parse(one) as BatchAnswer);
  }
  const ids = (answers: BatchAnswer[]) => answers.map(({ visitorId, error }) => error?.line ?? visitorId);

  test('are answered line for line, in the order asked', async () => {
    const people = Array.from({ length: 300 }, someone);
    await service.tell(
      ...people
        .filter((_, index) => index % 3 === 0)
        .map((userId) => ({ type: 'track', userId, event: 'Product Viewed', properties: { sku: userId } })),
    );
    const answers = await ask(people.map((id) => line(id)).join('\n'));
    expect(ids(answers)).toEqual(people);
    expect(answers[0]).toMatchObject({
      served: 'full',
      rulebook: { version: 1 },
      decisions: [{ items: [{ offer: 'phone', content: { title: `Last seen: ${people[0]}` } }] }],
    });
    expect(answers[1]).toMatchObject({ decisions: [{ items: [{ offer: 'welcome' }] }] });
  });

  test('have a bad line’s problems in its place, and the rest go on', async () => {
    const bad = [
      '{"visitorId":',
      '[]',
      '{}',
      line('x', { placements: ['nowhere'] }),
      line('x', { now: 'soon' }),
      '{"__proto__":{}}',
      'null',
      '{"visitorId":"a","visitorId":"b","placements":["hero"]}',
    ];
    const answers = await ask([line('first'), ...bad, line('last')].join('\n'));
    expect(ids(answers)).toEqual(['first', 2, 3, 4, 5, 6, 7, 8, 9, 'last']);
    // Whose line it was is said wherever it can be read.
    const whose = answers.slice(1, -1).map(({ visitorId }) => visitorId);
    expect(whose).toEqual([undefined, undefined, undefined, 'x', 'x', undefined, undefined, undefined]);
    for (const { error } of answers.slice(1, -1)) {
      expect(error).toEqual({
        code: expect.stringMatching(/^[A-Z_]+$/),
        message: expect.any(String),
        line: expect.any(Number),
        problems: expect.any(Array),
      });
      expect(error?.problems).not.toHaveLength(0);
    }
  });

  test('pass over a line longer than the limit without holding it', async () => {
    const endless = line('long', { context: { note: 'x'.repeat(300_000) } });
    const answers = await ask([line('before'), endless, line('after'), endless].join('\n'));
    expect(ids(answers)).toEqual(['before', 2, 'after', 4]);
    expect(answers[1]?.error?.message).toContain('65536');
  });

  test.each([
    ['no newline at the end', `${line('a')}\n${line('b')}`, ['a', 'b']],
    ['a newline at the end', `${line('a')}\n${line('b')}\n`, ['a', 'b']],
    ['lines that end as on Windows', `${line('a')}\r\n${line('b')}\r\n`, ['a', 'b']],
    ['empty lines, which are counted but not answered', `\n${line('a')}\n\n  \n{\n${line('b')}\n\n`, ['a', 5, 'b']],
    ['a byte order mark', `\uFEFF${line('a')}\n`, ['a']],
    ['letters of several bytes', `${line('zoë-😀')}\n`, ['zoë-😀']],
    ['nothing at all', '', []],
  ])('are read with %s', async (_name, body, expected) => {
    expect(ids(await ask(body))).toEqual(expected);
  });

  test('may say a charset with the content type', async () => {
    expect(ids(await ask(line('a'), 'application/x-ndjson; charset=utf-8'))).toEqual(['a']);
  });

  test('start to come before the request has ended, and letters torn between two packets stay whole', async () => {
    const client = new BatchClient(service.url);
    const bytes = Buffer.from(`${line('zoë')}\n`);
    const tear = bytes.indexOf(0xc3) + 1;
    await client.write(Array.from({ length: 64 }, () => `${line('a')}\n`).join(''));
    const answers = client.answers();
    expect((await answers.next()).value).toMatchObject({ visitorId: 'a' });
    await client.write(bytes.subarray(0, tear));
    await sleep(5);
    await client.write(bytes.subarray(tear));
    client.end();
    let last: BatchAnswer | undefined;
    for await (const answer of answers) last = answer;
    expect(last?.visitorId).toBe('zoë');
  });

  test('are answered to whoever waits for an answer before they send more', async () => {
    const client = new BatchClient(service.url);
    const answers = client.answers();
    for (const id of ['a', 'b', 'c']) {
      await client.write(`${line(id)}\n`);
      expect((await answers.next()).value).toMatchObject({ visitorId: id });
    }
    client.end();
    expect((await answers.next()).done).toBe(true);
  });

  test('of many lines are answered while they are being sent, none lost, in constant memory', async () => {
    const TOTAL = 20_000;
    const client = new BatchClient(service.url);
    let [sent, answered, furthestBehind] = [0, 0, 0];
    const sending = (async () => {
      for (; sent < TOTAL; sent += 50)
        await client.write(Array.from({ length: 50 }, (_, index) => `${line(`p-${sent + index}`)}\n`).join(''));
      client.end();
    })();
    for await (const { visitorId } of client.answers()) {
      if (visitorId !== `p-${answered}`) throw new Error(`answer ${answered} is for ${visitorId}`);
      answered++;
      furthestBehind = Math.max(furthestBehind, sent - answered);
    }
    await sending;
    expect(answered).toBe(TOTAL);
    expect(furthestBehind).toBeLessThan(TOTAL);
  });

  test('are not taken faster than their answers are read', async () => {
    const client = new BatchClient(service.url);
    const placements = Array.from({ length: 30 }, () => 'hero');
    const heavy = `${line('slow-reader', { placements, context: { note: 'x'.repeat(30_000) } })}\n`;
    let sent = 0;
    const sending = (async () => {
      for (; sent < 20_000; sent++) await client.write(heavy);
    })();
    sending.catch(() => undefined);
    let before = -1;
    while (sent !== before) {
      before = sent;
      await sleep(250);
    }
    client.abandon();
    // What the kernel's buffers hold in both directions, and no more: the 600 MB would all have been taken otherwise.
    expect(sent).toBeLessThan(10_000);
  });

  test('end where the client leaves, which harms nobody else', async () => {
    const client = new BatchClient(service.url);
    await client.write(`${line('a')}\n{"visitorId":`);
    client.abandon();
    expect(ids(await ask(line('b')))).toEqual(['b']);
  });

  test('are refused as anything but NDJSON', async () => {
    const { status, body } = await service.post('/v1/decisions/batch', line('a'), 'application/json');
    expect([status, body]).toMatchObject([415, { code: 'UNSUPPORTED_MEDIA_TYPE' }]);
  });
});

describeOnBothStores('a batch under way when the service stops', (service) => {
  const tell = (id: string) =>
    line(id, { dryRun: false, events: [{ type: 'track', messageId: id, event: 'Product Viewed' }] });

  test('has each line that was begun answered, and a last one that says where to go on', async () => {
    const waiting = new BatchClient(service.url);
    const answers = waiting.answers();
    for (let at = 1; at <= 3; at++) {
      await waiting.write(`${tell(`w-${at}`)}\n`);
      expect((await answers.next()).value).toMatchObject({ visitorId: `w-${at}`, events: 'stored' });
    }
    // Another never waits: its lines are on their way all the time.
    const busy = new BatchClient(service.url);
    let isOver = false;
    const sending = (async () => {
      for (let at = 1; !isOver; at++) await Promise.race([busy.write(`${tell(`b-${at}`)}\n`), sleep(50)]);
    })();
    const got: BatchAnswer[] = [];
    const reading = (async () => {
      for await (const answer of busy.answers()) got.push(answer);
    })();
    await until('the busy one to be answered', () => got.length > 100);

    const stopped = service.halt();
    expect((await answers.next()).value).toEqual({
      error: expect.objectContaining({ code: 'STOPPING', line: 4, message: expect.stringContaining('line 4') }),
    });
    expect((await answers.next()).done).toBe(true);
    await reading;
    isOver = true;
    // Whatever came of what it sent after that.
    await sending.catch(() => undefined);
    busy.abandon();
    waiting.abandon();
    await stopped;
    const last = got.pop();
    expect(last?.error).toMatchObject({ code: 'STOPPING', line: got.length + 1 });
    expect(got.map(({ visitorId }) => visitorId)).toEqual(got.map((_, index) => `b-${index + 1}`));

    // None is told of and lost, none is untold and kept.
    await service.boot();
    const known = async (id: string) => (await service.get(`/v1/visitors/${id}`)).status;
    expect(await known(`b-${got.length}`)).toBe(200);
    expect(await known(`b-${got.length + 1}`)).toBe(404);
  });
});
