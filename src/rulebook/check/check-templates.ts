import type { Findings } from '../read/findings.js';
import { localeProblem } from '../templates/filter-problems.js';
import { isTemplate } from '../templates/liquid.js';
import { tooCostly, type TreatmentText } from '../templates/made-up-visitors.js';
import { countParts, MOST_PARTS } from '../templates/size-problem.js';
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
    const texts = [...textsIn(node.get('content'), as), ...textsIn(node.get('actions'), as)];
    const problems = texts.map((text) => ({ text, messages: templateProblems(text.text, text.kind.place) }));
    for (const { text, messages } of problems)
      for (const message of messages) findings.add(file, text.node.offset, message);
    if (problems.every(({ messages }) => messages.length === 0)) checkCost(file, texts, findings);
  }
}

/** What the texts of one treatment would do when it is shown. */
function checkCost(file: RuleFile, texts: readonly PlacedText[], findings: Findings): void {
  let parts = 0;
  const last = texts.find(({ text }) => (parts += countParts(text)) > MOST_PARTS);
  if (last)
    return findings.add(file, last.node.offset, `the texts of a treatment have at most ${MOST_PARTS} tags and outputs`);
  const costly = tooCostly(texts);
  if (costly) findings.add(file, costly.node.offset, TOO_COSTLY);
}

const TOO_COSTLY =
  'the texts of this treatment, up to this one, are more work than a decision may take, as a made-up visitor shows; ' +
  'shorten loops, or put out less';

/** A locale must be one that dates and numbers can be written in. */
export function checkLocale(file: RuleFile, node: SourceNode | undefined, findings: Findings): void {
  const problem = node?.text === undefined ? undefined : localeProblem(node.text);
  if (node && problem !== undefined) findings.add(file, node.offset, problem);
}

interface PlacedText extends TreatmentText {
  readonly node: SourceNode;
}

function textsIn(node: SourceNode | undefined, as: 'plain' | 'html', place: TextPlace = as): PlacedText[] {
  if (!node) return [];
  if (node.text !== undefined) return isTemplate(node.text) ? [{ node, text: node.text, kind: { place } }] : [];
  const members = [...node.members].flatMap(([name, member]) => textsIn(member.node, as, placeOf(name, as)));
  return [...node.items.flatMap((item) => textsIn(item, as, place)), ...members];
}
