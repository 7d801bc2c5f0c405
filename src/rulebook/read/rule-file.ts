import type { SourceNode } from './source-node.js';

/** The name of a kind of rule file. Which there are is declared in `kinds/`. */
export type Kind = string;

/** The kinds that are rules, by the names of their folders. */
export const RULE_KINDS = ['proactive', 'contextual'] as const;

/** The folder of the policies, each of which is a kind by itself. */
export const POLICIES = 'policies';

/** The id of the policy that is about consent. */
export const CONSENT_POLICY = 'consent';

/** The id of the policy that is about how often people are bothered, and the name of its kind. */
export const CONTACT_POLICY = 'contact';
/** The id of the policy that says what the business wants more of, and the name of its kind. */
export const LEVERS_POLICY = 'levers';

/** The id of the policy that is about the words of the single view, and the name of its kind. */
export const SINGLE_VIEW_POLICY = 'single-view';

/** The id of the policy that says by what people are found, and the name of its kind. */
export const SEARCH_POLICY = 'search';

/** One rule file as read: its text, and its values with their places when it could be parsed. */
export interface RuleFile {
  readonly kind: Kind;
  /** The file's name without its extension. */
  readonly id: string;
  /** Its path as problems name it, from the rules folder's own name on. */
  readonly path: string;
  readonly lines: LineIndex;
  /** Undefined when the text could not be parsed. */
  readonly root: SourceNode | undefined;
}

/** Whether what a file defines takes part in decisions; not where it could not be parsed. */
export function isLive({ root }: Pick<RuleFile, 'root'>): boolean {
  return root !== undefined && (root.get('status')?.text ?? 'live') === 'live';
}

/** Turns offsets into lines and columns; both count from 1, columns in UTF-16 units as editors do. */
export class LineIndex {
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}
