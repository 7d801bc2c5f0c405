import { gates } from '../../engine/gates.js';
import { checkKnown } from '../check/check-known.js';
import { shown } from '../check/shape-message.js';
import { whenProblem } from '../read/instant.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import { didYouMean } from '../read/suggest.js';
import { checkDuration, LONGEST_HOLD } from './check-duration.js';

/** The contacts, limits and gates of a case must be of offers and placements that exist, and at times that do. */
export function checkCaseLimits(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const { root } = file;
  for (const contact of root?.get('visitor', 'contacts')?.items ?? []) {
    const [offer, placement, timestamp] = ['offer', 'placement', 'timestamp'].map((name) => contact.get(name));
    if (offer) checkKnown({ file, node: offer, kind: 'offers', index }, findings);
    if (placement) checkKnown({ file, node: placement, kind: 'placements', index }, findings);
    const problem = timestamp?.text === undefined ? undefined : whenProblem(timestamp.text);
    if (timestamp && problem !== undefined) findings.add(file, timestamp.offset, problem);
    checkDuration(file, contact.get('hold'), findings, { most: LONGEST_HOLD, example: '30m' });
  }
  for (const node of root?.get('limits', 'spent')?.items ?? [])
    checkKnown({ file, node, kind: 'offers', index }, findings);
  checkGates(file, index, findings);
}

function checkGates(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const names = gates.map(({ name }) => name as string);
  for (const { node: stopped } of file.root?.get('expectGates')?.members.values() ?? [])
    for (const [offer, { keyOffset, node: gate }] of stopped.members) {
      checkKnown({ file, node: gate, kind: 'offers', index, offset: keyOffset, id: offer }, findings);
      if (gate.text !== undefined && !names.includes(gate.text))
        findings.add(file, gate.offset, `${shown(gate.text)} is no gate${didYouMean(gate.text, names)}`);
    }
}
