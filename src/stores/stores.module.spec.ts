import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../../test/redis-server.js';
import { type Config, readConfig } from '../config.js';
import { DecisionLog } from './decision-log.js';
import { decision } from './decision-log.contract.js';
import { LimitStore } from './limit-store.js';
import { OfferFigures } from './offer-figures.js';
import { openStores, Stores } from './open-stores.js';
import { input, state } from './recorded-inputs.contract.js';
import { RecordedInputs } from './recorded-inputs.js';
import { rejected } from './rejected-events.contract.js';
import { RejectedEvents } from './rejected-events.js';
import { published, releaseOf } from './release-store.contract.js';
import { ReleaseStore } from './release-store.js';
import { StoresModule } from './stores.module.js';
import { StoreConnection } from './store-connection.js';
import { VisitorStore } from './visitor-store.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-stores-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('the stores module on SQLite', () => {
  test('gives the ports over one file, keeps it over a restart and closes it on shutdown', async () => {
    const config = readConfig({ USHER_DATA: folder });
    await remembersOverRestart(config, 'sqlite');
  });
});

describe('the stores module on Redis', () => {
  test('gives the ports over one connection, keeps it over a restart and closes it on shutdown', async () => {
    const server = await startRedis();
    await remembersOverRestart({ ...readConfig({}), redisUrl: server.url }, 'redis');
    await server.stop();
  });

  test('waits for an answer as long as the settings say', async () => {
    const server = await startRedis();
    const stores = await Promise.all(
      ['60000', '1500'].map((timeout) =>
        openStores(readConfig({ REDIS_URL: server.url, USHER_REDIS_TIMEOUT_MS: timeout })),
      ),
    );
    server.pause();
    const [patient, impatient] = stores.map(({ connection }) => connection.ping());
    await expect(impatient).rejects.toMatchObject({ message: expect.stringContaining('did not answer in time') });
    server.resume();
    await patient;
    await Promise.all(stores.map((one) => one.close()));
    await server.stop();
  });
});

async function remembersOverRestart(config: Config, kind: string): Promise<void> {
  const first = await start(config);
  expect(first.get(Stores).kind).toBe(kind);
  const visitors = first.get(VisitorStore);
  await visitors.save([{ id: 'u-1', from: undefined, document: Buffer.from('kept') }]);
  await first.get(DecisionLog).append([decision(1)]);
  await first.get(RejectedEvents).append([rejected(1, Date.now())]);
  await first.get(ReleaseStore).add(releaseOf(1), published(1));
  await first.get(RecordedInputs).append([input(1, { decidedAt: Date.now() })], [state(1)]);
  await first.get(LimitStore).setStock([{ offer: 'welcome', left: 7 }]);
  const secret = await first.get(LimitStore).secret(() => 'first');
  await first.get(OfferFigures).put({ version: 1, body: '{"loan":{}}' });
  await first.close();
  await expect(first.get(StoreConnection).ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

  const second = await start(config);
  expect(Buffer.from((await second.get(VisitorStore).load(['u-1']))[0]?.document ?? []).toString()).toBe('kept');
  expect(await second.get(DecisionLog).latest(1)).toEqual([decision(1)]);
  expect(await second.get(RejectedEvents).page(1)).toMatchObject([{ text: rejected(1).text }]);
  expect(await second.get(ReleaseStore).release(1)).toEqual(releaseOf(1));
  expect((await second.get(RecordedInputs).page(0, 10)).inputs).toMatchObject([{ decisionId: input(1).decisionId }]);
  const counters = [{ key: 'stock', limit: 'stock' as const }];
  expect(await second.get(LimitStore).left([{ offer: 'welcome', counters }])).toMatchObject([[{ limit: 7 }]]);
  expect(await second.get(OfferFigures).read()).toEqual({ version: 1, body: '{"loan":{}}' });
  expect(await second.get(LimitStore).secret(() => 'second')).toBe(secret);
  await second.close();
}

async function start(config: Config) {
  const module = await Test.createTestingModule({ imports: [StoresModule.register(config)] }).compile();
  return module.init();
}
