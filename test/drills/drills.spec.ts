import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { BuiltCli } from '../e2e/built-cli.js';
import { checkAway } from './check-away.ts';
import { checkCanary } from './check-canary.ts';
import { checkCaps } from './check-caps.ts';
import { checkDeadShard } from './check-dead-shard.ts';
import { checkErasure } from './check-erasure.ts';
import { checkHostileRelease } from './check-hostile-release.ts';
import { checkKills } from './check-kills.ts';
import { checkLargePerson } from './check-large-person.ts';
import { checkLateStore } from './check-late-store.ts';
import { checkMailing } from './check-mailing.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { checkSlowCallers } from './check-slow-callers.ts';
import { checkSmallRequests } from './check-small-requests.ts';
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
    const told = await checkLargePerson(dist, store, { requests: 2, largeEvents: 2, imported: 100 });
    expect(told).toMatch(`${store}: a large person`);
  });

  test.each(['SQLite', 'Redis'] as const)('go on while a person is exported and erased on %s', async (store) => {
    const how = { ids: 20, decisions: 40, others: 100, refused: 10 };
    expect(await checkErasure(dist, store, how)).toMatch(`${store}: a person of 20 ids`);
  });

  test('go on beside small requests that are wrong all over', async () => {
    expect(await checkSmallRequests(dist, { requests: 2, names: 1_000 })).toMatch(/^SQLite: small requests/);
  });

  test('go on beside slow callers', async () => {
    expect(await checkSlowCallers(dist, 10)).toMatch(/^SQLite: slow callers/);
  });

  test('go on beside hostile authors', async () => {
    expect(await checkHostileRelease(dist, 5)).toMatch(/^Redis, two replicas: hostile/);
  });

  test.each(['SQLite', 'Redis'] as const)('keep limits on %s', async (store) => {
    const plan = { processes: 2, connections: 20, decisions: 400, limit: 30, perVisitor: 3, people: 40 };
    expect(await checkCaps(dist, store, plan)).toMatch(/30 answers with the offer, 30 of 30 places taken, 0 left/);
  });

  test('give a limited discount of a mailing to as many as may have it, killed and run again', async () => {
    const told = await checkMailing(dist, 'SQLite', { people: 300, limit: 20, runs: 1 });
    expect(told).toMatch(/20 in all, those among them/);
  });

  test('tell the same contacts in whatever order outcomes come', async () => {
    expect(await checkOutcomes(dist, 'SQLite', { outcomes: 2_000, people: 20, batch: 100 })).toMatch(
      /the same \d+ contacts/,
    );
  });

  test('go on while a part of a Cluster is away', async () => {
    expect(await checkDeadShard(dist, 1)).toMatch(/^Redis Cluster of 3/);
  });

  test('serve without their store', async () => {
    expect(await checkAway(dist)).toMatch(/^the store stopped/);
  });

  test('have decisions wait no longer than they may', async () => {
    const told = await checkLateStore(dist, { rate: 20, seconds: 1, withinMs: 60_000 });
    expect(told).toMatch(/^a Redis 200 ms away/);
  });
});
