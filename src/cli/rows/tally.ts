import { hash } from 'node:crypto';
import type { Batch } from './batches.js';
import { RepeatCounter } from './repeat-counter.js';
import type { RefusedRow } from '../../doors/tables/row.js';

/** Rows refused for one reason. */
export interface RefusedGroup {
  readonly reason: string;
  readonly count: number;
  /** The first of their numbers. */
  readonly rows: readonly number[];
  /** What one of them had instead. */
  readonly example?: string;
}

/** What the service said to a batch: what it stored, what it had already, what it refused by position in the batch. */
export interface BatchAnswer {
  readonly accepted: number;
  /** Of those, how many are older than what is retained: counted only. */
  readonly notRetained: number;
  readonly duplicates: number;
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
}

const SHOWN_ROWS = 5;
/** Reasons that hold a value of their row would otherwise fill the memory. */
const MOST_REASONS = 100;

/** Counts what became of the rows of a file. */
export class Tally {
  accepted = 0;
  /** Of the accepted ones. */
  notRetained = 0;
  duplicates = 0;
  refused = 0;
  /** The last row that the service has answered for. */
  lastRow = 0;
  private readonly people = new RepeatCounter();
  private readonly groups = new Map<string, { count: number; rows: number[]; example?: string }>();

  get rows(): number {
    return this.accepted + this.duplicates + this.refused;
  }

  /** How many different visitors the rows that were not refused are about. */
  get visitors(): number {
    return this.people.size;
  }

  refuse({ number, reason, example }: RefusedRow): void {
    this.refused++;
    const known = this.groups.has(reason) || this.groups.size < MOST_REASONS;
    const group = this.group(known ? reason : 'was refused for yet another reason', example);
    group.count++;
    if (group.rows.length < SHOWN_ROWS) group.rows.push(number);
  }

  answered({ items }: Batch, answer: BatchAnswer): void {
    this.accepted += answer.accepted;
    this.notRetained += answer.notRetained;
    this.duplicates += answer.duplicates;
    const reasons = new Map(answer.refused.map(({ index, reason }) => [index, reason]));
    for (const [index, { number, visitorId }] of items.entries()) {
      const reason = reasons.get(index);
      this.lastRow = number;
      if (reason === undefined) this.people.add(hash('sha256', visitorId, 'buffer'));
      else this.refuse({ number, reason });
    }
  }

  /** The reasons for refusals, the most frequent first. */
  reasons(): readonly RefusedGroup[] {
    return [...this.groups].map(([reason, group]) => ({ reason, ...group })).sort((a, b) => b.count - a.count);
  }

  private group(reason: string, example: string | undefined) {
    const known = this.groups.get(reason);
    if (known) return known;
    const group = { count: 0, rows: [], ...(example === undefined ? {} : { example: example.slice(0, 60) }) };
    this.groups.set(reason, group);
    return group;
  }
}
