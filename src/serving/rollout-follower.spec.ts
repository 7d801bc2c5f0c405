import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LoadRules } from '../rulebook/aside/load-rules.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { tryHere } from '../rulebook/aside/try-release.js';
import { ReleasesAtHand } from './releases-at-hand.js';
import { RulebookService } from './rulebook.service.js';
import type { ServingRulebooks } from './serving-rulebooks.js';
import { SAMPLE } from '../rulebook/sample-rules.contract.js';
import type { ReleaseStore } from '../stores/release-store.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteReleaseStore } from '../stores/sqlite/sqlite-release-store.js';
import { nextRelease } from '../releases/next-release.js';
import { ReleaseCopies } from './release-copies.js';
import { ReleasesService } from '../releases/releases.service.js';
import { RolloutFollower } from './rollout-follower.js';

let database: SqliteDatabase;
let store: ReleaseStore;
let releases: ReleasesService;
let data: string;

/** Remembers all that ever served. */
class Served extends RulebookService {
  readonly versions: number[] = [];

  override serve(next: ServingRulebooks): void {
    this.versions.push(next.live.version);
    super.serve(next);
  }
}

beforeEach(async () => {
  Logger.overrideLogger(false);
  data = mkdtempSync(join(tmpdir(), 'usher-follower-spec-'));
  database = SqliteDatabase.open(':memory:');
  store = new SqliteReleaseStore(database);
  releases = new ReleasesService(store, new ReleasesAtHand(), false, tryHere);
  for (const name of ['One', 'Two', 'Three']) {
    const files = Object.entries({ ...SAMPLE, 'segments/more.yaml': `name: ${name}\nconditions: { all: [] }\n` }).map(
      ([path, text]) => ({ path, text }),
    );
    await releases.publish(files, { author: 'a', message: 'm', who: 'local' });
  }
  await releases.activate(1, { as: 'live' }, 'local');
});
afterEach(async () => {
  await database.close();
  rmSync(data, { recursive: true });
});

/** As another process would; which is there only once it was built. */
const loadBeside: LoadRules = async (source, version) => loadRulebook(source, version);
const building = () => ({ atHand: new ReleasesAtHand(), loadBeside });

/** A store whose answer `name` comes after `first` is done. */
function slow(name: 'release' | 'rollout', first: (version: unknown) => Promise<unknown>): ReleaseStore {
  return new Proxy(store, {
    get(target, member) {
      const found = Reflect.get(target, member) as (...told: unknown[]) => Promise<unknown>;
      return member === name
        ? async (...told: unknown[]) => (await first(told[0]), Reflect.apply(found, target, told))
        : found.bind(target);
    },
  });
}

describe('the follower', () => {
  test('never serves what was rolled back while it was read', async () => {
    const rulebooks = new Served();
    let isUndone = false;
    const undo = async (version: unknown): Promise<void> => {
      if (version !== 2 || isUndone) return;
      isUndone = true;
      await releases.rollback('local');
    };
    const follower = new RolloutFollower(slow('release', undo), rulebooks, new ReleaseCopies(data), building());
    await follower.update();
    await releases.activate(2, { as: 'live' }, 'local');
    await follower.update();
    expect([isUndone, rulebooks.current().version, rulebooks.versions.includes(2)]).toEqual([true, 1, false]);
  });

  test('has what its own check compiled serve, and compiles what others published', async () => {
    const atHand = new ReleasesAtHand();
    const rulebooks = new Served();
    const follower = new RolloutFollower(store, rulebooks, new ReleaseCopies(data), { atHand, loadBeside });
    const here = new ReleasesService(store, atHand, false, tryHere);
    const files = Object.entries(SAMPLE).map(([path, text]) => ({ path, text }));
    const { version, digest } = await here.publish(files, { author: 'a', message: 'm', who: 'local' });
    const checked = atHand.find({ version, digest });
    await here.activate(version, { as: 'live' }, 'local');
    await follower.update();
    expect(rulebooks.current()).toMatchObject({ version: 4, digest });
    expect(rulebooks.current().startRun).toBe(checked?.startRun);
    await here.activate(2, { as: 'canary', share: 10 }, 'local');
    await follower.update();
    const { live, canary } = rulebooks.serving();
    expect([live.startRun === checked?.startRun, canary?.rulebook.version]).toEqual([true, 2]);
  });

  test('builds beside what it serves all that comes once it serves, and what is first here', async () => {
    const built: number[] = [];
    const note: LoadRules = (source, version) => (built.push(version), loadBeside(source, version));
    const rulebooks = new Served();
    const how = { atHand: new ReleasesAtHand(), loadBeside: note };
    const follower = new RolloutFollower(store, rulebooks, new ReleaseCopies(data), how);
    await follower.update();
    expect([rulebooks.current().version, built]).toEqual([1, []]);
    await releases.activate(2, { as: 'live' }, 'local');
    await releases.activate(3, { as: 'canary', share: 50 }, 'local');
    await follower.update();
    expect([rulebooks.current().version, built]).toEqual([2, [2, 3]]);
  });

  test('compiles nothing for a release that is made of the files of one that served', async () => {
    const atHand = new ReleasesAtHand();
    const rulebooks = new Served();
    const follower = new RolloutFollower(store, rulebooks, new ReleaseCopies(data), { atHand, loadBeside });
    await follower.update();
    const first = rulebooks.current();
    const { files } = await releases.release(1);
    const { version } = await releases.publish(files, { author: 'a', message: 'again', who: 'local' });
    await releases.activate(version, { as: 'live' }, 'local');
    await follower.update();
    expect(rulebooks.current()).toMatchObject({ version: 4, digest: first.digest });
    expect(rulebooks.current().startRun).toBe(first.startRun);
    expect(first.version).toBe(1);
  });

  test('looks once more for all who ask while it looks', async () => {
    let looks = 0;
    const follower = new RolloutFollower(
      slow('rollout', async () => void looks++),
      new Served(),
      new ReleaseCopies(data),
      building(),
    );
    await follower.update();
    const before = looks;
    const first = follower.update();
    await Promise.resolve();
    await Promise.all([first, ...Array.from({ length: 50 }, () => follower.update())]);
    expect(looks - before).toBeLessThanOrEqual(2);
  });

  test('serves what is live where it can not read what is tried beside it', async () => {
    const broken = nextRelease([{ path: 'offers/welcome.json', text: '{' }], await releases.release(3), {
      author: 'a',
      message: 'm',
      digest: 'sha256:0',
    });
    await store.add(broken, { at: 0, who: 'local', action: 'publish', version: 4 });
    await releases.activate(2, { as: 'live' }, 'local');
    await releases.activate(3, { as: 'canary', share: 50 }, 'local');
    await releases.activate(4, { as: 'shadow' }, 'local');
    const rulebooks = new Served();
    await new RolloutFollower(store, rulebooks, new ReleaseCopies(data), building()).update();
    const { live, canary, shadow } = rulebooks.serving();
    expect([live.version, canary?.rulebook.version, shadow]).toEqual([2, 3, undefined]);
  });
});
