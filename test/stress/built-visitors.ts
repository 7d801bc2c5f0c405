import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PATIENT_SETTINGS } from '../redis-server.ts';

/** What remembers people, as it ships, on a store of its own. */
export interface BuiltVisitors {
  readonly visitors: import('../../src/visitors/visitors.service.js').VisitorsService;
  close(): Promise<void>;
}

/** Few enough that some are let go. */
const RETENTION = { keepInteractions: 12, keepDays: 0 };

/** Opens the visitors that were built into `dist`, on a Redis, or on SQLite in a folder that goes with them. */
export async function openVisitors(dist: string, redisUrl?: string): Promise<BuiltVisitors> {
  const { readConfig } = (await built(dist, 'config')) as typeof import('../../src/config.js');
  const { openStores } = (await built(dist, 'stores/open-stores')) as typeof import('../../src/stores/open-stores.js');
  const { VisitorsService } = (await built(
    dist,
    'visitors/visitors.service',
  )) as typeof import('../../src/visitors/visitors.service.js');
  const folder = await mkdtemp(join(tmpdir(), 'usher-stress-'));
  const stores = await openStores(
    readConfig({ ...PATIENT_SETTINGS, USHER_DATA: folder, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) }),
  );
  return {
    visitors: new VisitorsService(stores.visitors, RETENTION),
    async close() {
      await stores.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** By a name made here, as the compiler must not look for types beside it. */
function built(dist: string, name: string): Promise<unknown> {
  return import(pathToFileURL(join(dist, `${name}.js`)).href);
}
