import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/until.js';
import {
  NOTHING_LIVE,
  type Release,
  type ReleaseEvent,
  type ReleaseFile,
  type ReleaseStore,
  type Rollout,
} from './release-store.js';

/**
 * What the suite runs against: `open` gives a store over data of its own each time, `another` one over the same data as
 * the last, through a connection of its own.
 */
export interface ReleaseBackend {
  open(): Promise<ReleaseStore>;
  another(): Promise<ReleaseStore>;
  tearDown(): Promise<void>;
}

/** The suite that every {@link ReleaseStore} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeReleaseStore(name: string, setUp: () => Promise<ReleaseBackend>): void {
  describe(name, () => {
    let backend: ReleaseBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('a store that nothing was published to has nothing live', async () => {
      const store = await backend.open();
      expect(await store.rollout()).toEqual(NOTHING_LIVE);
      expect([await store.list(10), await store.events(10), await store.release(1), await store.release(0)]).toEqual([
        [],
        [],
        undefined,
        undefined,
      ]);
      expect([...(await store.shadowCounts(1))]).toEqual([]);
    });

    test('a release is read back as it was, also by others, with the line of its publication', async () => {
      const store = await backend.open();
      const first = releaseOf(1, [file('offers/a.json', 'Zoë 🐈 \u2028 \0 "quoted"'), file('segments/b.yaml', '')]);
      expect(await store.add(first, published(1))).toBe(true);
      const other = await backend.another();
      expect(await other.release(1)).toEqual(first);
      expect([await other.list(10), await other.events(10)]).toEqual([[summary(first)], [published(1)]]);
      expect(await other.rollout()).toEqual(NOTHING_LIVE);
    });

    test('a line of the log may stand alone', async () => {
      const store = await backend.open();
      await store.add(releaseOf(1), published(1));
      const note = { ...published(1), action: 'publish-again', message: 'to be sure' } as const;
      await store.note(note);
      const other = await backend.another();
      expect([await other.events(10), await other.rollout()]).toEqual([[note, published(1)], NOTHING_LIVE]);
    });

    test('a release without files is one', async () => {
      const store = await backend.open();
      await store.add(releaseOf(1, []), published(1));
      expect(await store.release(1)).toEqual(releaseOf(1, []));
    });

    test('a version that is there, or after the next, is refused and leaves nothing', async () => {
      const store = await backend.open();
      await store.add(releaseOf(1), published(1));
      expect(await store.add(releaseOf(1, [file('other.json', 'other')]), published(1))).toBe(false);
      expect(await store.add(releaseOf(3), published(3))).toBe(false);
      expect([await store.release(1), await store.release(3), await store.events(10)]).toEqual([
        releaseOf(1),
        undefined,
        [published(1)],
      ]);
    });

    test('of those who add the same version at once one wins, whole, and the others are told', async () => {
      const stores = [await backend.open(), await backend.another(), await backend.another()];
      for (let version = 1; version <= 5; version += 1) {
        const tries = stores.map((_, who) => releaseOf(version, [file('who.json', `${who} in ${version}`)]));
        const won = await Promise.all(
          stores.map((store, who) =>
            store.add(tries[who] ?? releaseOf(version), { ...published(version), who: `author:${who}` }),
          ),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await stores[0]?.release(version)).toEqual(tries[won.indexOf(true)]);
        expect(await stores[1]?.events(1)).toEqual([{ ...published(version), who: `author:${won.indexOf(true)}` }]);
      }
      expect((await stores[2]?.list(10))?.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    });

    test('releases are listed newest first, from before a version where one is given', async () => {
      const store = await backend.open();
      for (let version = 1; version <= 6; version += 1) await store.add(releaseOf(version), published(version));
      const versions = async (limit: number, before?: number) =>
        (await store.list(limit, before)).map(({ version }) => version);
      expect([await versions(2), await versions(2, 5), await versions(10, 3), await versions(10, 99)]).toEqual([
        [6, 5],
        [4, 3],
        [2, 1],
        [6, 5, 4, 3, 2, 1],
      ]);
      expect([await versions(10, 1), await versions(10, 0), await versions(0)]).toEqual([[], [], []]);
    });

    test('of releases that differ little each is whole, with its own revisions', async () => {
      const store = await backend.open();
      const files = manyFiles(1_000);
      const first = releaseOf(1, files);
      const changed = files
        .toSpliced(500, 1)
        .map((one) => (one.path === files[10]?.path ? file(one.path, 'changed') : one));
      const second = {
        ...releaseOf(2, changed),
        revisions: { ...revisionsOf(changed, 1), [files[10]?.path ?? '']: 2 },
      };
      await store.add(first, published(1));
      await store.add(second, published(2));
      expect(await store.release(1)).toEqual(first);
      expect(await store.release(2)).toEqual(second);
    });

    test('a release of 10,000 files is added and read without keeping others waiting', async () => {
      const store = await backend.open();
      const [files, added, taken] = [manyFiles(10_000), [] as number[], [] as number[]];
      // A turn in which garbage is collected is long, too; what is done at once is so each time.
      for (const version of [1, 2, 3]) {
        const large = releaseOf(version, files);
        let read: Release | undefined;
        added.push(await largestTurn(async () => expect(await store.add(large, published(version))).toBe(true)));
        taken.push(await largestTurn(async () => void (read = await store.release(version))));
        expect(read).toEqual(large);
      }
      // Were it all done at once, or all but a little, the others would have had no turn.
      expect(Math.max(Math.min(...added), Math.min(...taken))).toBeLessThan(0.5);
    });

    test('the rollout changes from revision to revision, and a change from a stale one is refused', async () => {
      const store = await backend.open();
      const other = await backend.another();
      const first: Rollout = { ...NOTHING_LIVE, revision: 1, live: 1 };
      const second: Rollout = {
        revision: 2,
        live: 1,
        canary: { version: 2, share: 12.5 },
        shadow: { version: 3 },
        before: [7, 6],
      };
      expect(await store.change({ ...first, revision: 2 }, activated(1))).toBe(false);
      expect(await store.change(first, activated(1))).toBe(true);
      expect(await other.change(first, activated(9))).toBe(false);
      expect(await other.rollout()).toEqual(first);
      expect(await other.change(second, activated(2))).toBe(true);
      expect(await store.rollout()).toEqual(second);
      expect(await store.change({ ...NOTHING_LIVE, revision: 3, live: 2 }, activated(3))).toBe(true);
      expect(await store.rollout()).toEqual({ ...NOTHING_LIVE, revision: 3, live: 2 });
      expect(await store.events(10)).toEqual([activated(3), activated(2), activated(1)]);
    });

    test('of those who change the rollout at once one wins', async () => {
      const stores = [await backend.open(), await backend.another()];
      for (let revision = 1; revision <= 5; revision += 1) {
        const won = await Promise.all(
          stores.map((store, live) => store.change({ ...NOTHING_LIVE, revision, live }, activated(live))),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await stores[0]?.rollout()).toEqual({ ...NOTHING_LIVE, revision, live: won.indexOf(true) });
      }
      expect(await stores[1]?.events(10)).toHaveLength(5);
    });

    test('the log has every line in its order, page by page', async () => {
      const store = await backend.open();
      for (let version = 1; version <= 3; version += 1) {
        await store.add(releaseOf(version), published(version));
        await store.change({ ...NOTHING_LIVE, revision: version, live: version }, activated(version));
      }
      const all = [activated(3), published(3), activated(2), published(2), activated(1), published(1)];
      expect([
        await store.events(100),
        await store.events(2, 1),
        await store.events(4, 4),
        await store.events(4, 6),
        await store.events(0),
      ]).toEqual([all, all.slice(1, 3), all.slice(4), [], []]);
    });

    test('counts of a shadow add up, whoever counts and whatever they count', async () => {
      const store = await backend.open();
      const other = await backend.another();
      await store.countShadow(
        2,
        new Map([
          ['same', 5],
          ['__proto__', 1],
          ['home.hero\n🐈 "a"', 2],
        ]),
      );
      await other.countShadow(
        2,
        new Map([
          ['same', 7],
          ['new', 1],
        ]),
      );
      await other.countShadow(3, new Map([['same', 1]]));
      await store.countShadow(2, new Map());
      expect(new Map(await store.shadowCounts(2))).toEqual(
        new Map([
          ['same', 12],
          ['__proto__', 1],
          ['home.hero\n🐈 "a"', 2],
          ['new', 1],
        ]),
      );
      expect(new Map(await store.shadowCounts(3))).toEqual(new Map([['same', 1]]));
    });

    test('who subscribes hears of a change at once where it is made, and soon elsewhere', async () => {
      const store = await backend.open();
      const other = await backend.another();
      const heard = { here: 0, there: 0 };
      const ends = [store.subscribe(() => (heard.here += 1)), other.subscribe(() => (heard.there += 1))];
      await sleep(300);
      for (const change of [
        () => store.add(releaseOf(1), published(1)),
        () => store.change({ ...NOTHING_LIVE, revision: 1, live: 1 }, activated(1)),
      ]) {
        const before = { ...heard };
        await change();
        expect(heard.here).toBeGreaterThan(before.here);
        await until('news from elsewhere', () => heard.there > before.there);
      }
      await sleep(300);
      ends.forEach((end) => end());
      const before = { ...heard };
      await store.add(releaseOf(2), published(2));
      await sleep(300);
      expect(heard).toEqual(before);
    });
  });
}

/** A release that can be told from others by its version. */
export function releaseOf(
  version: number,
  files: readonly ReleaseFile[] = [file('offers/offer.json', `{"version":${version}}`)],
): Release {
  return {
    ...{
      version,
      digest: `sha256:${version}`,
      publishedAt: 1_700_000_000_000 + version,
      author: 'Zoë 🐈',
      message: `the ${version}th`,
    },
    ...{ fileCount: files.length, files, revisions: revisionsOf(files, version) },
  };
}

/** The line of the log for {@link releaseOf}. */
export function published(version: number): ReleaseEvent {
  return {
    at: 1_700_000_000_000 + version,
    who: 'author:3f2a91c0',
    action: 'publish',
    version,
    message: `the ${version}th`,
  };
}

function activated(version: number): ReleaseEvent {
  return {
    at: 1_700_000_000_500 + version,
    who: 'approver:00c0ffee',
    action: 'activate',
    version,
    as: 'canary',
    share: 12.5,
  };
}

function summary({ files: _, revisions: __, ...rest }: Release) {
  return rest;
}

function file(path: string, text: string): ReleaseFile {
  return { path, text };
}

function manyFiles(count: number): ReleaseFile[] {
  return Array.from({ length: count }, (_, n) =>
    file(
      `contextual/rule-${String(n).padStart(6, '0')}.json`,
      JSON.stringify({ name: `Rule ${n}`, priority: n % 90, note: `${n * n} `.repeat(40) }),
    ),
  );
}

function revisionsOf(files: readonly ReleaseFile[], revision: number): Record<string, number> {
  return Object.fromEntries(files.map(({ path }) => [path, revision]));
}

/**
 * The share of all work that was done in the longest turn, while nobody else had one, by the processor's own account:
 * how long it takes is up to the machine and what else it does, and measured by `npm run bench:swap`.
 */
async function largestTurn(work: () => Promise<void>): Promise<number> {
  const turns: number[] = [];
  let last = process.threadCpuUsage();
  const endTurn = () => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    turns.push(user + system);
  };
  const timer = setInterval(endTurn, 1);
  await work();
  clearInterval(timer);
  endTurn();
  return Math.max(...turns) / turns.reduce((sum, one) => sum + one, 0);
}
