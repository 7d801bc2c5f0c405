import type { SourceNode } from './source-node.js';

/** What a parser made of a file's text: its values, or what is wrong with it and where. */
export interface ParsedText {
  /** Undefined when the text could not be understood to its end. */
  readonly root: SourceNode | undefined;
  readonly problems: readonly { readonly offset: number; readonly message: string }[];
}

/** How deep lists and objects may stand inside each other in a rule file. */
export const MAX_DEPTH = 64;

/** Thrown inside a parser where it can't go on; never leaves the parser. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';

  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}
