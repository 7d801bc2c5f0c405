import { checkKnown } from './check-known.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import { hasTreatmentFor, noTreatment } from '../templates/treatment-lookup.js';

/** A rule's placements and its offer must exist, and the offer must look like something in each placement. */
export function checkRule(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const node = file.root?.get('event', 'params', 'offer');
  const isKnown = node && checkKnown({ file, node, kind: 'offers', index }, findings);
  const offer = isKnown && node.text !== undefined ? index.find('offers', node.text) : undefined;
  for (const placement of file.root?.get('placements')?.items ?? []) {
    if (!checkKnown({ file, node: placement, kind: 'placements', index }, findings)) continue;
    const found = placement.text === undefined ? undefined : index.find('placements', placement.text);
    if (!offer?.root || !found?.root || hasTreatmentFor(offer.root, found.id, channelsOf(file, found))) continue;
    findings.add(file, placement.offset, noTreatment(offer, found));
  }
}

function channelsOf(rule: RuleFile, placement: RuleFile): string[] {
  const own = placement.root?.get('channel')?.text;
  return [...textsOf(rule.root?.get('channels')), ...(own === undefined ? [] : [own])];
}
