import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { tryHere } from '../rulebook/aside/try-release.js';
import { StoreUnavailable } from '../errors.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { removeRules, SAMPLE, writeRule, writeRules, type Files } from '../rulebook/sample-rules.contract.js';
import type { ReleaseStore } from '../stores/release-store.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteReleaseStore } from '../stores/sqlite/sqlite-release-store.js';
import { BeginServing } from './begin-serving.js';
import { ReleasesAtHand } from '../serving/releases-at-hand.js';
import { ReleaseCopies } from '../serving/release-copies.js';
import { readFolder } from './release-folder.js';
import { FOLDER, ReleasesService } from './releases.service.js';
import { RolloutFollower } from '../serving/rollout-follower.js';
import { RulesFolder } from './rules-folder.js';
import { until } from '../../test/until.js';

const WELCOME = 'offers/welcome.json';
const text = SAMPLE[WELCOME] ?? '';
const RENAMED = text.replace('"Welcome" }', '"Hello" }');
const FAILING_CASE =
  '{ "name": "Nobody gets what is not there", "request": { "placements": ["home.hero"] }, "now": ' +
  '"2026-11-20T09:00:00Z", "expect": { "home.hero": ["pet-camera"] } }';
const folders: string[] = [];
const running: Process[] = [];

beforeAll(() => Logger.overrideLogger(false));
afterEach(async () => {
  for (const one of running.splice(0)) await one.end();
});
afterAll(() => {
  folders.forEach(removeRules);
  Logger.overrideLogger(['log', 'warn', 'error']);
});

/** One service's part that has rules serve, with a store and a disk that others may share. */
class Process {
  readonly rulebooks = new RulebookService();
  readonly store: ReleaseStore;
  readonly releases: ReleasesService;
  private readonly database: SqliteDatabase;
  private readonly follower: RolloutFollower;
  private readonly folder: RulesFolder;
  private readonly begin: BeginServing;

  constructor(rules: string, disk: { readonly data: string; readonly isStoreAway?: () => boolean }) {
    this.database = SqliteDatabase.open(join(disk.data, 'usher.db'));
    this.store = disk.isStoreAway
      ? sometimesAway(new SqliteReleaseStore(this.database), disk.isStoreAway)
      : new SqliteReleaseStore(this.database);
    const atHand = new ReleasesAtHand();
    this.releases = new ReleasesService(this.store, atHand, false, tryHere);
    const copies = new ReleaseCopies(join(disk.data, 'releases'));
    this.follower = new RolloutFollower(this.store, this.rulebooks, copies, {
      atHand,
      loadBeside: async (source, version) => loadRulebook(source, version),
    });
    this.folder = new RulesFolder(this.releases, this.store);
    this.begin = new BeginServing(this.store, this.follower, this.folder, rules);
    running.push(this);
  }

  async start(watch = false): Promise<this> {
    await this.begin.begin({ watch });
    return this;
  }

  async end(): Promise<void> {
    this.begin.onApplicationShutdown();
    await this.folder.beforeApplicationShutdown();
    await this.follower.beforeApplicationShutdown();
    await this.database.close();
  }

  get live(): number {
    return this.rulebooks.current().version;
  }

  /** Waits until another release is live than these. */
  async changedFrom(...versions: number[]): Promise<number> {
    await until(`another release than ${versions.join(' and ')}`, () => !versions.includes(this.live));
    return this.live;
  }
}

function sometimesAway(store: ReleaseStore, isAway: () => boolean): ReleaseStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'subscribe')
        return typeof member === 'function' ? member.bind(target) : member;
      return (...told: unknown[]) =>
        isAway() ? Promise.reject(new StoreUnavailable('pulled out')) : Reflect.apply(member, target, told);
    },
  });
}

function rulesFolder(changes: Files = {}): string {
  const dir = writeRules(changes);
  folders.push(dir);
  return dir;
}

function disk(): string {
  const dir = mkdtempSync(join(tmpdir(), 'usher-releases-spec-'));
  folders.push(join(dir, 'rules'));
  return dir;
}

describe('the start', () => {
  test('publishes the rules of the folder where there is no release, and nothing the next time', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const first = await new Process(rules, { data }).start();
    expect([first.live, [...first.rulebooks.current().offers.keys()]]).toEqual([1, ['pet-camera', 'welcome']]);
    await first.end();
    writeRule(rules, WELCOME, RENAMED);
    expect((await new Process(rules, { data }).start()).live).toBe(1);
  });

  test('is stopped by broken rules where nothing else can serve, with all their problems', async () => {
    const broken = rulesFolder({ [WELCOME]: '{', 'segments/pet-lovers.json': '{ "name": 1 }' });
    await expect(new Process(broken, { data: disk() }).start()).rejects.toThrow(
      /offers\/welcome\.json:1:1 [^]*segments\/pet-lovers\.json:1:11/,
    );
  });

  test('names broken files, and cases that fail, by the folder that was read', async () => {
    const broken = rulesFolder({ [WELCOME]: '{' });
    const shop = join(broken, '../shop');
    renameSync(broken, shop);
    const started = new Process(shop, { data: disk() }).start();
    await expect(started).rejects.toThrow(`${join(shop, WELCOME)}:1:1 `);
    writeRule(shop, WELCOME, text);
    writeRule(shop, 'cases/wrong.yaml', FAILING_CASE);
    const again = new Process(shop, { data: disk() }).start();
    await expect(again).rejects.toThrow(`${join(shop, 'cases/wrong.yaml')} "Nobody gets what is not there" fails: `);
  });

  test('with the folder watched makes live what was saved meanwhile, or serves what was live before', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    await (await new Process(rules, { data }).start(true)).end();
    writeRule(rules, WELCOME, RENAMED);
    const second = await new Process(rules, { data }).start(true);
    expect(second.live).toBe(2);
    await second.end();
    writeRule(rules, WELCOME, '{');
    expect((await new Process(rules, { data }).start(true)).live).toBe(2);
  });

  test('leaves what was rolled back where it is', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const first = await new Process(rules, { data }).start(true);
    writeRule(rules, WELCOME, RENAMED);
    await first.changedFrom(1);
    await first.releases.rollback('local');
    await first.end();
    expect((await new Process(rules, { data }).start(true)).live).toBe(1);
  });

  test('leaves live what was released from elsewhere, while the folder is as it was', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const first = await new Process(rules, { data }).start(true);
    const { version } = await first.releases.publish(
      [
        { path: WELCOME, text: RENAMED },
        { path: 'placements/p.json', text: '{ "name": "P", "fallback": "welcome" }' },
      ],
      { author: 'a', message: 'm', who: 'local' },
    );
    await first.releases.activate(version, { as: 'live' }, 'local');
    await first.end();
    expect((await new Process(rules, { data }).start(true)).live).toBe(2);
  });

  test('makes live what was saved and published, and not activated before the end', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const first = await new Process(rules, { data }).start();
    writeRule(rules, WELCOME, RENAMED);
    await first.releases.publish(readFolder(rules).files, { author: FOLDER, message: 'saved', who: FOLDER });
    await first.end();
    expect((await new Process(rules, { data }).start(true)).live).toBe(2);
  });

  test('without its store serves its copy of the last releases, canary too, and goes on when it is back', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const first = await new Process(rules, { data }).start();
    writeRule(rules, WELCOME, RENAMED);
    const { version } = await first.releases.publish(
      [
        { path: WELCOME, text: RENAMED },
        { path: 'placements/p.json', text: '{ "name": "P", "fallback": "welcome" }' },
      ],
      { author: 'a', message: 'm', who: 'local' },
    );
    await first.releases.activate(version, { as: 'canary', share: 100 }, 'local');
    await until('the canary', () => first.rulebooks.serving().canary !== undefined);
    await first.end();
    let isAway = true;
    const second = await new Process(rules, { data, isStoreAway: () => isAway }).start();
    expect([second.live, second.rulebooks.serving().for('anybody').version]).toEqual([1, 2]);
    isAway = false;
    await second.releases.activate(2, { as: 'live' }, 'local');
    expect(await second.changedFrom(1)).toBe(2);
  });

  test('without its store and without a copy serves the folder, and publishes it when the store is back', async () => {
    let isAway = true;
    const one = await new Process(rulesFolder(), { data: disk(), isStoreAway: () => isAway }).start();
    expect(one.live).toBe(0);
    isAway = false;
    expect(await one.changedFrom(0)).toBe(1);
  });

  test('on a disk that can not be written serves all the same', async () => {
    const data = disk();
    const one = new Process(rulesFolder(), { data });
    writeRule(data, 'releases', 'a file in the way');
    expect((await one.start()).live).toBe(1);
  });
});

describe('a folder that is watched', () => {
  test('has a saved change live as the next release', async () => {
    const rules = rulesFolder();
    const one = await new Process(rules, { data: disk() }).start(true);
    const before = one.rulebooks.current();
    writeRule(rules, WELCOME, RENAMED);
    expect(await one.changedFrom(1)).toBe(2);
    expect(one.rulebooks.current().digest).not.toBe(before.digest);
  });

  test('leaves what is live when what is saved is broken or fails a case, and goes on when it is mended', async () => {
    const rules = rulesFolder();
    const one = await new Process(rules, { data: disk() }).start(true);
    writeRule(rules, WELCOME, '{');
    await new Promise((resolve) => setTimeout(resolve, 250));
    // In this order: a slow machine may look at the folder between the two.
    writeRule(rules, 'cases/wrong.json', FAILING_CASE);
    writeRule(rules, WELCOME, RENAMED);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(one.live).toBe(1);
    writeRule(rules, 'cases/wrong.json', FAILING_CASE.replace('["pet-camera"]', '["welcome"]'));
    expect(await one.changedFrom(1)).toBe(2);
  });

  test('is seen with new files, and as another folder put in its place', async () => {
    const rules = rulesFolder();
    const one = await new Process(rules, { data: disk() }).start(true);
    writeRule(rules, 'segments/new.yaml', 'name: New\nconditions: { all: [] }\n');
    expect(await one.changedFrom(1)).toBe(2);
    expect([...one.rulebooks.current().segments.keys()]).toContain('new');
    renameSync(rules, join(rules, '../old'));
    renameSync(rulesFolder(), rules);
    expect(await one.changedFrom(1, 2)).toBe(3);
    expect([...one.rulebooks.current().segments.keys()]).not.toContain('new');
    rmSync(join(rules, '../old'), { recursive: true });
  });

  test('takes what is saved again where only the store was in the way', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    let isAway = false;
    const one = await new Process(rules, { data, isStoreAway: () => isAway }).start(true);
    isAway = true;
    writeRule(rules, WELCOME, RENAMED);
    await new Promise((resolve) => setTimeout(resolve, 300));
    isAway = false;
    writeRule(rules, WELCOME, RENAMED);
    expect(await one.changedFrom(1)).toBe(2);
  });

  test('takes several writes in a row for one change, and the same text again for none', async () => {
    const rules = rulesFolder();
    const one = await new Process(rules, { data: disk() }).start(true);
    writeRule(rules, WELCOME, '{');
    writeRule(rules, WELCOME, text);
    writeRule(rules, 'offers/other.json', text);
    expect(await one.changedFrom(1)).toBe(2);
    await one.releases.rollback('local');
    expect(await one.changedFrom(2)).toBe(1);
    writeRule(rules, WELCOME, text);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(one.live).toBe(1);
  });
});

describe('processes on one store', () => {
  test('all have live what one of them activates, and what it rolls back', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const [one, other] = [await new Process(rules, { data }).start(), await new Process(rules, { data }).start()];
    const files = [
      { path: WELCOME, text: RENAMED },
      { path: 'placements/p.json', text: '{ "name": "P", "fallback": "welcome" }' },
    ];
    const { version } = await one.releases.publish(files, { author: 'a', message: 'm', who: 'local' });
    expect([one.live, other.live]).toEqual([1, 1]);
    await one.releases.activate(version, { as: 'live' }, 'local');
    expect([await one.changedFrom(1), await other.changedFrom(1)]).toEqual([2, 2]);
    await other.releases.rollback('local');
    expect([await one.changedFrom(2), await other.changedFrom(2)]).toEqual([1, 1]);
  });

  test('that begin at the same time publish once', async () => {
    const [rules, data] = [rulesFolder(), disk()];
    const all = await Promise.all([1, 2, 3].map(() => new Process(rules, { data }).start()));
    expect(all.map(({ live }) => live)).toEqual([1, 1, 1]);
    expect(await all[0]?.store.list(10)).toHaveLength(1);
  });
});
