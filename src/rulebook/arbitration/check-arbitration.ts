import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';

/** What a score is made of, as rule files name it. */
export const SCORE_FACTORS = ['propensity', 'weight', 'value', 'lever'] as const;

/** A placement must be ordered by something that is there. */
export function checkArbitration(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  const arbitration = file.root?.get('arbitration');
  if (arbitration?.text === 'learned')
    findings.add(
      file,
      arbitration.offset,
      'arbitration "learned" is not there yet: nothing is learned from outcomes; write "score" or "priority"',
    );
  const score = file.root?.get('score');
  if (score && SCORE_FACTORS.every((factor) => score.get(factor)?.value === false))
    findings.add(
      file,
      score.offset,
      'every factor of the score is switched off, so that nothing is left to go by; ' +
        'leave one on, or write "arbitration": "priority"',
    );
}
