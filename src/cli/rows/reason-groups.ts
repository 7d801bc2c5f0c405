import type { RefusedRow } from '../../doors/tables/row.js';

/** Rows or cells with one thing wrong. */
export interface ReasonGroup {
  readonly reason: string;
  readonly count: number;
  /** The numbers of the first of the rows, and the lines of the file in which these begin. */
  readonly rows: readonly number[];
  readonly lines: readonly number[];
  /** What one of them had instead. */
  readonly example?: string;
}

const SHOWN_ROWS = 5;
/** Reasons that hold a value of their row would otherwise fill the memory. */
const MOST_REASONS = 100;

/** Gathers what is wrong by its reason. */
export class ReasonGroups {
  private readonly groups = new Map<string, { count: number; rows: number[]; lines: number[]; example?: string }>();

  add({ number, line, reason, example }: RefusedRow): void {
    const known = this.groups.has(reason) || this.groups.size < MOST_REASONS;
    const group = this.group(known ? reason : 'has yet another reason', example);
    group.count++;
    if (group.rows.length === SHOWN_ROWS) return;
    group.rows.push(number);
    group.lines.push(line);
  }

  /** The most frequent first. */
  all(): readonly ReasonGroup[] {
    return [...this.groups].map(([reason, group]) => ({ reason, ...group })).sort((a, b) => b.count - a.count);
  }

  private group(reason: string, example: string | undefined) {
    const known = this.groups.get(reason);
    if (known) return known;
    const group = {
      count: 0,
      rows: [],
      lines: [],
      ...(example === undefined ? {} : { example: example.slice(0, 60) }),
    };
    this.groups.set(reason, group);
    return group;
  }
}
