import { hash } from 'node:crypto';
import type { Batch } from './batches.js';
import { ReasonGroups, type ReasonGroup } from './reason-groups.js';
import { RepeatCounter } from './repeat-counter.js';
import { UnreadNumbers, type UnreadNumber } from '../../doors/mapping/unread-numbers.js';
import type { RefusedRow } from '../../doors/tables/row.js';

/** What the service said to a batch: what it stored, what it had already, what it refused by position in the batch. */
export interface BatchAnswer {
  readonly accepted: number;
  /** Of those, how many are older than what is retained: counted only. */
  readonly notRetained: number;
  readonly duplicates: number;
  /** How many said a time to come, and stand at that of their receipt. */
  readonly clamped: number;
  /** The positions in the batch of those with an id that clients send by mistake. */
  readonly guarded: readonly number[];
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  /** What was left out of those that were taken, as it is more than a visitor may have. */
  readonly leftOut: readonly { readonly index: number; readonly reason: string }[];
}

const MOST_LISTED = 5;

/** Counts what became of the rows of a file. */
export class Tally {
  accepted = 0;
  /** Of the accepted ones. */
  notRetained = 0;
  duplicates = 0;
  /** Rows that said a time to come. */
  clamped = 0;
  /** Rows with an id that clients send by mistake: of events, those that stand without it. */
  guarded = 0;
  /** The lines of the first of them. */
  readonly guardedLines: number[] = [];
  refused = 0;
  /** The last row that the service has answered for. */
  lastRow = 0;
  private readonly people = new RepeatCounter();
  /** Cells of rows that were not refused, and what of them is more than a visitor may have. */
  leftOut = 0;
  private readonly refusals = new ReasonGroups();
  private readonly cells = new ReasonGroups();
  private readonly numbers = new UnreadNumbers();

  /** @param tell Hears of every row refused and every cell left out. */
  constructor(private readonly tell: (what: 'refused' | 'leftOut', one: RefusedRow) => void = () => {}) {}

  get rows(): number {
    return this.accepted + this.duplicates + this.refused;
  }

  /** How many different visitors the rows that were not refused are about. */
  get visitors(): number {
    return this.people.size;
  }

  refuse(row: RefusedRow): void {
    this.refused++;
    this.refusals.add(row);
    this.tell('refused', row);
  }

  answered({ items }: Batch, answer: BatchAnswer): void {
    this.accepted += answer.accepted;
    this.notRetained += answer.notRetained;
    this.duplicates += answer.duplicates;
    this.clamped += answer.clamped;
    this.guarded += answer.guarded.length;
    for (const { index, reason } of answer.leftOut) {
      const row = items[index];
      if (row) this.leaveOut({ number: row.number, line: row.line, reason });
    }
    for (const index of answer.guarded) this.listGuarded(items[index]?.line);
    const reasons = new Map(answer.refused.map(({ index, reason }) => [index, reason]));
    for (const [index, { number, line, visitorId, body, leftOut }] of items.entries()) {
      const reason = reasons.get(index);
      this.lastRow = number;
      if (reason !== undefined) {
        this.refuse({ number, line, reason });
        continue;
      }
      this.numbers.lookAt(body, line);
      this.people.add(hash('sha256', visitorId, 'buffer'));
      for (const cell of leftOut) this.leaveOut({ number, line, ...cell });
    }
  }

  /** The reasons for refusals, the most frequent first. */
  reasons(): readonly ReasonGroup[] {
    return this.refusals.all();
  }

  /** Why cells were left out, likewise. */
  leftOutReasons(): readonly ReasonGroup[] {
    return this.cells.all();
  }

  /** Texts of rows that were not refused which are numbers in another writing, by name. */
  unreadNumbers(): readonly UnreadNumber[] {
    return this.numbers.all();
  }

  private listGuarded(line: number | undefined): void {
    if (line !== undefined && this.guardedLines.length < MOST_LISTED) this.guardedLines.push(line);
  }

  private leaveOut(cell: RefusedRow): void {
    this.leftOut++;
    this.cells.add(cell);
    this.tell('leftOut', cell);
  }
}
