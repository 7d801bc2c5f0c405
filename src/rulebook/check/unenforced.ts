import type { RuleFile } from '../read/rule-file.js';

/** What the rule files say that is accepted but has no effect yet: one line per kind of thing, with a count. */
export function unenforced(files: readonly RuleFile[]): string[] {
  return NOT_YET.flatMap(({ what, uses }) => {
    const count = files.filter(uses).length;
    return count === 0 ? [] : [`not enforced yet: ${what}, in ${count} ${count === 1 ? 'file' : 'files'}`];
  });
}

interface NotYet {
  readonly what: string;
  readonly uses: (file: RuleFile) => boolean;
}

const NOT_YET: readonly NotYet[] = [
  ...['caps', 'goal', 'value', 'transactional'].map((name) => ({
    what: `"${name}" of offers`,
    uses: ({ kind, root }: RuleFile) => kind === 'offers' && root?.get(name) !== undefined,
  })),
  {
    what: '"arbitration" other than priority, of placements',
    uses: ({ kind, root }) => kind === 'placements' && (root?.get('arbitration')?.text ?? 'priority') !== 'priority',
  },
  {
    what: '"weight" of rules',
    uses: ({ kind, root }) =>
      (kind === 'proactive' || kind === 'contextual') && root?.get('event', 'params', 'weight') !== undefined,
  },
];
