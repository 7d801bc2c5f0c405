import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { BuiltCli } from '../e2e/built-cli.js';
import { checkAway } from './check-away.ts';
import { checkCanary } from './check-canary.ts';
import { checkKills } from './check-kills.ts';
import { checkLateStore } from './check-late-store.ts';
import { checkOnePerson } from './check-one-person.ts';
import { checkSwitching } from './check-switching.ts';

/** A taste of `npm run drills`. How soon releases switch is asked of a quiet machine alone. */
describe('releases and other people, whatever happens', () => {
  let built: BuiltCli;
  let dist: string;
  beforeAll(async () => {
    built = await BuiltCli.open();
    dist = join(built.folder, 'dist');
  });
  afterAll(() => built.remove());

  test('switch under load', async () => {
    expect(await checkSwitching(dist, { releases: 2, rate: 20, withinMs: 60_000 })).toMatch(/^2 releases/);
  });

  test('serve a share', async () => {
    expect(await checkCanary(dist, 5_000)).toMatch(/^5000 visitors/);
  });

  test.each(['SQLite', 'Redis'] as const)('survive a kill on %s', async (store) => {
    expect(await checkKills(dist, store, 1)).toMatch(`${store}: killed 1 times`);
  });

  test.each(['SQLite', 'Redis'] as const)('go on beside one large person on %s', async (store) => {
    expect(await checkOnePerson(dist, store, { requests: 2, decisions: 20 })).toMatch(`${store}: one person`);
  });

  test('serve without their store', async () => {
    expect(await checkAway(dist)).toMatch(/^the store stopped/);
  });

  test('have decisions wait no longer than they may', async () => {
    const told = await checkLateStore(dist, { rate: 20, seconds: 1, withinMs: 60_000 });
    expect(told).toMatch(/^a Redis 200 ms away/);
  });
});
