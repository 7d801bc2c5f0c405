import { checkKnown } from '../check/check-known.js';
import { shown } from '../check/shape-message.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

const MEMBERS: readonly string[] = ['segments', 'otherwise'];

/** The propensity of an offer must be a probability, or one for each of some segments, which must exist. */
export function checkPropensity(file: RuleFile, index: RuleIndex, findings: Findings): void {
  const propensity = file.root?.get('propensity');
  if (!propensity) return;
  if (propensity.isObject) checkTable(file, propensity, index, findings);
  else checkProbability(file, propensity, findings, '"propensity"');
}

function checkTable(file: RuleFile, table: SourceNode, index: RuleIndex, findings: Findings): void {
  for (const [name, { keyOffset }] of table.members)
    if (!MEMBERS.includes(name))
      findings.add(file, keyOffset, `unknown property "${name}"${didYouMean(name, MEMBERS)}`);
  const segments = table.get('segments');
  if (!segments?.isObject || segments.members.size === 0)
    findings.add(
      file,
      (segments ?? table).offset,
      '"propensity" by segment must name at least one: "segments": { "<segment>": 0.1 }',
    );
  for (const [id, { node, keyOffset: offset }] of segments?.members ?? []) {
    checkKnown({ file, node, kind: 'segments', index, offset, id }, findings);
    checkProbability(file, node, findings, `the propensity in "${id}"`);
  }
  const otherwise = table.get('otherwise');
  if (otherwise) checkProbability(file, otherwise, findings, '"otherwise"');
}

function checkProbability(file: RuleFile, { value, offset }: SourceNode, findings: Findings, what: string): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  const remedy = what === '"propensity"' ? ', or { "segments": { … } }' : '';
  findings.add(file, offset, `${what} must be a probability from 0 to 1${remedy}; got ${shown(value)}`);
}
