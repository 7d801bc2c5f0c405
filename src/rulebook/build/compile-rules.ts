import { compileData, type RulebookData } from '../../engine/compile.js';
import type { Definitions } from '../../engine/language/definitions.js';
import { checkRules } from '../kinds/check-rules.js';
import { instant } from '../read/instant.js';
import { readRules } from '../kinds/read-rules.js';
import type { Tell } from '../read/tell.js';
import type { RuleProblem } from '../read/rule-problem.js';
import type { RuleSource } from '../kinds/walk-rules.js';
import { collectDefinitions } from './collect-definitions.js';

/** What rule files came to when they were read and checked. */
export interface CheckedRules {
  /** What could be read, even where there are problems. */
  readonly definitions: Definitions;
  /** Every problem of every file, in the order of a reader. */
  readonly problems: readonly RuleProblem[];
  /** Where the files ask for what is not enforced yet, or an aggregate passes over values of a case. */
  readonly warnings: readonly RuleProblem[];
  /** Folders that nothing reads yet, one line each. */
  readonly notes: readonly string[];
  /** `sha256:` and the digest over every file's path and bytes. */
  readonly digest: string;
}

/** The same, compiled as far as plain data, which another process can be handed. */
export interface CompiledRules extends CheckedRules {
  /** Undefined when there is a problem. */
  readonly data?: RulebookData;
}

/** Reads, checks and compiles rule files: all of loading them that takes time. */
export function compileRules(source: RuleSource, tell?: Tell): CompiledRules {
  const checked = checkSource(source, tell);
  return checked.problems.length > 0 ? checked : { ...checked, data: compileData(checked.definitions, { instant }) };
}

function checkSource(source: RuleSource, tell?: Tell): CheckedRules {
  const { files, findings, notes, digest } = readRules(source, tell);
  const warnings = checkRules(files, findings, tell);
  const problems = findings.sorted();
  return { definitions: collectDefinitions(files, findings), problems, warnings, notes, digest };
}
