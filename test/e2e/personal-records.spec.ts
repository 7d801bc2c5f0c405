import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import type * as core from '@nestjs/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as appModule from '../../src/app.module.js';
import type * as configModule from '../../src/config.js';
import type * as personalRecords from '../../src/stores/personal/personal-records.js';
import type * as personalRecordsList from '../../src/stores/personal/personal-records-list.js';
import type * as telemetry from '../../src/telemetry/start-telemetry.js';
import type * as retentionSweeper from '../../src/visitors/care/retention-sweeper.js';
import type * as visitorEraser from '../../src/visitors/care/visitor-eraser.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import type * as visitorExporter from '../../src/visitors/care/visitor-exporter.js';
import type * as visitorsService from '../../src/visitors/visitors.service.js';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../redis-server.js';
import { importBuilt } from './built.js';
import { someone } from './harness.js';
import { fieldsIn, keysIn, tablesIn, unclaimed } from './held-places.js';
import { Service } from './service.js';
import { SHOP_FILES } from './shop.js';
import { parsed } from '../in-parts.js';
import { until } from '../until.js';

const { NestFactory } = await importBuilt<typeof core>('@nestjs/core');
const { AppModule } = await importBuilt<typeof appModule>('./app.module.js');
const { readConfig } = await importBuilt<typeof configModule>('./config.js');
const { PersonalRecords } = await importBuilt<typeof personalRecords>('./stores/personal/personal-records.js');
const { PersonalRecordsList } = await importBuilt<typeof personalRecordsList>(
  './stores/personal/personal-records-list.js',
);
const { startTelemetry } = await importBuilt<typeof telemetry>('./telemetry/start-telemetry.js');
const { RetentionSweeper } = await importBuilt<typeof retentionSweeper>('./visitors/care/retention-sweeper.js');
const { VisitorEraser } = await importBuilt<typeof visitorEraser>('./visitors/care/visitor-eraser.js');
const { VisitorExporter } = await importBuilt<typeof visitorExporter>('./visitors/care/visitor-exporter.js');
const { VisitorsService } = await importBuilt<typeof visitorsService>('./visitors/visitors.service.js');

/** What is of nobody, and why; everything else that is found must be on the list of what is held of people. */
const OF_NOBODY: Readonly<Record<keyof personalRecords.PersonalPlaces, Readonly<Record<string, string>>>> = {
  tables: {
    releases: 'rule files',
    release_pieces: 'rule files',
    release_events: 'who of the staff released what',
    rollout: 'which releases serve',
    shadow_counts: 'counts of offers, of all visitors together',
    limit_counters: 'counts of offers, of all visitors together',
    limit_places: 'which of them count: hashes of random ids, which lead to nobody whose decisions are erased',
    secrets: 'what the service signs with',
    drafts: 'rule files, and who of the staff writes them',
    offer_figures: 'propensities of offers by segment, of all visitors together',
    search_coverage: 'names of traits',
  },
  keys: {
    'usher:{releases}:*': 'rule files, which of them serve, and counts of all visitors together',
    'usher:{drafts}:*': 'rule files, and who of the staff writes them',
    'usher:{figures}': 'propensities of offers by segment, of all visitors together',
    'usher:{search}': 'names of traits',
    'usher:{limits*': 'counts of offers, of all visitors together, and what the service signs with',
  },
  fields: {
    'BoundDecider.telemetry': 'counts',
    'BoundDecider.loader.telemetry': 'counts',
    '*.failures.courses': 'lines of the log, which hold nothing of anybody',
    'AssistantDoor.hosts': 'names of this service',
    'AuthorRates.buckets': 'how often each key of the staff asked',
    'BatchPace.waiting': 'functions to be called',
    'DecisionDoor.deskChannels': 'names of channels',
    'FallbackAnswers.prepared': 'content of rule files',
    'LoopClock.listeners': 'functions to be called',
    'GuardedIds.allowed': "ids of settings, which are nobody's",
    'GuardedIds.guarded': "ids of settings, which are nobody's",
    'PersonalRecordsList.list': 'the list itself',
    'ReleasesAtHand.served': 'rulebooks',
    'ReleaseStreams.open': 'fingerprints of keys and network addresses, as long as their connections are open',
    'RulebookService.listeners': 'functions to be called',
    'Reserver.spent.refusals': 'ids of offers, and when they were used up',
    'ShadowComparer.counts': 'counts of offers, of all visitors together',
    'SqliteReleaseStore.watchers': 'functions to be called',
    'SqliteRecordedInputs.known.keys': 'versions',
    'Sqlite*.database.writer.asked': 'what somebody waits for: it is in the file before whatever is asked for later',
    'Sqlite*.database.writer.sent': 'the same, on its way',
    'RedisReleaseStore.listeners': 'functions to be called',
    'Redis*.connection.subscriptions': 'functions to be called',
    'RedisConnection.subscriptions': 'functions to be called',
    'RedisLimitStore.copies.waiting': 'numbers of replicas',
    'RedisVisitorStore.reads.asked': 'ids of one turn of the event loop, which are asked for at its end',
    'RedisReleaseStore.shelf': 'functions to be called',
    'VisitorsService.corrupt.seen': 'versions and digests',
    'VisitorsService.guardedMet.untold': 'counts by door',
    'VisitorsService.writer.waiting': 'what a sender waits for: it is erased when stored, or begins a new person',
  },
};

const placesOf = (app: INestApplicationContext, kind: keyof personalRecords.PersonalPlaces): string[] =>
  app
    .get(PersonalRecordsList)
    .all()
    .flatMap(({ places }) => places[kind] ?? []);
const known = (app: INestApplicationContext, kind: keyof personalRecords.PersonalPlaces): string[] => [
  ...placesOf(app, kind),
  ...Object.keys(OF_NOBODY[kind]),
];

for (const store of ['SQLite', 'Redis'] as const) {
  describe(`everything held of a person, on ${store}`, () => {
    let folder = '';
    let server: RedisServer | undefined;
    let app: INestApplicationContext;
    const service = new Service({ store, settings: { USHER_RECORD_SHARE: '1' } });
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'usher-held-'));
      if (store === 'Redis') server = await startRedis();
      const config = readConfig({ ...PATIENT_SETTINGS, USHER_DATA: folder, ...(server && { REDIS_URL: server.url }) });
      const module = AppModule.register(config, await startTelemetry());
      app = await NestFactory.createApplicationContext(module, { logger: false });
    });
    afterAll(async () => {
      await app.close();
      await server?.stop();
      await service.stop();
      await rm(folder, { recursive: true });
    });

    test('is on the list, whatever field of the process it lies in; one that nobody registered is noticed', () => {
      expect(unclaimed(fieldsIn(app), known(app, 'fields'))).toEqual([]);
      expect(unclaimed(placesOf(app, 'fields'), parentsOf(fieldsIn(app)))).toEqual([]);
      const visitors: visitorsService.VisitorsService & { diary?: string[] } = app.get(VisitorsService);
      visitors.diary = [];
      expect(unclaimed(fieldsIn(app), known(app, 'fields'))).toEqual(['VisitorsService.diary']);
      delete visitors.diary;
    });

    test('is exported, erased and forgotten once it is registered, with all ids of the person', async () => {
      const [user, device] = [someone(), someone()];
      const receivedAt = Date.now();
      const visitors = app.get(VisitorsService);
      const told = visitors.normalise([{ type: 'identify', userId: user, anonymousId: device }], undefined, receivedAt);
      await visitors.record(told.flatMap((one) => ('event' in one ? [one.event] : [])));
      const diaries = new Diaries([user, device, 'somebody else']);
      app.get(PersonalRecordsList).register(diaries);

      const document = await parsed<VisitorExport>(await app.get(VisitorExporter).export(device));
      expect(Object.keys(document?.setAside ?? {}).sort()).toEqual([device, user].sort());
      await app.get(VisitorEraser).erase(device);
      expect([...diaries.held]).toEqual(['somebody else']);
      await app.get(RetentionSweeper).walk(() => receivedAt, 0);
      expect([[...diaries.held], diaries.forgotAt]).toEqual([[], [receivedAt, receivedAt]]);
    });

    if (store === 'SQLite')
      test('is on the list, whatever table it lies in; one that nobody registered is noticed', () => {
        const file = join(folder, 'usher.db');
        expect(unclaimed(tablesIn(file), known(app, 'tables'))).toEqual([]);
        expect(unclaimed(known(app, 'tables'), tablesIn(file))).toEqual([]);
        const database = new DatabaseSync(file);
        database.exec('CREATE TABLE diaries (id TEXT)');
        expect(unclaimed(tablesIn(file), known(app, 'tables'))).toEqual(['diaries']);
        database.exec('DROP TABLE diaries');
        database.close();
      });

    if (store === 'Redis')
      test('is on the list, whatever keys it lies under; one that nobody registered is noticed', async () => {
        await service.start();
        await leaveEverything(service);
        const keys = await keysIn(service.redis.url);
        expect(unclaimed(keys, known(app, 'keys'))).toEqual([]);
        // Otherwise too little was left to show anything.
        for (const pattern of known(app, 'keys'))
          expect([pattern, unclaimed(keys, [pattern]).length]).not.toEqual([pattern, keys.length]);
        await service.redis.ask('SET usher:diary:u-1 private');
        expect(unclaimed(await keysIn(service.redis.url), known(app, 'keys'))).toEqual(['usher:diary:u-1']);
      });
  });
}

/** A record of something that did not exist before. */
class Diaries extends PersonalRecords {
  readonly places = {};
  readonly held: Set<string>;
  readonly forgotAt: number[] = [];

  constructor(ids: readonly string[]) {
    super();
    this.held = new Set(ids);
  }

  async *about(ids: readonly string[]): AsyncGenerator<Pick<personalRecords.HeldOfPerson, 'setAside'>> {
    yield { setAside: Object.fromEntries(ids.filter((id) => this.held.has(id)).map((id) => [id, ''])) };
  }

  async erase(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.held.delete(id);
  }

  async *forgetOld(now: () => number): AsyncGenerator<void> {
    this.forgotAt.push(now());
    yield;
    this.forgotAt.push(now());
    this.held.clear();
  }
}

/** Has the service do everything after which something may stay. */
async function leaveEverything(service: Service): Promise<void> {
  const [user, device, broken] = [someone(), someone(), someone()];
  const rulebook = (path: string, body: object) => service.post(`/v1/rulebook/${path}`, body);
  const other = { name: 'Other', treatments: { '*': { content: { title: 'Other' } } } };
  const files = { ...SHOP_FILES, 'offers/welcome.json': JSON.stringify(other) };
  expect((await rulebook('releases', { files, message: 'once more' })).status).toBe(201);
  expect((await rulebook('releases/2/activate', { as: 'shadow' })).status).toBe(200);
  await service.tell(
    { type: 'track', userId: user, anonymousId: device, event: 'Seen' },
    { type: 'identify', userId: user, traits: { plan: 'gold', email: `${user}@example.com` } },
    { type: 'track', userId: broken, event: 'Seen' },
  );
  await service.post('/v1/batch', { batch: [{ type: 'track', userId: user, event: 7 }] });
  await service.redis.ask(`SET usher:{${broken}}:visitor "v.1 unreadable"`);
  const draft = { files: { 'offers/welcome.json': '{' }, message: 'half a thought' };
  expect((await rulebook('drafts', draft)).status).toBe(201);
  await service.redis.ask('HSET usher:{erasures} key {}');
  await service.redis.ask('SET usher:{figures} "1 {}"');
  await service.redis.ask('HSET usher:{limits:welcome}:stock:sums stock 5');
  // As versions before the index of decisions did.
  await service.redis.ask('RPUSH usher:decision-log {}');
  for (const visitorId of [user, device, broken, user]) {
    await service.decide({ visitorId, placements: ['hero', 'cards'] });
    await sleep(50);
  }
  const isLeft = async (key: string) => (await keysIn(service.redis.url)).some((one) => one.includes(key));
  for (const key of ['decision-log', '{recorded}', ':aside', ':shadow:'])
    await until(`a key with ${key}`, () => isLeft(key));
}

function parentsOf(fields: readonly string[]): string[] {
  return fields.flatMap((field) => field.split('.').map((_, at, words) => words.slice(0, at + 1).join('.')));
}
