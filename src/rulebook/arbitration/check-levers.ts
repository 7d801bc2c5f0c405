import { checkGroup, checkKnown } from '../check/check-known.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { checkSchedule } from '../schedules/check-dates.js';

/** Levers must move offers that exist, in placements and at times that do. */
export function checkLevers(file: RuleFile, index: RuleIndex, findings: Findings): void {
  for (const lever of file.root?.get('levers')?.items ?? []) checkLever(file, lever, index, findings);
}

function checkLever(file: RuleFile, lever: SourceNode, index: RuleIndex, findings: Findings): void {
  for (const node of lever.get('offers')?.items ?? []) checkKnown({ file, node, kind: 'offers', index }, findings);
  for (const { text: name, offset } of lever.get('groups')?.items ?? [])
    checkGroup({ file, index, name, offset }, findings);
  for (const node of lever.get('placements')?.items ?? [])
    checkKnown({ file, node, kind: 'placements', index }, findings);
  checkSchedule(file, lever.get('schedule'), findings);
  if (isEmpty(lever.get('offers')) && isEmpty(lever.get('groups')))
    findings.add(file, lever.offset, 'the lever moves nothing; add "offers": [ "…" ] or "groups": [ "…" ]');
  if (!lever.get('factor') && !lever.get('tier'))
    findings.add(file, lever.offset, 'the lever does nothing; add "factor": 1.5 or "tier": 1');
  const placements = lever.get('placements');
  if (placements?.isList && isEmpty(placements))
    findings.add(file, placements.offset, '"placements" is empty; remove it for all of them');
}

function isEmpty(list: SourceNode | undefined): boolean {
  return (list?.items ?? []).length === 0;
}
