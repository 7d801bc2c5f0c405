import { startUsher } from '../test/acceptance/usher-process.ts';
import type { Contender, StoreName } from './measure.ts';
import type { StorePlace } from './preload.ts';

/** How Usher is started. */
export interface UsherOptions {
  readonly place: StorePlace;
  /** The folder of its rules. */
  readonly rules: string;
  /** A folder for a processor profile, which is written when it ends. */
  readonly profile: string | undefined;
  /** How many processes it runs; one where it is absent. */
  readonly processes?: number;
  /** The file in that folder; by default Node makes up a name. */
  readonly profileName?: string;
}

/** Usher ends itself by the signal once it has closed, which would leave no profile. */
const EXIT = 'data:text/javascript,process.once("SIGTERM",()=>process.exit(0))';

/** Starts Usher on a store, as in production. */
export async function startUsherOn(store: StoreName, options: UsherOptions): Promise<Contender> {
  const { redisUrl = '', dataDir } = options.place;
  const processes = String(options.processes ?? 1);
  const usher = await startUsher(
    { USHER_RULES: options.rules, USHER_DATA: dataDir, REDIS_URL: redisUrl, USHER_PROCESSES: processes },
    profileArguments(options),
  );
  return { ...usher, store, side: 'usher' };
}

function profileArguments({ profile, profileName }: UsherOptions): string[] {
  if (profile === undefined) return [];
  const name = profileName === undefined ? [] : [`--cpu-prof-name=${profileName}`];
  return ['--cpu-prof', `--cpu-prof-dir=${profile}`, ...name, '--import', EXIT];
}
