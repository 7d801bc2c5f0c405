import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import type { DocumentChange } from '../stores/visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import { readDecisionRequest } from './decision-request.js';
import { VisitorLoader } from './visitor-loader.js';

const DEADLINE_MS = 60_000;
const ask = readDecisionRequest({ visitorId: 'v', placements: ['hero'] });

/** Writes when it is told to. */
class SlowStore extends SqliteVisitorStore {
  readonly released = Promise.withResolvers<void>();

  override async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    await this.released.promise;
    return super.save(changes);
  }
}

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
    loader = new VisitorLoader(visitors, new DecisionTelemetry(), DEADLINE_MS);
  });
  afterEach(() => database.close());

  test('counts from when the decision was asked for, and what is being written goes on', async () => {
    const loaded = await loader.load(ask, events(), { startedAt: performance.now() - DEADLINE_MS });
    expect(loaded).toEqual({ visitor: undefined, events: 'unconfirmed' });
    store.released.resolve();
    // Whatever is told next comes behind it.
    const { visitor } = await loader.load(ask, events(), { startedAt: performance.now() });
    expect(visitor?.view.counters['Seen']?.count).toBe(2);
  });
});
