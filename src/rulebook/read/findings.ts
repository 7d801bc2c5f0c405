import type { RuleFile } from './rule-file.js';
import type { RuleProblem } from './rule-problem.js';

/** Collects the problems of a check. The same message at the same place is kept once. */
export class Findings {
  private readonly found = new Map<string, RuleProblem>();

  /** `offset` is where the offending name or value begins in the file. */
  add(file: Pick<RuleFile, 'path' | 'lines'>, offset: number, message: string): void {
    const problem = { file: file.path, ...file.lines.position(offset), message: cut(message) };
    this.found.set(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`, problem);
  }

  /** In the order of a reader: by file, then from top to bottom. */
  sorted(): RuleProblem[] {
    return [...this.found.values()].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
  }

  /** Whether anything was found in this file. */
  has(file: Pick<RuleFile, 'path'>): boolean {
    for (const problem of this.found.values()) if (problem.file === file.path) return true;
    return false;
  }
}

/** A message may quote what somebody wrote, which may be as long as a file. */
function cut(message: string): string {
  return message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
}

const LONGEST = 2_000;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
