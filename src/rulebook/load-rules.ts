import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAside, type LoadedAside } from './load-aside.js';
import { loadRulebook } from './load-rulebook.js';
import type { RuleSource } from './walk-rules.js';

/** Beyond so many files, reading them takes longer than a request may wait, and starting a process is worth it. */
export const MANY_FILES = 300;

/** Does what `loadRulebook` does while requests are served: many files are read in a process of their own. */
export async function loadRules(source: RuleSource, version: number): Promise<LoadedAside> {
  const count = typeof source === 'string' ? await countFiles(source) : source.length;
  return count > MANY_FILES ? loadAside(source, version) : loadRulebook(source, version);
}

async function countFiles(dir: string): Promise<number> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const counts = await Promise.all(entries.map((entry) => readdir(join(dir, entry.name)).then((names) => names.length, () => 1)));
  return counts.reduce((sum, count) => sum + count, 0);
}
