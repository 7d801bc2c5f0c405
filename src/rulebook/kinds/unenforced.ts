import type { RuleFile } from '../read/rule-file.js';
import { findKind, kinds } from './kinds.js';

/** What the rule files say that is accepted but has no effect yet: one line per kind of thing, with a count. */
export function unenforced(files: readonly RuleFile[]): string[] {
  return WHATS.flatMap((what) => {
    const count = files.filter((file) => usesYet(file, what)).length;
    return count === 0 ? [] : [`not enforced yet: ${what}, in ${count} ${count === 1 ? 'file' : 'files'}`];
  });
}

const WHATS: readonly string[] = [...new Set(kinds.flatMap(({ notYet = [] }) => notYet.map(({ what }) => what)))];

function usesYet({ kind, root }: RuleFile, what: string): boolean {
  const notYet = findKind(kind)?.notYet?.find((one) => one.what === what);
  return notYet !== undefined && root !== undefined && notYet.uses(root);
}
