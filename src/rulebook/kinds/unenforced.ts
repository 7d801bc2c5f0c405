import { asksFor, type NotEnforced } from '../../engine/language/not-enforced.js';
import { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { findKind } from './kinds.js';

/** Each place where a rule file asks for what is accepted and not enforced yet, with what happens meanwhile. */
export function unenforced(files: readonly RuleFile[]): RuleProblem[] {
  const warnings = new Findings();
  for (const file of files) {
    for (const word of findKind(file.kind)?.notYet ?? [])
      if (asksFor(file.root?.value, word)) warn(file, word, warnings);
  }
  return warnings.sorted();
}

function warn(file: RuleFile, { path, meanwhile }: NotEnforced, warnings: Findings): void {
  const name = path.at(-1) ?? '';
  const offset = file.root?.get(...path.slice(0, -1))?.keyOffset(name) ?? 0;
  warnings.add(file, offset, `"${name}" is not enforced yet: ${meanwhile}`);
}
