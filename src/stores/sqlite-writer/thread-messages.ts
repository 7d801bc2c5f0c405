import type { Asked, Outcome } from './commit-together.js';

/** What the thread that writes is begun with. */
export interface WriterData {
  readonly path: string;
  readonly lockWaitMs: number;
}

/** What it is asked for: a write, that the write-ahead log is cut, or its end, after which nothing comes. */
export type Ask = Asked | 'scrub' | 'end';

/** What it is told in one message: all of one turn of the event loop. */
export type ToThread = readonly Ask[];

/** What it answers in one message: what became of the next ones, in the order of asking. */
export type FromThread = readonly Outcome[];
