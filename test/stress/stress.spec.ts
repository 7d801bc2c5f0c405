import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { BuiltCli } from '../e2e/built-cli.js';
import { checkKills } from './check-kills.ts';
import { checkProcesses } from './check-processes.ts';

/** A taste of `npm run stress`. */
describe('when all goes wrong at once', () => {
  let built: BuiltCli;
  let dist: string;
  beforeAll(async () => {
    built = await BuiltCli.open();
    dist = join(built.folder, 'dist');
  });
  afterAll(() => built.remove());

  test('processes that write about the same people end as one would', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    expect(await checkProcesses(dist, 30, seed).catch((error: unknown) => fail(`seed ${seed}`, error))).toContain(
      '30 people',
    );
  });

  test.each(['the service on SQLite', 'the service on Redis', 'Redis'] as const)(
    'a kill of %s loses no event',
    async (victim) => {
      expect(await checkKills(dist, victim, 2)).toContain(`${victim} was killed 2 times`);
    },
  );
});

function fail(what: string, cause: unknown): never {
  throw new Error(what, { cause });
}
