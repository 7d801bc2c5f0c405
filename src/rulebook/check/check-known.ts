import type { Findings } from '../read/findings.js';
import type { Kind, RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

/** A place in a file that names a definition of some kind. */
export interface Reference {
  readonly file: RuleFile;
  readonly node: SourceNode;
  readonly kind: Kind;
  readonly index: RuleIndex;
  /** Where the name stands; the node's own offset when absent. */
  readonly offset?: number;
  /** The name, when it is not the node's text. */
  readonly id?: string;
}

/** Reports a reference to something that is not there; true when it is. */
export function checkKnown(
  { file, node, kind, index, offset, id = node.text }: Reference,
  findings: Findings,
): boolean {
  if (id === undefined || index.find(kind, id)) return true;
  const singular = kind.replace(/s$/, '');
  const remedy = didYouMean(id, index.ids(kind)) || `; there is no file in ${kind}/ yet`;
  findings.add(file, offset ?? node.offset, `unknown ${singular} "${id}"${remedy}`);
  return false;
}

/** A place in a file that names a group of offers. */
export interface GroupReference {
  readonly file: RuleFile;
  readonly index: RuleIndex;
  /** The name, where a text stands there. */
  readonly name: string | undefined;
  /** Where it stands. */
  readonly offset: number;
}

/** Reports a group that no offer is of; nothing while an offer can't be read, which may be of it. */
export function checkGroup({ file, index, name, offset }: GroupReference, findings: Findings): void {
  const offers = index.files('offers');
  if (name === undefined || offers.some(({ root }) => !root)) return;
  const groups = new Set(offers.map(({ root }) => root?.get('group')?.text).filter((group) => group !== undefined));
  if (!groups.has(name))
    findings.add(file, offset, `"${name}" is the group of no offer${didYouMean(name, [...groups])}`);
}
