import { assembleRulebook, compileData, writtenIn, type RulebookData } from '../../engine/compile.js';
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

/** Rule files compiled as far as plain data, which another process can be handed. */
export interface CompiledRules extends Omit<LoadedRulebook, 'rulebook'> {
  /** Undefined when there is a problem. */
  readonly data?: RulebookData;
}

/** Reads, checks and compiles rule files. Problems are values; nothing is thrown for them. */
export function loadRulebook(source: RuleSource, version = 1): LoadedRulebook {
  return toRulebook(compileRules(source), version);
}

/** All of it that takes time. */
export function compileRules(source: RuleSource): CompiledRules {
  const checked = checkSource(source);
  return checked.problems.length > 0 ? checked : { ...checked, data: compileData(checked.definitions, { instant }) };
}

/** The rest. */
export function toRulebook({ data, ...checked }: CompiledRules, version = 1): LoadedRulebook {
  if (!data) return checked;
  const { definitions, digest } = checked;
  const { rulebook } = assembleRulebook(data, { version, digest, renderer, written: writtenIn(definitions) });
  return { ...checked, rulebook };
}

/** Reads and checks rule files. */
function checkSource(source: RuleSource): Omit<LoadedRulebook, 'rulebook'> {
  const { files, findings, notes, digest } = readRules(source);
  const notEnforced = checkRules(files, findings);
  const problems = findings.sorted();
  return { definitions: collectDefinitions(files, findings), problems, notes: [...notes, ...notEnforced], digest };
}
