import { join } from 'node:path';
import type { Config } from '../config.js';
import type { DecisionLog } from './decision-log.js';
import type { WatchOutages } from './outage-watch.js';
import { RedisConnection } from './redis-connection.js';
import { RedisDecisionLog } from './redis-decision-log.js';
import { RedisVisitorStore } from './redis-visitor-store.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteDecisionLog } from './sqlite-decision-log.js';
import { SqliteVisitorStore } from './sqlite-visitor-store.js';
import type { VisitorStore } from './visitor-store.js';

/** The stores of one service, over one connection or file. */
export abstract class Stores {
  abstract readonly kind: 'sqlite' | 'redis';
  abstract readonly visitors: VisitorStore;
  abstract readonly decisions: DecisionLog;
  /** Closes both; once is enough, twice does no harm. */
  abstract close(): Promise<void>;
}

/**
 * Opens Redis where the settings name one, else the file `usher.db` in the data folder, which must exist.
 * Throws `InvalidSettings` when that can't be; a Redis that does not answer is waited for in the background.
 */
export async function openStores(
  config: Pick<Config, 'redisUrl' | 'dataDir' | 'keepDecisions'>,
  watch: WatchOutages = {},
): Promise<Stores> {
  const { redisUrl, dataDir, keepDecisions } = config;
  if (redisUrl === undefined) return sqliteStores(SqliteDatabase.open(join(dataDir, 'usher.db')), keepDecisions);
  return redisStores(await RedisConnection.open(redisUrl, { watch }), keepDecisions);
}

function sqliteStores(database: SqliteDatabase, keepDecisions: number): Stores {
  const visitors = new SqliteVisitorStore(database);
  return { kind: 'sqlite', visitors, decisions: new SqliteDecisionLog(database, keepDecisions), close: () => visitors.close() };
}

function redisStores(connection: RedisConnection, keepDecisions: number): Stores {
  const visitors = new RedisVisitorStore(connection);
  return { kind: 'redis', visitors, decisions: new RedisDecisionLog(connection, keepDecisions), close: () => visitors.close() };
}
