import { tellProblems, type Problem } from '../../errors.js';
import type { RefusedLine } from './import-visitors.js';

const MOST_LISTED = 1_000;

/** Counts the rows of a table that were refused, and lists the first thousand that it hears of. */
export class RefusedRows {
  private count = 0;
  private readonly listed: RefusedLine[] = [];

  add(line: number, problems: readonly Problem[]): void {
    this.count++;
    if (this.listed.length < MOST_LISTED) this.listed.push({ line, problems: tellProblems(problems) });
  }

  /** In the order of the lines. */
  summary(): { readonly refusedCount: number; readonly refused: readonly RefusedLine[] } {
    return { refusedCount: this.count, refused: this.listed.toSorted((a, b) => a.line - b.line) };
  }
}
