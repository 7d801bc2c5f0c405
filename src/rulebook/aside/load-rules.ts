import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokenRulebook } from '../../errors.js';
import { loadRulebook, type LoadedRulebook } from '../build/load-rulebook.js';
import type { RuleSource, RuleText } from '../kinds/walk-rules.js';
import { workAside } from './work-aside.js';
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

/** Does what `loadRulebook` does while requests are served: many files are read in a process of their own. */
export async function loadRules(source: RuleSource, version: number): Promise<LoadedAside> {
  const isLarge =
    typeof source === 'string'
      ? (await countFiles(source)) > MANY_FILES
      : source.length > MANY_FILES || lengthOf(source) > MANY_CHARACTERS_TO_BUILD;
  return isLarge ? loadAside(source, version) : loadRulebook(source, version);
}

/** Whether rules take so long to read that a process of their own should. */
export function areLarge(texts: readonly RuleText[]): boolean {
  return texts.length > MANY_FILES || lengthOf(texts) > MANY_CHARACTERS;
}

function lengthOf(texts: readonly RuleText[]): number {
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}

async function loadAside(source: RuleSource, version: number): Promise<LoadedAside> {
  const { check, rulebook, endedWith } = await workAside({ job: 'build', source }, version, { limits: BUILD_LIMITS });
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
