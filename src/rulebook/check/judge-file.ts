import { judge } from '../../engine/match/reference-match.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';

/** The last word is json-rules-engine's: what it refuses, and no other check explained, is refused in its own words. */
export function judgeFile(file: RuleFile, findings: Findings): void {
  const conditions = conditionsOf(file);
  const refusal = conditions && judge(conditions.value, file.root?.get('event')?.value);
  if (!conditions || refusal === undefined) return;
  findings.add(file, conditions.offset, `json-rules-engine does not take these conditions: ${refusal}`);
}

function conditionsOf({ kind, root }: RuleFile): SourceNode | undefined {
  if (kind === 'placements' || kind === 'cases') return undefined;
  return root?.get(kind === 'offers' ? 'eligibility' : 'conditions');
}
