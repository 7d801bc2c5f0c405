import type { DocumentsAtHand } from './documents-at-hand.js';
import type { Outcome } from './remember.js';

/** What became of the events of one call. */
export interface Written {
  /** Of each event, in the order given. */
  readonly outcomes: Outcome[];
  /** What the round that stored the last of them read, as it left it. */
  readonly documents: DocumentsAtHand;
}

/** The events of one call, some of which may be stored in a later round than others. */
export class WriteCall {
  /** Settles when none of the events is under way any more: rejects where one of them failed. */
  readonly done: Promise<Written>;
  private readonly outcomes: Outcome[] = [];
  private failure: Error | undefined;
  private readonly resolve: (written: Written) => void;
  private readonly reject: (error: Error) => void;

  /** `left` events are under way. */
  constructor(private left: number) {
    const { promise, resolve, reject } = Promise.withResolvers<Written>();
    [this.done, this.resolve, this.reject] = [promise, resolve, reject];
  }

  /** The event at this place of the call came to this, in a round on these documents. */
  store(at: number, outcome: Outcome, documents: DocumentsAtHand): void {
    this.outcomes[at] = outcome;
    this.left -= 1;
    if (this.left > 0) return;
    if (this.failure) this.reject(this.failure);
    else this.resolve({ outcomes: this.outcomes, documents });
  }

  /** One of the events can't be stored. */
  fail(error: Error): void {
    this.failure ??= error;
    this.left -= 1;
    if (this.left === 0) this.reject(this.failure);
  }
}
