import type { Findings } from '../read/findings.js';
import { localeProblem } from '../templates/filter-problems.js';
import { isTemplate } from '../templates/liquid.js';
import { placeOf, type TextPlace } from '../templates/text-place.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { templateProblems } from '../templates/template-problems.js';

/** Every text of an offer's treatments must be a template that can be rendered where it stands, in a known language. */
export function checkTemplates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  for (const { node } of file.root?.get('treatments')?.members.values() ?? []) {
    checkLocale(file, node.get('locale'), findings);
    const as = node.get('as')?.text === 'html' ? 'html' : 'plain';
    for (const text of [...textsIn(node.get('content'), as), ...textsIn(node.get('actions'), as)])
      for (const message of templateProblems(text.node.text ?? '', text.place))
        findings.add(file, text.node.offset, message);
  }
}

/** A locale must be one that dates and numbers can be written in. */
export function checkLocale(file: RuleFile, node: SourceNode | undefined, findings: Findings): void {
  const problem = node?.text === undefined ? undefined : localeProblem(node.text);
  if (node && problem !== undefined) findings.add(file, node.offset, problem);
}

interface PlacedText {
  readonly node: SourceNode;
  readonly place: TextPlace;
}

function textsIn(node: SourceNode | undefined, as: 'plain' | 'html', place: TextPlace = as): PlacedText[] {
  if (!node) return [];
  if (node.text !== undefined) return isTemplate(node.text) ? [{ node, place }] : [];
  const members = [...node.members].flatMap(([name, member]) => textsIn(member.node, as, placeOf(name, as)));
  return [...node.items.flatMap((item) => textsIn(item, as, place)), ...members];
}
