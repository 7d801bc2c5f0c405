import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Json } from '../../engine/language/json.js';
import { CommandFailed } from '../../errors.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import { suggest } from '../../rulebook/read/suggest.js';
import { jsonIn, writePlanned } from '../rules/import-rules.js';
import type { FlagSource } from './flag-source.js';
import { readFlagd } from './flagd-flags.js';
import { readGrowthBook } from './growth-book-features.js';
import { readJsonLogic } from './json-logic-rules.js';
import { attempt } from './no-counterpart.js';
import { planFlags } from './plan-flags.js';
import { flagJson, flagText } from './print-flags.js';

/** The options of `usher import-rules --from`. */
export interface ImportFlagsOptions {
  readonly from: string;
  readonly dir: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const READERS: Readonly<Record<string, (written: Json, name: string) => FlagSource>> = {
  flagd: readFlagd,
  growthbook: readGrowthBook,
  jsonlogic: readJsonLogic,
};

/**
 * `usher import-rules --from flagd FILE`: makes rule files of flags of other systems; gives the exit code, 1 when one
 * is left out.
 */
export function importFlags(file: string, options: ImportFlagsOptions, print: (text: string) => void): number {
  const { dir, dryRun = false } = options;
  const plan = planFlags(sourceIn(file, options.from), existsSync(dir) ? readRules(dir).files : []);
  if (!dryRun) for (const one of plan.files) writePlanned(dir, one);
  print(options.json ? flagJson(plan, dryRun) : flagText(plan, { dir, dryRun }));
  return plan.flags.every(({ refused }) => refused.length === 0) ? 0 : 1;
}

function sourceIn(file: string, from: string): FlagSource {
  const reader = Object.hasOwn(READERS, from) ? READERS[from] : undefined;
  if (!reader) {
    const near = suggest(from, Object.keys(READERS));
    throw new CommandFailed(
      `--from "${from}" is not known${near === undefined ? '' : `; did you mean "${near}"?`} ` +
        `It may be ${Object.keys(READERS).join(', ')}.`,
    );
  }
  const name = basename(file).replace(/\.\w+$/, '');
  const source = attempt(() => reader(jsonIn(file), name));
  if (typeof source === 'string') throw new CommandFailed(`${file} has no flags of ${from}: ${source}.`);
  return source;
}
