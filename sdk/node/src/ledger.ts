import { type UsherError } from './usher-error.js';

/** What became of events so far, and how often a default stood in. */
export interface Counts {
  /** In the queue now, those under way included. */
  readonly waiting: number;
  readonly stored: number;
  /** The service had them already. */
  readonly duplicates: number;
  /** There was something wrong with them. */
  readonly refused: number;
  /** The queue was full, the client closed, or the service away for too long. */
  readonly notSent: number;
  /** Outcomes that are stored, and that limits do not count. */
  readonly notCounted: number;
  /** Calls that were answered with their default. */
  readonly defaults: number;
}

/** Keeps count of what no call tells, and tells it to whoever wants to hear. */
export class Ledger {
  readonly #counts: Record<keyof Omit<Counts, 'waiting'>, number> = {
    ...{ stored: 0, duplicates: 0, refused: 0, notSent: 0, notCounted: 0, defaults: 0 },
  };
  readonly #onError: ((error: UsherError) => void) | undefined;
  readonly #warned = new Set<string>();
  #isTelling = false;

  constructor(onError: ((error: UsherError) => void) | undefined) {
    this.#onError = onError;
  }

  /** So far. */
  get counts(): Omit<Counts, 'waiting'> {
    return { ...this.#counts };
  }

  /** So many more of these. */
  count(what: keyof Omit<Counts, 'waiting'>, more: number): void {
    this.#counts[what] += more;
  }

  /**
   * A hook that throws harms nobody else: what it throws is a warning of the process. What comes of its own doing it
   * does not hear of, or there would be no end to it. `isLast`: the process ends, and would warn of nothing any more.
   */
  tell(error: UsherError, { isLast = false } = {}): void {
    if (isLast && !this.#onError) return console.error(`UsherWarning: ${error.message}`);
    if (!this.#onError || this.#isTelling) return this.#warnOnce(error);
    this.#isTelling = true;
    try {
      this.#onError(error);
    } catch (thrown) {
      process.emitWarning(`onError threw: ${String(thrown)}`, { type: 'UsherWarning', code: error.code });
    } finally {
      this.#isTelling = false;
    }
  }

  #warnOnce({ code, message }: UsherError): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    const more = `${message} More of this kind is counted and not told: give onError, or look at counts().`;
    process.emitWarning(more, { type: 'UsherWarning', code });
  }
}
