/** One thing wrong in a rule file: where, and what to do about it. Lines and columns count from 1. */
export interface RuleProblem {
  /** Starts with the rules folder's own name: `rules/contextual/x.json`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The line that people read and editors jump to: `rules/contextual/x.json:7:15 unknown operator …`. */
export function problemText({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${message}`;
}
