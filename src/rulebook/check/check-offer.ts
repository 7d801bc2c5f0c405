import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

/** An offer's treatments must be for places that exist. */
export function checkOffer(file: RuleFile, index: RuleIndex, findings: Findings): void {
  if (!file.root) return;
  checkTreatments(file, file.root, index, findings);
}

function checkTreatments(file: RuleFile, root: SourceNode, index: RuleIndex, findings: Findings): void {
  const treatments = root.get('treatments');
  if (!treatments) return;
  if (treatments.isObject && treatments.members.size === 0) {
    findings.add(
      file,
      treatments.offset,
      '"treatments" is empty; add "*": { "content": { … } }, how the offer looks anywhere',
    );
  }
  // A file that could not be parsed may be the one that speaks of the channel: one broken file is one problem.
  if (!index.isComplete) return;
  for (const [where, member] of treatments.members) {
    if (where === '*' || index.channels.has(where) || index.find('placements', where)) continue;
    const known = [...index.ids('placements'), ...index.channels, '*'];
    findings.add(
      file,
      member.keyOffset,
      `"${where}" is no placement and no channel that a placement or a rule uses${didYouMean(where, known)}`,
    );
  }
}
