import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CorruptDocument, StoreUnavailable } from '../errors.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import type { DocumentChange, StoredDocument } from '../stores/visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import { readDecisionRequest } from './decision-request.js';
import { VisitorLoader } from './visitor-loader.js';

const GENEROUS_MS = 60_000;
const ask = readDecisionRequest({ visitorId: 'v', placements: ['hero'] });

/** Writes when it is told to. */
class SlowStore extends SqliteVisitorStore {
  readonly released = Promise.withResolvers<void>();

  override async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    await this.released.promise;
    return super.save(changes);
  }
}

/** Fails so often before it answers. */
class FlakyStore extends SqliteVisitorStore {
  failures = 0;
  asked = 0;
  failure: Error = new StoreUnavailable('it is away');

  override async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    this.asked++;
    if (this.failures-- > 0) throw this.failure;
    return super.load(ids);
  }
}

describe('a visitor who is waited for with patience', () => {
  let database: SqliteDatabase;
  let store: FlakyStore;
  let loader: VisitorLoader;
  beforeEach(() => {
    Logger.overrideLogger(false);
    database = SqliteDatabase.open(':memory:');
    store = new FlakyStore(database);
    const visitors = new VisitorsService(store, { keepInteractions: 500, keepDays: 0 });
    loader = new VisitorLoader(visitors, new DecisionTelemetry());
  });
  afterEach(() => database.close());
  const load = async () => (await loader.load(ask, [], 'patient')).visitor !== undefined;

  test('is asked for again until the store answers', async () => {
    store.failures = 3;
    expect([await load(), store.asked]).toEqual([true, 4]);
  });

  test('is given up in the end, and others are asked for once only until it is back', async () => {
    store.failures = Infinity;
    expect([await load(), await load(), store.asked]).toEqual([false, false, 8]);
    store.failures = 1;
    expect([await load(), await load()]).toEqual([false, true]);
    store.failures = 1;
    expect(await load()).toBe(true);
  });

  test('is not asked for again where that would change nothing', async () => {
    store.failures = Infinity;
    store.failure = new CorruptDocument('it is cut short');
    expect([await load(), store.asked]).toEqual([false, 1]);
  });
});

describe('the deadline of a visitor', () => {
  let database: SqliteDatabase;
  let store: SlowStore;
  let visitors: VisitorsService;
  let loader: VisitorLoader;
  const events = () =>
    visitors
      .normalise([{ type: 'track', event: 'Seen' }], 'v')
      .flatMap((read) => ('event' in read ? [read.event] : []));
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    store = new SlowStore(database);
    visitors = new VisitorsService(store, { keepInteractions: 500, keepDays: 0 });
    loader = new VisitorLoader(visitors, new DecisionTelemetry());
  });
  afterEach(() => database.close());

  test('is a moment on the clock, and what is being written after it goes on', async () => {
    const loaded = await loader.load(ask, events(), { until: performance.now() });
    expect(loaded).toEqual({ visitor: undefined, events: 'unconfirmed' });
    store.released.resolve();
    // Whatever is told next comes behind it.
    const { visitor } = await loader.load(ask, events(), { until: performance.now() + GENEROUS_MS });
    expect(visitor?.view.counters['Seen']?.count).toBe(2);
  });
});
