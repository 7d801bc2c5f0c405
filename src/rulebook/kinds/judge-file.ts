import { judge } from '../check/reference-match.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';

/** The last word is json-rules-engine's: what it refuses, and no other check explained, is refused in its own words. */
export function judgeFile(file: RuleFile, conditionsAt: string, findings: Findings): void {
  const conditions = file.root?.get(conditionsAt);
  const refusal = conditions && judge(conditions.value, file.root?.get('event')?.value);
  if (!conditions || refusal === undefined) return;
  findings.add(file, conditions.offset, `json-rules-engine does not take these conditions: ${refusal}`);
}
