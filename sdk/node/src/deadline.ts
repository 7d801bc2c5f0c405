import { UsherError } from './usher-error.js';

/** A time by which something has to be there, and a caller who may want it no longer. Whoever makes one ends it. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #endsAt: number;
  readonly #outer: AbortSignal | undefined;
  readonly #leave = (): void => this.#controller.abort(this.#outer?.reason);

  /** Without a time it is the caller alone who ends it. */
  constructor(ms: number | undefined, outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.#endsAt = performance.now() + (ms ?? Infinity);
    if (ms !== undefined) this.#timer = setTimeout(() => this.#controller.abort(tooLate(ms)), ms);
    if (outer?.aborted) this.#leave();
    else outer?.addEventListener('abort', this.#leave);
  }

  /** Aborts with an error that says which of the two it was. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Throws why it is over, where it is. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** Lets go of timer and caller. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#leave);
  }
}

function tooLate(ms: number): UsherError {
  return new UsherError(
    'TIMEOUT',
    `There was no answer within ${ms} ms. Is the service up, and near? Else give the call more, by deadlineMs.`,
  );
}
