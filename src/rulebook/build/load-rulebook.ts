import { assembleRulebook, writtenIn } from '../../engine/compile.js';
import type { Rulebook } from '../../engine/rulebook.js';
import type { RuleSource } from '../kinds/walk-rules.js';
import { renderer } from '../templates/templates.js';
import { compileRules, type CheckedRules, type CompiledRules } from './compile-rules.js';

/** What rule files came to. */
export interface LoadedRulebook extends CheckedRules {
  /** Undefined when there is a problem. */
  readonly rulebook?: Rulebook;
}

/** Reads, checks and compiles rule files. Problems are values; nothing is thrown for them. */
export function loadRulebook(source: RuleSource, version = 1): LoadedRulebook {
  return toRulebook(compileRules(source), version);
}

/** What was compiled as a rulebook, in the process that compiled it. */
export function toRulebook({ data, ...checked }: CompiledRules, version = 1): LoadedRulebook {
  if (!data) return checked;
  const { definitions, digest } = checked;
  const { rulebook } = assembleRulebook(data, { version, digest, renderer, written: writtenIn(definitions) });
  return { ...checked, rulebook };
}
