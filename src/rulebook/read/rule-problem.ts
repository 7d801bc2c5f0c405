import { basename, join, relative, resolve } from 'node:path';

/** One thing wrong in a rule file: where, and what to do about it. Lines and columns count from 1. */
export interface RuleProblem {
  /**
   * Starts with the rules folder's own name: `rules/contextual/x.json`; of texts that were sent it is the path they
   * came with: `contextual/x.json`.
   */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The line that people read and editors jump to: `rules/contextual/x.json:7:15 unknown operator …`. */
export function problemText({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

/** A problem of a folder named by where the folder was read, as it was told to be, rather than by its own name. */
export function problemIn(dir: string, problem: RuleProblem): RuleProblem {
  return { ...problem, file: join(dir, relative(basename(resolve(dir)), problem.file)) };
}
