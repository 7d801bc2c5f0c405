import { withoutEffect } from '../arbitration/without-effect.js';
import { checkCycles } from '../check/check-cycles.js';
import { checkShape } from '../check/check-shape.js';
import { judgeFile } from './judge-file.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import { limitsInVain } from '../limits/limits-in-vain.js';
import { DEAF, type Tell } from '../read/tell.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { RuleIndex } from '../read/rule-index.js';
import { unsureTimes } from '../schedules/unsure-times.js';
import { elementsApart } from './elements-apart.js';
import { findKind } from './kinds.js';
import { passedOverInCases } from './passed-over.js';

/**
 * Adds every problem of these files to the findings, all in one go; gives the warnings: of what changes no decision, of
 * limits in vain, of values in cases that an aggregate passes over, of times that clocks never show, or twice, and of
 * conditions that two elements of a list may meet.
 */
export function checkRules(files: readonly RuleFile[], findings: Findings, tell: Tell = DEAF): RuleProblem[] {
  const index = new RuleIndex(files);
  const parsed = files.filter((file) => file.root);
  for (const file of parsed) {
    tell('checking', file.path);
    checkShape(file, index, findings);
    for (const check of findKind(file.kind)?.checks ?? []) check(file, index, findings);
  }
  checkCycles(index, findings);
  for (const file of parsed) {
    const conditionsAt = findKind(file.kind)?.conditionsAt;
    tell('checking', file.path);
    if (conditionsAt !== undefined && !findings.has(file)) judgeFile(file, conditionsAt, findings);
  }
  return [
    ...withoutEffect(parsed, index),
    ...limitsInVain(index),
    ...passedOverInCases(parsed),
    ...unsureTimes(parsed),
    ...elementsApart(parsed),
  ];
}
