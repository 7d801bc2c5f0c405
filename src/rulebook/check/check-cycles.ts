import type { Findings } from '../read/findings.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** A segment may not lead back to itself. Each circle is reported once, at the reference that closes it. */
export function checkCycles(index: RuleIndex, findings: Findings): void {
  const done = new Set<string>();
  for (const id of index.ids('segments').sort()) walk(id, [], { index, findings, done });
}

interface Walk {
  readonly index: RuleIndex;
  readonly findings: Findings;
  readonly done: Set<string>;
}

function walk(id: string, above: readonly string[], { index, findings, done }: Walk): void {
  if (done.has(id)) return;
  const file = index.find('segments', id);
  const path = [...above, id];
  for (const reference of referencesIn(file?.root?.get('conditions'))) {
    const next = reference.text ?? '';
    const start = path.indexOf(next);
    if (start < 0) walk(next, path, { index, findings, done });
    else if (file) findings.add(file, reference.offset, circle([...path.slice(start), next]));
  }
  done.add(id);
}

function circle(path: readonly string[]): string {
  return `segments go round in a circle: ${path.join(' -> ')}; take one of these references out`;
}

function referencesIn(node: SourceNode | undefined): SourceNode[] {
  if (!node) return [];
  const own = node.get('condition');
  const inner = [...(node.get('all')?.items ?? []), ...(node.get('any')?.items ?? []), node.get('not')];
  return [...(own?.text === undefined ? [] : [own]), ...inner.flatMap((child) => referencesIn(child))];
}
