import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuiltCli } from './built-cli.js';
import { describeOnBothStores } from './harness.js';
import { runReleaseCommand } from './release-commands-here.js';
import { SHOP_FILES, writeShop } from './shop.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.open();
});
afterAll(() => cli.remove());

const titled = (title: string) => JSON.stringify({ name: title, treatments: { '*': { content: { title } } } });
let folders = 0;

/** A folder of the shop's rules with these files added or changed. */
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = join(cli.folder, 'files', `shop-${++folders}`, 'rules');
  await writeShop(dir);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

describeOnBothStores('the command', (service) => {
  // The service is the same to it whatever the store: as a process of its own it is run on one of them.
  const usher = (...args: string[]) =>
    service.store === 'SQLite'
      ? cli.run(args, { env: { USHER_URL: service.url } })
      : runReleaseCommand(args, service.url);
  const json = async (...args: string[]): Promise<unknown> => JSON.parse((await usher(...args, '--json')).stdout);
  const publish = async (title: string): Promise<number> =>
    (
      (await json('publish', await folder({ 'offers/welcome.json': titled(title) }), '-m', `Says ${title}`)) as {
        version: number;
      }
    ).version;

  test('publishes a folder, and says how to go on', async () => {
    const dir = await folder({ 'offers/welcome.json': titled('Hello'), 'journeys/first.json': '{}' });
    const { code, stdout } = await usher('publish', dir, '-m', 'A friendlier welcome', '--author', 'Marketing');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^✓ Release 2 is published: \d+ files\.\nnote: not enforced yet: journeys\/, 1 file\nHave it serve: {2}usher activate 2\n.*--as canary --share 10\n$/,
      ),
    ]);
    expect((await usher('publish', dir, '-m', 'again')).stdout).toMatch(
      /Nothing changed: release 2, the latest, has these very files/,
    );
    expect(await json('publish', dir, '-m', 'again')).toMatchObject({
      version: 2,
      isNew: false,
      author: 'Marketing',
      message: 'A friendlier welcome',
    });
  });

  test('publishes nothing that has a problem, and says where each is', async () => {
    const stray = await usher('publish', await folder({ 'ofers/a.json': '{}', 'offers/a.txt': '' }), '-m', 'x');
    expect([stray.code, stray.stdout]).toEqual([
      1,
      expect.stringMatching(
        /^rules\/ofers:1:1 unknown folder "ofers"; did you mean "offers"\?\nrules\/offers\/a\.txt:1:1 rule files end in/,
      ),
    ]);
    const broken = await usher('publish', await folder({ 'offers/welcome.json': '{\n"name": 7 }' }), '-m', 'x');
    expect([broken.code, broken.stdout, broken.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(
        /answered 422: No release is made of these rule files; they have [^]*\n {2}offers\/welcome\.json:2:9: /,
      ),
    ]);
    const story = {
      name: 'Stranger',
      request: { placements: ['hero'] },
      now: '2026-01-01T00:00:00Z',
      expect: { hero: ['camera'] },
    };
    expect(
      (await usher('publish', await folder({ 'cases/stranger.json': JSON.stringify(story) }), '-m', 'x')).stderr,
    ).toMatch(/cases\/stranger\.json: "Stranger" fails: .*camera/);
    expect((await usher('publish')).stderr).toMatch(/required option '-m, --message <text>' not specified/);
  });

  test('has releases serve, tries them, and goes back', async () => {
    const [a, b] = [await publish('A'), await publish('B')];
    expect((await usher('activate', String(a))).stdout).toBe(`Release ${a} is live. Before it: 1.\n`);
    const canary = await usher('activate', String(b), '--as', 'canary', '--share', '12.5%');
    expect(canary.stdout).toBe(
      `Release ${a} is live. Before it: 1.\nRelease ${b} is the canary, for 12.5 % of the visitors.\n`,
    );
    expect((await usher('releases', '--limit', '2')).stdout).toMatch(
      new RegExp(
        `^release +serves as +published +by +message\n${b} +canary 12\\.5 % +\\d{4}-\\d\\d-\\d\\d ` +
          `\\d\\d:\\d\\d:\\d\\dZ +local +Says B\n${a} +live .* Says A\n\nRelease ${a} is live`,
      ),
    );
    expect((await usher('rollback')).stdout).toBe(`Release ${a} is live. Before it: 1.\n`);
    expect((await usher('activate', '1', '--as', 'shadow')).stdout).toMatch(/Release 1 is the shadow/);
    expect((await usher('shadow')).stdout).toMatch(/^Release 1 was compared for \d+ placements?; 0 of them differ/);
    expect((await usher('end', 'shadow')).stdout).not.toMatch(/shadow/);
    expect(await json('rollback')).toMatchObject({ live: 1, before: [] });
    const log = (await usher('releases', '--log', '--limit', '6')).stdout;
    expect(
      log
        .split('\n')
        .slice(1, -1)
        .map((line) => line.replace(/^\S+ \S+ +/, '').replace(/ +/g, ' ')),
    ).toEqual([
      'local rollback 1 live',
      'local end 1 shadow',
      'local activate 1 shadow',
      `local rollback ${b} canary`,
      `local activate ${b} canary 12.5 %`,
      `local activate ${a} live`,
    ]);
    expect(await json('releases', '--log')).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ action: 'publish', who: 'folder', version: 1 })]),
    });
  });

  test('publishes and makes live in one go', async () => {
    const { stdout } = await usher(
      'publish',
      await folder({ 'offers/welcome.json': titled('Now') }),
      '-m',
      'Now',
      '--activate',
    );
    const version = Number(/Release (\d+) is published/.exec(stdout)?.[1]);
    expect(stdout).toContain(`Release ${version} is live.`);
    expect(await json('rollback')).toMatchObject({ live: 1 });
  });

  test('shows what differs between two releases', async () => {
    const [a, b] = [await publish('One'), await publish('Two')];
    const { stdout } = await usher('diff', String(a), String(b));
    expect(stdout).toMatch(
      new RegExp(
        `^changed: offers/welcome\\.json \\(revision ${a} → ${b}\\)\n--- a/offers/welcome\\.json\n` +
          `\\+\\+\\+ b/[^]*\n-.*One[^]*\n\\+.*Two[^]*\n\nFrom release ${a} to ${b}: 1 file changed, 0 added, ` +
          '0 removed\\.\n$',
      ),
    );
    expect((await usher('diff', '--stat')).stdout).toMatch(
      new RegExp(`^M offers/welcome\\.json .*\nFrom release 1 to ${b}: 1 file changed`),
    );
    expect((await usher('diff', '1', '1')).stdout).toBe('Release 1 and release 1 have the same files.\n');
    expect(await json('diff', String(a), String(b))).toMatchObject({
      files: [{ path: 'offers/welcome.json', change: 'changed' }],
    });
  });

  test.each([
    [['activate', 'one'], /The version of a release is a whole number such as 42, and "one" is none/],
    [['activate', '999'], /answered 404: There is no release 999; the latest is \d+\./],
    [['activate', '1', '--as', 'canary'], /A canary needs --share/],
    [
      ['activate', '1', '--as', 'canary', '--share', '0'],
      /--share is in percent, above 0 and up to 100, and "0" is not/,
    ],
    [['activate', '1', '--as', 'dark'], /Allowed choices are live, canary, shadow/],
    [['activate', '1', '--as', 'shadow'], /answered 409: Release 1 is live already/],
    [['end', 'live'], /Allowed choices are canary, shadow/],
    [['end', 'canary'], /answered 409: There is no canary to end\. Release 1 is live\./],
    [['shadow'], /There is no shadow now/],
    [['diff', '1', '999'], /answered 404: There is no release 999/],
    [['releases', '--limit', 'all'], /--limit is a whole number such as 42/],
  ])('says what is wrong with %j', async (args, why) => {
    const { code, stderr, stdout } = await runReleaseCommand(args, service.url);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(why)]);
  });

  test.each([
    ['publish', '-m', 'x'],
    ['activate', '1'],
    ['rollback'],
    ['end', 'canary'],
    ['releases'],
    ['releases', '--log'],
    ['diff', '1', '2'],
    ['shadow'],
  ])('says that the service is away: %s', async (...args) => {
    const { code, stderr } = await runReleaseCommand(args, 'http://127.0.0.1:9');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/The service at http:\/\/127\.0\.0\.1:9 can't be reached .*\nStart it with `usher start`/),
    ]);
  });
});

describe('many rule files', () => {
  test('are checked in a process of their own, while requests are served', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [`offers/offer-${n}.json`, titled(`Offer ${n}`)]),
    );
    const [small, large, broken] = [
      await folder({}),
      await folder(many),
      await folder({ ...many, 'offers/offer-7.json': '{' }),
    ];
    const service = await cli.start({ USHER_RULES: small, USHER_DATA: join(cli.folder, 'files') }, ['--no-watch']);
    const usher = (...args: string[]) => cli.run(args, { env: { USHER_URL: service.url } });
    const ask = () =>
      fetch(`${service.url}/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ visitorId: 'v', placements: ['hero'] }),
      });
    let isPublished = false;
    const publishing = usher('publish', large, '-m', 'Many', '--activate').finally(() => (isPublished = true));
    const statuses = new Set<number>();
    for (; !isPublished; await sleep(20)) statuses.add((await ask()).status);
    expect([(await publishing).stdout, [...statuses]]).toEqual([
      expect.stringMatching(
        new RegExp(
          `Release 2 is published: ${(400 + Object.keys(SHOP_FILES).length).toLocaleString('en-GB')} ` +
            'files[^]*Release 2 is live',
        ),
      ),
      [200],
    ]);
    expect((await usher('publish', broken, '-m', 'Broken')).stderr).toMatch(
      /they have a problem\.\n {2}offers\/offer-7\.json:1:1: /,
    );
    const { digest } = JSON.parse((await usher('releases', '--json')).stdout).releases[0] as { digest: string };
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    await service.stop();
  });
});
