import { checkCase } from '../check/check-case.js';
import { checkConditionsOf } from '../check/check-conditions.js';
import { checkConsent } from '../check/check-consent.js';
import { checkCycles } from '../check/check-cycles.js';
import { checkDates } from '../check/check-dates.js';
import { checkOffer } from '../check/check-offer.js';
import { checkPlacement } from '../check/check-placement.js';
import { checkRule } from '../check/check-rule.js';
import { checkShape } from '../check/check-shape.js';
import { checkTemplates } from '../check/check-templates.js';
import type { Findings } from '../read/findings.js';
import { judgeFile } from '../check/judge-file.js';
import type { RuleFile } from '../read/rule-file.js';
import { RuleIndex } from '../read/rule-index.js';
import { unenforced } from '../check/unenforced.js';

/** One concern of the check, for one file whose text could be parsed. */
type Check = (file: RuleFile, index: RuleIndex, findings: Findings) => void;

const CHECKS: readonly Check[] = [
  checkShape,
  checkDates,
  checkConditionsOf,
  checkPlacement,
  checkOffer,
  checkRule,
  checkCase,
  checkConsent,
  checkTemplates,
];

/** Adds every problem of these files to the findings, all in one go; gives the notes on what is not enforced yet. */
export function checkRules(files: readonly RuleFile[], findings: Findings): string[] {
  const index = new RuleIndex(files);
  const parsed = files.filter((file) => file.root);
  for (const file of parsed) for (const check of CHECKS) check(file, index, findings);
  checkCycles(index, findings);
  for (const file of parsed) if (!findings.has(file)) judgeFile(file, findings);
  return unenforced(parsed);
}
