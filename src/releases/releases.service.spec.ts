import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tryHere } from '../rulebook/aside/try-release.js';
import { Logger } from '@nestjs/common';
import { SAMPLE } from '../rulebook/sample-rules.contract.js';
import { ReleasesAtHand } from '../serving/releases-at-hand.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteReleaseStore } from '../stores/sqlite/sqlite-release-store.js';
import { FOLDER, ReleasesService } from './releases.service.js';

let database: SqliteDatabase;
let store: SqliteReleaseStore;
let releases: ReleasesService;

beforeEach(() => {
  Logger.overrideLogger(false);
  database = SqliteDatabase.open(':memory:');
  store = new SqliteReleaseStore(database);
  releases = new ReleasesService(store, new ReleasesAtHand(), false, tryHere);
});
afterEach(() => database.close());

const filesOf = (changes: Readonly<Record<string, string | undefined>> = {}) =>
  Object.entries({ ...SAMPLE, ...changes }).flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
const told = (who = 'author:00000001') => ({ author: 'the desk', message: 'a change', who });
const welcome = (title: string) => ({
  'offers/welcome.json': JSON.stringify({ name: title, treatments: { '*': { content: { title } } } }),
});
/** Releases 1 to `count`, each with another welcome. */
async function publish(count: number, who?: string): Promise<void> {
  for (let n = 1; n <= count; n++) await releases.publish(filesOf(welcome(`Welcome ${n}`)), told(who));
}
const live = async (...versions: number[]) => {
  for (const version of versions) await releases.activate(version, { as: 'live' }, 'local');
};
const lines = async () =>
  (await store.events(100)).map(({ who, action, version, as, share }) =>
    [who, action, version, as, share].filter((one) => one !== undefined).join(' '),
  );

describe('publishing', () => {
  test('makes numbered releases, in which a file that did not change keeps its revision', async () => {
    expect(await releases.publish(filesOf(), told())).toMatchObject({
      version: 1,
      isNew: true,
      author: 'the desk',
      message: 'a change',
      fileCount: Object.keys(SAMPLE).length,
      digest: expect.stringMatching(/^sha256:/),
    });
    await releases.publish(filesOf({ ...welcome('Hello'), 'offers/more.json': SAMPLE['offers/welcome.json'] }), told());
    expect(await releases.publish(filesOf(welcome('Hello')), told())).toMatchObject({ version: 3, isNew: true });
    const { revisions, files } = await releases.release(3);
    expect(revisions).toEqual({
      ...Object.fromEntries(Object.keys(SAMPLE).map((path) => [path, 1])),
      'offers/welcome.json': 2,
    });
    expect(files.map(({ path }) => path)).toEqual(Object.keys(SAMPLE).sort());
    expect((await store.rollout()).revision).toBe(0);
    expect(await lines()).toEqual([
      'author:00000001 publish 3',
      'author:00000001 publish 2',
      'author:00000001 publish 1',
    ]);
  });

  test('gives the latest back where nothing changed, whoever asks, but not an earlier one', async () => {
    const first = await releases.publish(filesOf(), told());
    expect(await releases.publish(filesOf().reverse(), told('author:00000002'))).toEqual({ ...first, isNew: false });
    await releases.publish(filesOf(welcome('Hello')), told());
    expect(await releases.publish(filesOf(), told())).toMatchObject({ version: 3, digest: first.digest, isNew: true });
    expect(await releases.publish(filesOf({ 'journeys/first.json': '{}' }), told())).toMatchObject({
      version: 4,
      isNew: true,
      notes: [expect.stringContaining('journeys'), ...first.notes],
    });
  });

  test('keeps the message of whoever publishes what is there, and says nothing for the folder', async () => {
    await releases.publish(filesOf(), told());
    await releases.publish(filesOf(), { ...told('author:00000002'), message: 'to be sure' });
    await releases.publish(filesOf(), told(FOLDER));
    expect(
      (await store.events(10)).map(({ who, action, version, message }) => [who, action, version, message]),
    ).toEqual([
      ['author:00000002', 'publish-again', 1, 'to be sure'],
      ['author:00000001', 'publish', 1, 'a change'],
    ]);
  });

  test('refuses what has a problem or a failing case, with all the reasons, and keeps nothing of it', async () => {
    const broken = { ...welcome('Hello {{ profile.name'), 'offers/more.json': '{' };
    await expect(releases.publish(filesOf(broken), told())).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      status: 422,
      problems: [{ path: 'offers/more.json:1:1' }, { path: expect.stringMatching(/^offers\/welcome\.json:1:\d+$/) }],
    });
    const failing = {
      'cases/pet-lover.json': (SAMPLE['cases/pet-lover.json'] ?? '').replace('"pet-camera"', '"welcome"'),
    };
    await expect(releases.publish(filesOf(failing), told())).rejects.toMatchObject({
      problems: expect.arrayContaining([
        { path: 'cases/pet-lover.json', message: expect.stringMatching(/^"A pet lover" fails: .*welcome/) },
      ]),
    });
    expect([await store.list(10), await lines()]).toEqual([[], []]);
  });

  test('numbers releases without gaps when many are published at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, n) => releases.publish(filesOf(welcome(`Welcome ${n}`)), told())),
    );
    expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const all = await Promise.all(made.map(({ version }) => releases.release(version)));
    for (const { version, revisions } of all)
      expect([revisions['offers/welcome.json'], revisions['placements/home.hero.json']]).toEqual([version, 1]);
  });
});

describe('what serves', () => {
  beforeEach(() => publish(5));

  test('is the release made live, and a rollback goes back one each time', async () => {
    await live(1, 3, 2);
    expect(await store.rollout()).toMatchObject({ live: 2, before: [3, 1] });
    expect(await releases.rollback('local')).toMatchObject({ live: 3, before: [1] });
    expect(await releases.rollback('local')).toMatchObject({ live: 1, before: [] });
    await expect(releases.rollback('local')).rejects.toMatchObject({
      code: 'ROLLOUT_REFUSED',
      status: 409,
      message: 'There is nothing to roll back to: no release was live before. Release 1 is live.',
    });
    expect((await lines()).slice(0, 5)).toEqual([
      'local rollback 1 live',
      'local rollback 3 live',
      'local activate 2 live',
      'local activate 3 live',
      'local activate 1 live',
    ]);
  });

  test('changes nothing, and logs nothing, when it is asked for what is so already', async () => {
    await live(1);
    const canary = await releases.activate(2, { as: 'canary', share: 10 }, 'local');
    const before = await lines();
    await live(1);
    expect(await releases.activate(2, { as: 'canary', share: 10 }, 'local')).toEqual(canary);
    expect(await lines()).toEqual(before);
  });

  test('may be a canary beside the live one, follow another, and end as the canary by becoming live', async () => {
    await live(1);
    expect(await releases.activate(2, { as: 'canary', share: 0.5 }, 'local')).toMatchObject({
      live: 1,
      canary: { version: 2, share: 0.5 },
    });
    await live(3);
    expect(await releases.activate(2, { as: 'canary', share: 100 }, 'local')).toMatchObject({
      live: 3,
      canary: { version: 2, share: 100 },
    });
    expect(await releases.activate(2, { as: 'live' }, 'local')).toMatchObject({
      live: 2,
      canary: undefined,
      before: [3, 1],
    });
    expect((await lines())[1]).toBe('local activate 2 canary 100');
  });

  test('is rolled back by ending the canary where there is one', async () => {
    await live(1, 2);
    await releases.activate(3, { as: 'canary', share: 10 }, 'local');
    expect(await releases.rollback('local')).toMatchObject({ live: 2, canary: undefined, before: [1] });
    expect(await releases.rollback('local')).toMatchObject({ live: 1, before: [] });
    expect((await lines()).slice(0, 2)).toEqual(['local rollback 1 live', 'local rollback 3 canary']);
  });

  test('goes back one where two roll back at once', async () => {
    await live(1, 2, 3);
    const both = await Promise.all([releases.rollback('local'), releases.rollback('local')]);
    expect([both.map((one) => one.live), (await lines()).filter((line) => line.includes('rollback'))]).toEqual([
      [2, 2],
      ['local rollback 2 live'],
    ]);
  });

  test('is changed once by who repeats a request with the revision that it was made for', async () => {
    await live(1, 2, 3);
    const { revision: seen } = await store.rollout();
    expect(await releases.rollback('local', seen)).toMatchObject({ live: 2 });
    expect(await releases.rollback('local', seen)).toMatchObject({ live: 2, revision: seen + 1 });
    await expect(releases.activate(3, { as: 'live' }, 'local', seen)).rejects.toMatchObject({
      code: 'ROLLOUT_REFUSED',
    });
    await releases.activate(3, { as: 'canary', share: 10 }, 'local', seen + 1);
    await releases.activate(3, { as: 'canary', share: 10 }, 'local', seen + 1);
    await expect(releases.activate(3, { as: 'canary', share: 20 }, 'local', seen + 1)).rejects.toThrow(
      /changed meanwhile/,
    );
    await releases.end('canary', 'local', seen + 2);
    await releases.end('canary', 'local', seen + 2);
    await expect(releases.rollback('local', seen)).rejects.toThrow(
      `What serves is at revision ${seen + 3}, not ${seen}: it was changed meanwhile`,
    );
    await expect(releases.rollback('local', 99)).rejects.toThrow(/not 99/);
    expect(await store.rollout()).toMatchObject({ live: 2, canary: undefined, revision: seen + 3 });
  });

  test.each<[string, () => Promise<unknown>, boolean]>([
    ['a rollback', async () => undefined, true],
    ['and a try as a canary', () => releases.activate(3, { as: 'canary', share: 1 }, 'local'), true],
    ['and what the folder published', () => releases.publish(filesOf(welcome('Saved')), told(FOLDER)), true],
    ['and an activation of what is live already', () => live(1), true],
    ['and a publication', () => releases.publish(filesOf(welcome('Mended')), told()), false],
    ['and a publication of what is there', () => releases.publish(filesOf(welcome('Welcome 5')), told()), false],
    ['and an activation', () => live(2), false],
  ])('is held against the folder after %s', async (_what, act, isHeld) => {
    await live(1, 2);
    expect(await releases.hold()).toBeUndefined();
    await releases.rollback('author:00000001');
    await act();
    const hold = await releases.hold();
    expect(hold).toEqual(isHeld ? { since: expect.any(Number), who: 'author:00000001', version: 1 } : undefined);
    expect(await releases.activateSaved(5)).toMatchObject({ live: isHeld ? 1 : 5 });
  });

  test('may have a shadow, which ends when it becomes live by whatever way', async () => {
    await live(1, 2);
    await releases.activate(1, { as: 'shadow' }, 'local');
    expect(await releases.activate(3, { as: 'canary', share: 10 }, 'local')).toMatchObject({
      shadow: { version: 1 },
      canary: { version: 3 },
    });
    expect(await releases.end('canary', 'local')).toMatchObject({ live: 2, shadow: { version: 1 }, canary: undefined });
    expect(await releases.rollback('local')).toMatchObject({ live: 1, shadow: undefined });
    await expect(releases.end('shadow', 'local')).rejects.toMatchObject({
      code: 'ROLLOUT_REFUSED',
      message: 'There is no shadow to end. Release 1 is live.',
    });
  });

  test('is never what is not there, nor beside itself, nor beside nothing', async () => {
    await expect(releases.activate(9, { as: 'live' }, 'local')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no release 9; the latest is 5.',
    });
    await expect(releases.activate(0, { as: 'live' }, 'local')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(releases.activate(1, { as: 'shadow' }, 'local')).rejects.toThrow(
      /Nothing is live yet that release 1 could be a shadow beside/,
    );
    await live(1);
    await expect(releases.activate(1, { as: 'canary', share: 1 }, 'local')).rejects.toThrow(
      /Release 1 is live already, so it can't be the canary beside itself/,
    );
  });

  test('keeps the last hundred to go back to', async () => {
    for (let n = 0; n < 103; n++) await live(1 + (n % 2));
    const { before } = await store.rollout();
    expect([before.length, before[0]]).toEqual([100, 2]);
  });

  test('is changed by all who change it at once, one after the other', async () => {
    await live(1);
    await Promise.all([2, 3, 4, 5].map((version) => live(version)));
    const { live: last, before, revision } = await store.rollout();
    expect([[last, ...before].sort(), revision]).toEqual([[1, 2, 3, 4, 5], 5]);
  });
});

describe('with approvals', () => {
  beforeEach(async () => {
    releases = new ReleasesService(store, new ReleasesAtHand(), true, tryHere);
    await publish(2, 'approver:00000001');
  });

  test('a release is activated by another than published it', async () => {
    const own = releases.activate(1, { as: 'live' }, 'approver:00000001');
    await expect(own).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
      status: 403,
      message: expect.stringMatching(/^Release 1 was published by approver:00000001/),
    });
    await expect(releases.activate(2, { as: 'shadow' }, 'approver:00000001')).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
    });
    expect(await releases.activate(1, { as: 'live' }, 'approver:00000002')).toMatchObject({ live: 1 });
    await releases.activate(2, { as: 'live' }, 'approver:00000002');
    expect(await releases.rollback('approver:00000001')).toMatchObject({ live: 1 });
  });

  test('the folder may make the first release live, as nothing serves before, and no other', async () => {
    await publish(4, FOLDER);
    await Promise.all([releases.activateFirst(4), releases.activateFirst(4)]);
    await releases.activateFirst(5);
    expect(await store.rollout()).toMatchObject({ revision: 1, live: 4 });
    await expect(releases.activate(5, { as: 'live' }, FOLDER)).rejects.toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(await releases.activate(2, { as: 'live' }, FOLDER)).toMatchObject({ live: 2 });
  });

  test('a key is the same one with another scope', async () => {
    await expect(releases.activate(1, { as: 'live' }, 'admin:00000001')).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
    });
  });

  test('the publisher is found however long ago it was', async () => {
    for (let n = 0; n < 210; n++) await releases.activate(1 + (n % 2), { as: 'live' }, 'approver:00000002');
    await expect(releases.activate(1, { as: 'live' }, 'approver:00000001')).rejects.toMatchObject({
      code: 'APPROVAL_NEEDED',
    });
  });
});

describe('the difference of two releases', () => {
  test('names each file that was added, removed or changed, with its revisions and its text', async () => {
    await publish(2);
    await releases.publish(
      filesOf({
        ...welcome('Welcome 2'),
        'offers/more.json': '{ "name": "More",\n"treatments": { "*": { "content": { "title": "More" } } } }\n',
        'segments/pet-lovers.json': `${SAMPLE['segments/pet-lovers.json']}\n`,
        'cases/pet-lover.json': undefined,
      }),
      told(),
    );
    const { from, to, files } = await releases.diff(1, 3);
    expect([from, to, files.map(({ diff: _text, ...about }) => about)]).toEqual([
      1,
      3,
      [
        { path: 'cases/pet-lover.json', change: 'removed', from: 1 },
        { path: 'offers/more.json', change: 'added', to: 3 },
        { path: 'offers/welcome.json', change: 'changed', from: 1, to: 2 },
        { path: 'segments/pet-lovers.json', change: 'changed', from: 1, to: 3 },
      ],
    ]);
    expect(files[2]?.diff).toMatch(
      /^--- a\/offers\/welcome\.json\n\+\+\+ b\/offers\/welcome\.json\n@@ -1 \+1 @@\n-.*Welcome 1.*\n\\ No newline at end of file\n\+.*Welcome 2/,
    );
    expect((await releases.diff(3, 3)).files).toEqual([]);
    await expect(releases.diff(1, 4)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no release 4; the latest is 3.',
    });
  });
});
