import type { Findings } from '../read/findings.js';
import { instant, whenProblem } from '../read/instant.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** Every date must be a real one, and a schedule must begin before it ends. */
export function checkDates(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  for (const node of datesOf(file)) {
    const problem = node.text === undefined ? undefined : whenProblem(node.text);
    if (problem !== undefined) findings.add(file, node.offset, problem);
  }
  checkOrder(file, findings);
}

function datesOf({ kind, root }: RuleFile): SourceNode[] {
  if (kind !== 'cases') return present([root?.get('schedule', 'from'), root?.get('schedule', 'until')]);
  const interactions = root?.get('visitor', 'interactions')?.items ?? [];
  const consents = [...(root?.get('visitor', 'consents')?.members.values() ?? [])];
  return present([
    root?.get('now'),
    ...interactions.map((one) => one.get('timestamp')),
    ...consents.map(({ node }) => node.get('until')),
  ]);
}

function present(nodes: readonly (SourceNode | undefined)[]): SourceNode[] {
  return nodes.filter((node) => node !== undefined);
}

function checkOrder(file: RuleFile, findings: Findings): void {
  const from = file.root?.get('schedule', 'from');
  const until = file.root?.get('schedule', 'until');
  if (from?.text === undefined || until?.text === undefined || instant(from.text) < instant(until.text)) return;
  if (whenProblem(from.text) !== undefined || whenProblem(until.text) !== undefined) return;
  findings.add(
    file,
    until.offset,
    `"until" must be later than "from"; it is in force from ${from.text} until just before ${until.text}, which is never`,
  );
}
