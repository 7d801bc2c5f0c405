import { join } from 'node:path';
import type { Config } from '../config.js';
import type { DecisionLog } from './decision-log.js';
import type { DraftLimits, DraftStore } from './draft-store.js';
import type { Erasures } from './erasures.js';
import type { Housekeeping } from './housekeeping.js';
import type { LimitStore } from './limit-store.js';
import type { OfferFigures } from './offer-figures.js';
import type { WatchOutages } from './outage-watch.js';
import type { RecordedInputs, RecordedLimits } from './recorded-inputs.js';
import { RedisConnection, type RedisConnectionOptions } from './redis/redis-connection.js';
import { RedisDecisionLog } from './redis/redis-decision-log.js';
import { RedisDraftStore } from './redis/redis-draft-store.js';
import { RedisErasures } from './redis/redis-erasures.js';
import { RedisHousekeeping } from './redis/redis-housekeeping.js';
import { RedisLimitStore } from './redis/redis-limit-store.js';
import { RedisOfferFigures } from './redis/redis-offer-figures.js';
import { RedisRecordedInputs } from './redis/redis-recorded-inputs.js';
import { RedisRejectedEvents } from './redis/redis-rejected-events.js';
import { RedisReleaseStore } from './redis/redis-release-store.js';
import { RedisSearchIndex } from './redis/redis-search-index.js';
import { RedisVisitorStore } from './redis/redis-visitor-store.js';
import { ReplicaWait } from './redis/replica-wait.js';
import type { RejectedEvents, RejectedLimits } from './rejected-events.js';
import type { ReleaseStore } from './release-store.js';
import type { SearchIndex } from './search-index.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';
import { SqliteDecisionLog } from './sqlite/sqlite-decision-log.js';
import { SqliteDraftStore } from './sqlite/sqlite-draft-store.js';
import { SqliteErasures } from './sqlite/sqlite-erasures.js';
import { SqliteHousekeeping } from './sqlite/sqlite-housekeeping.js';
import { SqliteLimitStore } from './sqlite/sqlite-limit-store.js';
import { SqliteOfferFigures } from './sqlite/sqlite-offer-figures.js';
import { SqliteRecordedInputs } from './sqlite/sqlite-recorded-inputs.js';
import { SqliteRejectedEvents } from './sqlite/sqlite-rejected-events.js';
import { SqliteReleaseStore } from './sqlite/sqlite-release-store.js';
import { SqliteSearchIndex } from './sqlite/sqlite-search-index.js';
import { SqliteVisitorStore } from './sqlite/sqlite-visitor-store.js';
import type { StoreConnection } from './store-connection.js';
import type { VisitorStore } from './visitor-store.js';

/** Only what is built has a program to start a thread with: from sources, whoever asks for a write does it. */
const WRITER_THREAD = import.meta.url.endsWith('.js')
  ? new URL('./sqlite-writer/writer-thread.js', import.meta.url)
  : undefined;

/** So long replicas are waited for: as long as a decision waits for its visitor by default. */
const REPLICA_TIMEOUT_MS = 50;

/** The stores of one service, over one connection or file. */
export abstract class Stores {
  abstract readonly kind: 'sqlite' | 'redis';
  abstract readonly visitors: VisitorStore;
  abstract readonly decisions: DecisionLog;
  abstract readonly housekeeping: Housekeeping;
  abstract readonly erasures: Erasures;
  abstract readonly rejected: RejectedEvents;
  abstract readonly releases: ReleaseStore;
  abstract readonly recorded: RecordedInputs;
  abstract readonly limits: LimitStore;
  abstract readonly figures: OfferFigures;
  abstract readonly search: SearchIndex;
  abstract readonly drafts: DraftStore;
  /** What they all share. */
  abstract readonly connection: StoreConnection;
  /** Closes all; once is enough, twice does no harm. */
  abstract close(): Promise<void>;
}

/**
 * Opens Redis where the settings name one, else the file `usher.db` in the data folder, which must exist.
 * Throws `InvalidSettings` when that can't be; a Redis that does not answer is waited for in the background.
 */
export async function openStores(config: StoresConfig, watch: WatchOutages = {}): Promise<Stores> {
  const { redisUrl, redisTimeoutMs, dataDir } = config;
  if (redisUrl === undefined)
    return sqliteStores(SqliteDatabase.open(join(dataDir, 'usher.db'), { thread: WRITER_THREAD, watch }), config);
  const open = (options: RedisConnectionOptions) =>
    RedisConnection.open(redisUrl, { commandTimeoutMs: redisTimeoutMs, ...options });
  const connection = await open({ watch });
  // One that waits for replicas answers nothing else meanwhile.
  return redisStores(connection, config.limitsWait > 0 ? await open({}) : connection, config);
}

type StoresConfig = Pick<
  Config,
  | 'redisUrl'
  | 'redisTimeoutMs'
  | 'dataDir'
  | 'limitsWait'
  | 'keepDecisions'
  | 'keepRejected'
  | 'keepDays'
  | 'keepRecorded'
  | 'keepRecordedBytes'
  | 'keepRecordedDays'
  | 'keepDrafts'
  | 'keepDraftDays'
>;

function sqliteStores(database: SqliteDatabase, config: StoresConfig): Stores {
  const connection = new SqliteConnection(database);
  const visitors = new SqliteVisitorStore(database);
  const decisions = new SqliteDecisionLog(database, config.keepDecisions);
  const rejected = new SqliteRejectedEvents(database, rejectedLimits(config));
  const housekeeping = new SqliteHousekeeping(database);
  const erasures = new SqliteErasures(database);
  const releases = new SqliteReleaseStore(database);
  const recorded = new SqliteRecordedInputs(database, recordedLimits(config));
  const limits = new SqliteLimitStore(database);
  const figures = new SqliteOfferFigures(database);
  return {
    kind: 'sqlite',
    visitors,
    decisions,
    housekeeping,
    erasures,
    rejected,
    releases,
    recorded,
    limits,
    figures,
    search: new SqliteSearchIndex(database),
    drafts: new SqliteDraftStore(database, draftLimits(config)),
    connection,
    close: () => connection.close(),
  };
}

function redisStores(connection: RedisConnection, forLimits: RedisConnection, config: StoresConfig): Stores {
  const visitors = new RedisVisitorStore(connection);
  const decisions = new RedisDecisionLog(connection, config.keepDecisions);
  const rejected = new RedisRejectedEvents(connection, rejectedLimits(config));
  const housekeeping = new RedisHousekeeping(connection);
  const erasures = new RedisErasures(connection);
  const releases = new RedisReleaseStore(connection);
  const recorded = new RedisRecordedInputs(connection, recordedLimits(config));
  const limits = new RedisLimitStore(forLimits, replicaWait(forLimits, config));
  return {
    kind: 'redis',
    visitors,
    decisions,
    housekeeping,
    erasures,
    rejected,
    releases,
    recorded,
    limits,
    figures: new RedisOfferFigures(connection),
    search: new RedisSearchIndex(connection),
    drafts: new RedisDraftStore(connection, draftLimits(config)),
    connection,
    close: async () => void (await Promise.all([connection.close(), forLimits.close()])),
  };
}

function replicaWait(connection: RedisConnection, { limitsWait }: StoresConfig): ReplicaWait | undefined {
  if (limitsWait === 0) return undefined;
  return new ReplicaWait(connection, { replicas: limitsWait, timeoutMs: REPLICA_TIMEOUT_MS });
}

function rejectedLimits({ keepRejected, keepDays }: StoresConfig): RejectedLimits {
  return { keep: keepRejected, keepDays };
}

function recordedLimits({ keepRecorded, keepRecordedBytes, keepRecordedDays }: StoresConfig): RecordedLimits {
  return { keep: keepRecorded, keepBytes: keepRecordedBytes, keepDays: keepRecordedDays };
}

function draftLimits({ keepDrafts, keepDraftDays }: StoresConfig): DraftLimits {
  return { keep: keepDrafts, keepDays: keepDraftDays };
}
