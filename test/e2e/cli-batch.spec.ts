import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BatchAnswer } from './batch-client.js';
import { BuiltCli, type Ended } from './built-cli.js';
import { describeOn, someone } from './harness.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.open();
});
afterAll(() => cli.remove());

const path = (name: string) => join(cli.folder, 'files', name);
async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(path(name), content);
  return path(name);
}
const answersIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as BatchAnswer);
const whose = (answers: BatchAnswer[]) => answers.map(({ visitorId, error }) => error?.line ?? visitorId);

describeOn('SQLite', 'usher decide --batch', (service) => {
  const usher = (args: readonly string[], input = ''): Promise<Ended> =>
    cli.run(['decide', '--batch', ...args], { env: { USHER_URL: service.url }, input });
  const people = Array.from({ length: 600 }, (_, index) => `p-${index + 1}`);
  const table = `visitorId;age\r\n${people.map((id) => `${id};40`).join('\r\n')}\r\n`;

  test('answers each visitor of a table, in its order, and says in numbers what became of them', async () => {
    const out = path('table.ndjson');
    const args = [await file('people.csv', table), '--placement', 'letter,hero', '--channel', 'email', '--json'];
    const { code, stdout, stderr } = await usher([...args, '--out', out]);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 600, decided: 600, refused: 0, answeredBefore: 0 });
    const answers = answersIn(await readFile(out, 'utf8'));
    expect(whose(answers)).toEqual(people);
    expect(answers[0]?.decisions).toMatchObject([{ placement: 'letter' }, { placement: 'hero' }]);
  });

  test('makes the same decisions under the same name of the batch, and others without one', async () => {
    const ids = async (...more: string[]) => {
      const { stdout } = await usher(['-', '--format', 'csv', '--placement', 'hero', ...more], 'visitorId\np-1\np-2\n');
      return answersIn(stdout).map((answer) => (answer as { readonly decisionId?: string }).decisionId);
    };
    const first = await ids('--batch-id', 'letter-47', '--hold', '2d');
    expect(await ids('--batch-id', 'letter-47')).toEqual(first);
    expect(await ids()).not.toEqual(first);
    expect((await usher(['-', '--placement', 'hero', '--hold', 'soon'], '{"visitorId":"a"}')).stderr).toContain('hold');
  });

  test('answers lines of NDJSON from standard input, each as it asks, and the bad ones in their place', async () => {
    const known = someone();
    await service.tell({ type: 'track', userId: known, event: 'Product Viewed', properties: { sku: 'c-1' } });
    const lines = [
      JSON.stringify({ visitorId: known, placements: ['hero'] }),
      '{"visitorId":',
      JSON.stringify({ visitorId: 'b', placements: ['nowhere'] }),
      JSON.stringify({ visitorId: 'c' }),
    ];
    const args = ['-', '--placement', 'banner', '--dry-run'];
    const { code, stdout, stderr } = await usher(args, lines.join('\n'));
    const answers = answersIn(stdout);
    expect([code, whose(answers)]).toEqual([0, [known, 2, 3, 'c']]);
    expect(answers).toMatchObject([
      { decisions: [{ placement: 'hero', items: [{ offer: 'phone' }] }] },
      { error: { message: 'The row is not a JSON object.' } },
      { visitorId: 'b', error: { code: 'INVALID_REQUEST' } },
      { decisions: [{ placement: 'banner' }] },
    ]);
    expect(stderr).toMatch(/2 refused: "error" in their lines says why/);
    expect((await usher([...args, '--strict'], lines.join('\n'))).code).toBe(1);
    expect((await usher(args, lines[1])).code).toBe(1);
  });

  test('goes on where it was broken off, and asks for no row twice', async () => {
    const from = await file('people.csv.gz', gzipSync(table));
    const args = [from, '--placement', 'hero', '--json', '--out', path('broken-off.ndjson')];
    const first = await usher(args);
    const whole = await readFile(path('broken-off.ndjson'), 'utf8');
    const lines = whole.split('\n');
    // In the middle of the 301st line.
    await file('broken-off.ndjson', `${lines.slice(0, 300).join('\n')}\n${lines[300]?.slice(0, 20)}`);
    const second = await usher(args);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(JSON.parse(second.stdout)).toMatchObject({ rows: 300, answeredBefore: 300 });
    const after = await readFile(path('broken-off.ndjson'), 'utf8');
    expect(whose(answersIn(after))).toEqual(people);
    expect(after.startsWith(lines.slice(0, 300).join('\n'))).toBe(true);
    expect(JSON.parse((await usher(args)).stdout)).toMatchObject({ rows: 0, answeredBefore: 600 });
  });

  test.each([
    ['the rows themselves', () => table, /line 1 is no answer/],
    ['answers to others', () => `{"visitorId":"stranger","decisions":[]}\n`, /answers "stranger", and row 1 is "p-1"/],
    [
      'more answers than rows',
      () =>
        people
          .concat('x')
          .map((visitorId) => `${JSON.stringify({ visitorId, decisions: [] })}\n`)
          .join(''),
      /more lines than there are rows/,
    ],
  ])('does not go on in a file that holds %s, and leaves it as it is', async (_what, content, why) => {
    const out = await file('foreign', content());
    const { code, stderr } = await usher([await file('people.csv', table), '--placement', 'hero', '--out', out]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(why)]);
    expect(await readFile(out, 'utf8')).toBe(content());
  });

  test.each([
    [
      'no column of ids',
      ['people.csv', '--placement', 'hero', '--id', 'customer'],
      /no column customer; .*visitorId, age/,
    ],
    ['nothing that is asked', ['people.csv'], /Say what is asked with --placement/],
    ['a visitor besides', ['people.csv', 'u-9', 'hero'], /"u-9 hero" is one too many/],
  ])('says what to do where there is %s', async (_what, [name = '', ...rest], why) => {
    await file('people.csv', table);
    const { code, stderr, stdout } = await usher([path(name), ...rest]);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(why)]);
  });

  test('is not mixed up with the question for one visitor', async () => {
    const run = (...args: string[]) => cli.run(['decide', ...args], { env: { USHER_URL: service.url } });
    expect((await run('u-9')).stderr).toMatch(/Say who and what/);
    expect((await run('u-9', 'hero', '--out', 'x')).stderr).toMatch(/--out goes with --batch/);
    expect((await run('u-9', 'hero', '--placement', 'x')).stderr).toMatch(/--placement goes with --batch/);
  });

  test('asks a service that stops for the rest when it is back, from the line it said', async () => {
    // What stands before the service answers two lines of the first request and says that it is being stopped.
    let requests = 0;
    const front: Server = createServer((request, response) => {
      void request.toArray().then(async (chunks) => {
        const lines = Buffer.concat(chunks as Buffer[])
          .toString()
          .split('\n');
        const now = requests++ === 0 ? lines.slice(0, 2) : lines;
        const { text } = await service.post('/v1/decisions/batch', now.join('\n'), 'application/x-ndjson');
        const stopping = JSON.stringify({ error: { code: 'STOPPING', message: '', line: 3, problems: [] } });
        response.end(requests === 1 ? `${text}${stopping}\n` : text);
      });
    }).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const input = people.slice(0, 5).map((visitorId) => JSON.stringify({ visitorId, placements: ['hero'] }));
    const { code, stdout } = await cli.run(['decide', '--batch', '-', '--url', url], { input: input.join('\n') });
    front.closeAllConnections();
    front.close();
    expect([code, requests, whose(answersIn(stdout))]).toEqual([0, 2, people.slice(0, 5)]);
  });
});
