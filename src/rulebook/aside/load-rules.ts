import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokenRulebook } from '../../errors.js';
import { loadRulebook, type LoadedRulebook } from '../build/load-rulebook.js';
import type { RuleSource, RuleText } from '../kinds/walk-rules.js';
import { WarmWorker } from './warm-worker.js';
import { workAside, type WorkedOut } from './work-aside.js';
import { BUILD_LIMITS } from './work-limits.js';

/** What loading rules comes to, less the definitions, which stay in the process that read them. */
export type LoadedAside = Omit<LoadedRulebook, 'definitions'>;

/**
 * Beyond so many files, or characters, reading them takes longer than a request may wait, and starting a process is
 * worth it.
 */
const MANY_FILES = 300;
const MANY_CHARACTERS = 4_000_000;

/** Of what was checked elsewhere: what a starting process takes is more than reading fewer does, however they are. */
const MANY_CHARACTERS_TO_BUILD = 200_000;

/** How rules are loaded; see {@link loadRules} and {@link loadBeside}. */
export type LoadRules = (source: readonly RuleText[], version: number) => Promise<LoadedAside>;

/**
 * Does what `loadRulebook` does, for when nobody is served yet: many files are read in a process of their own, which is
 * quicker; few here, as another process takes longer to start than to read them.
 */
export async function loadRules(source: RuleSource, version: number): Promise<LoadedAside> {
  const isLarge =
    typeof source === 'string'
      ? (await countFiles(source)) > MANY_FILES
      : source.length > MANY_FILES || lengthOf(source) > MANY_CHARACTERS_TO_BUILD;
  return isLarge ? loadAside(source, version) : loadRulebook(source, version);
}

/**
 * The same while requests are served: never in this process, be they few. Large sets have a process for themselves, the
 * others share one that is kept warm for a while.
 */
export function loadBeside(source: readonly RuleText[], version: number): Promise<LoadedAside> {
  if (areLarge(source)) return loadAside(source, version);
  const loading = beside.then(() => loadWarm(source, version));
  beside = loading.catch(() => undefined);
  return loading;
}

/** One after the other: the warm process does one work at a time. Never rejects. */
let beside: Promise<unknown> = Promise.resolve();
const warm = new WarmWorker();

async function loadWarm(source: RuleSource, version: number): Promise<LoadedAside> {
  const work = () => warm.work({ job: 'build', source }, version, { limits: BUILD_LIMITS });
  const out = await work();
  // One that was ended from outside while it waited is no fault of the rules.
  return loadedOf(out.endedWith === undefined ? out : await work());
}

/** Whether rules take so long to read that a process of their own should. */
export function areLarge(texts: readonly RuleText[]): boolean {
  return texts.length > MANY_FILES || lengthOf(texts) > MANY_CHARACTERS;
}

function lengthOf(texts: readonly RuleText[]): number {
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}

async function loadAside(source: RuleSource, version: number): Promise<LoadedAside> {
  return loadedOf(await workAside({ job: 'build', source }, version, { limits: BUILD_LIMITS }));
}

function loadedOf({ check, rulebook, endedWith }: WorkedOut): LoadedAside {
  if (check && endedWith === undefined) return rulebook ? { ...check, rulebook } : check;
  throw new BrokenRulebook([
    `the process that was to read them ended with ${String(endedWith)}; is there memory enough?`,
  ]);
}

async function countFiles(dir: string): Promise<number> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const counts = await Promise.all(
    entries.map((entry) =>
      readdir(join(dir, entry.name)).then(
        (names) => names.length,
        () => 1,
      ),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
