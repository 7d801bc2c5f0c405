import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import { checkMapping } from './check-mapping.js';
import { checkJson, checkText, warningsIn } from './print-check.js';
import { proveRules, readSeen, type SeenOptions } from './prove-rules.js';

/** The options of `usher check`. */
export interface CheckOptions extends SeenOptions {
  readonly json?: boolean;
  /** A mapping of events to hold against the rules. */
  readonly map?: string;
  /** Whether a warning fails the check too. */
  readonly strict?: boolean;
}

/**
 * `usher check [dir]`: prints every problem of the rule files, and where there is none what can be proved of them;
 * gives the exit code, 1 when there is a problem, or with `strict` a warning.
 */
export async function checkRules(dir: string, options: CheckOptions, print: (text: string) => void): Promise<number> {
  const seen = await readSeen(options);
  const found = loadRulebook(dir);
  const ofMapping = options.map === undefined ? [] : checkMapping(options.map, dir);
  const loaded = { ...found, warnings: [...found.warnings, ...ofMapping] };
  const proofs = proveRules(dir, loaded, seen);
  print(options.json ? checkJson(loaded, proofs, seen) : checkText(loaded, proofs, seen));
  const hasWarning = warningsIn(loaded, proofs) > 0;
  return loaded.problems.length > 0 || (options.strict && hasWarning) ? 1 : 0;
}
