import { checkKnown } from './check-known.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import { shown } from './shape-message.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

/** A case must ask placements that exist, and expect offers that exist of placements that it asks. */
export function checkCase(file: RuleFile, index: RuleIndex, findings: Findings): void {
  if (!file.root) return;
  const asked = askedIn(file.root);
  for (const node of asked) checkKnown({ file, node, kind: 'placements', index }, findings);
  checkCounts(file, file.root, findings);
  const names = asked.map((node) => node.text).filter((id) => id !== undefined);
  for (const part of ['expect', 'expectContent', 'expectGates'])
    checkExpected(file, file.root.get(part), names, findings);
  for (const { node } of file.root.get('expect')?.members.values() ?? []) {
    for (const offer of node.items) checkKnown({ file, node: offer, kind: 'offers', index }, findings);
  }
}

function askedIn(root: SourceNode): SourceNode[] {
  const placements = root.get('request', 'placements')?.items ?? [];
  return placements.map((one) => one.get('id') ?? one).filter((node) => node.text !== undefined);
}

function checkCounts(file: RuleFile, root: SourceNode, findings: Findings): void {
  for (const placement of root.get('request', 'placements')?.items ?? []) {
    const count = placement.get('count');
    if (typeof count?.value !== 'number' || (Number.isInteger(count.value) && count.value >= 1)) continue;
    findings.add(file, count.offset, `"count" must be a whole number of 1 or more; got ${shown(count.value)}`);
  }
}

function checkExpected(
  file: RuleFile,
  expected: SourceNode | undefined,
  asked: readonly string[],
  findings: Findings,
): void {
  if (asked.length === 0) return;
  for (const [placement, { keyOffset }] of expected?.members ?? []) {
    if (asked.includes(placement)) continue;
    findings.add(
      file,
      keyOffset,
      `the request of this case does not ask "${placement}"${didYouMean(placement, asked)}`,
    );
  }
}
