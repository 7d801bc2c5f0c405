import type { SourceNode } from './source-node.js';

/** The folders whose files Usher reads and enforces. */
export const KINDS = ['placements', 'offers', 'segments', 'proactive', 'contextual', 'policies', 'cases'] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** The id of the policy that is about consent: the one file of `policies/` that is enforced. */
export const CONSENT_POLICY = 'consent';

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
