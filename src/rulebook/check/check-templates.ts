import type { Findings } from '../read/findings.js';
import { isTemplate } from '../templates/liquid.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { templateProblems } from '../templates/template-problems.js';

/** Every text of an offer's treatments must be a template that can be rendered. */
export function checkTemplates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  for (const { node } of file.root?.get('treatments')?.members.values() ?? []) {
    for (const text of [...textsIn(node.get('content')), ...textsIn(node.get('actions'))]) {
      for (const message of templateProblems(text.text ?? '')) findings.add(file, text.offset, message);
    }
  }
}

function textsIn(node: SourceNode | undefined): SourceNode[] {
  if (!node) return [];
  if (node.text !== undefined) return isTemplate(node.text) ? [node] : [];
  const inner = [...node.items, ...[...node.members.values()].map((member) => member.node)];
  return inner.flatMap((child) => textsIn(child));
}
