import { KEPT_CONTACTS } from '../../engine/visitor/contacts.js';
import { checkKnown } from '../check/check-known.js';
import { shown } from '../check/shape-message.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { checkTimeZone } from '../schedules/check-time-zone.js';
import { checkDuration, CALENDAR_WORDS, LONGEST_HOLD, WHILE_KEPT } from './check-duration.js';

/** An offer's caps, its stock and its goal must make sense. */
export function checkOfferLimits(file: RuleFile, index: RuleIndex, findings: Findings): void {
  for (const cap of file.root?.get('caps')?.items ?? []) checkCap(file, cap, index, findings);
  checkHold(file, file.root?.get('stock'), findings);
  checkDuration(file, file.root?.get('goal', 'within'), findings, { most: WHILE_KEPT });
}

function checkCap(file: RuleFile, cap: SourceNode, index: RuleIndex, findings: Findings): void {
  const isInTotal = cap.get('per')?.text === 'total';
  checkTimeZone(file, cap.get('timeZone'), findings);
  const most = isInTotal ? {} : { most: WHILE_KEPT };
  checkDuration(file, cap.get('within'), findings, { orWords: CALENDAR_WORDS, ...most });
  const placement = cap.get('placement');
  if (placement) checkKnown({ file, node: placement, kind: 'placements', index }, findings);
  checkHold(file, cap, findings);
  const limit = cap.get('limit');
  if (!isInTotal && typeof limit?.value === 'number' && limit.value > KEPT_CONTACTS)
    findings.add(
      file,
      limit.offset,
      `"limit" for each visitor can be ${KEPT_CONTACTS} at most, as the last ${KEPT_CONTACTS} contacts are ` +
        `remembered; got ${shown(limit.value)}`,
    );
}

/** A hold must be a duration, of something that a decision has to wait for. */
export function checkHold(file: RuleFile, limit: SourceNode | undefined, findings: Findings): void {
  const hold = limit?.get('hold');
  if (!limit || !hold) return;
  checkDuration(file, hold, findings, { most: LONGEST_HOLD, example: '30m' });
  if (limit.get('event')?.text === 'decided')
    findings.add(
      file,
      limit.keyOffset('hold'),
      'a limit on "decided" is used up by the decision, and holds nothing; remove "hold"',
    );
}
