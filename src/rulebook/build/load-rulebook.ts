import { compileRulebook } from '../../engine/compile.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { checkRules } from '../kinds/check-rules.js';
import { collectDefinitions } from './collect-definitions.js';
import { instant } from '../read/instant.js';
import { readRules } from '../kinds/read-rules.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { renderer } from '../templates/templates.js';
import type { RuleSource } from '../kinds/walk-rules.js';

/** What rule files came to. */
export interface LoadedRulebook {
  /** Undefined when there is a problem. */
  readonly rulebook?: Rulebook;
  /** What could be read, even where there are problems. */
  readonly definitions: Definitions;
  /** Every problem of every file, in the order of a reader. */
  readonly problems: readonly RuleProblem[];
  /** What is accepted but not enforced yet, one line each. */
  readonly notes: readonly string[];
  /** `sha256:` and the digest over every file's path and bytes. */
  readonly digest: string;
}

/** Reads, checks and compiles rule files. Problems are values; nothing is thrown for them. */
export function loadRulebook(source: RuleSource, version = 1): LoadedRulebook {
  const checked = checkSource(source);
  if (checked.problems.length > 0) return checked;
  return {
    ...checked,
    rulebook: compileRulebook(checked.definitions, { renderer, instant }, { version, digest: checked.digest }),
  };
}

/** Reads and checks rule files. */
export function checkSource(source: RuleSource): Omit<LoadedRulebook, 'rulebook'> {
  const { files, findings, notes, digest } = readRules(source);
  const notEnforced = checkRules(files, findings);
  const problems = findings.sorted();
  return { definitions: collectDefinitions(files, findings), problems, notes: [...notes, ...notEnforced], digest };
}
