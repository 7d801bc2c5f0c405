import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tryHere } from '../rulebook/aside/try-release.js';
import { Logger } from '@nestjs/common';
import { RulesFolder } from '../releases/rules-folder.js';
import { ReleasesService } from '../releases/releases.service.js';
import { SAMPLE } from '../rulebook/sample-rules.contract.js';
import { ReleasesAtHand } from '../serving/releases-at-hand.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteReleaseStore } from '../stores/sqlite/sqlite-release-store.js';
import { RolloutController } from './rollout.controller.js';

let database: SqliteDatabase;

beforeEach(() => {
  Logger.overrideLogger(false);
  database = SqliteDatabase.open(':memory:');
});
afterEach(() => database.close());

/** As the service has it whose store went away a moment ago. */
function folderWithoutStore(): RulesFolder {
  const closed = SqliteDatabase.open(':memory:');
  const store = new SqliteReleaseStore(closed);
  void closed.close();
  return new RulesFolder(new ReleasesService(store, new ReleasesAtHand(), false, tryHere), store);
}

test('a rollback that is made answers so, if the store goes away before the waiting files are asked for', async () => {
  const store = new SqliteReleaseStore(database);
  const releases = new ReleasesService(store, new ReleasesAtHand(), false, tryHere);
  const folder = folderWithoutStore();
  folder.watch(mkdtempSync(join(tmpdir(), 'usher-rollout-')));
  const welcome = SAMPLE['offers/welcome.json'] ?? '';
  for (const text of [welcome, welcome.replace('Welcome', 'Hello')]) {
    const files = Object.entries({ ...SAMPLE, 'offers/welcome.json': text }).map(([path, of]) => ({ path, text: of }));
    const { version } = await releases.publish(files, { author: 'the desk', message: 'a change', who: 'local' });
    await releases.activate(version, { as: 'live' }, 'local');
  }
  const request = { usherWho: 'local' } as Parameters<RolloutController['rollback']>[1];
  const answer = await new RolloutController(releases, store, folder).rollback({}, request);
  await folder.beforeApplicationShutdown();
  expect(answer).toEqual({ live: 1, revision: 3, before: [] });
  await expect(folder.waiting()).rejects.toThrow();
  expect((await store.rollout()).live).toBe(1);
});
