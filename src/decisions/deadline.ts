/** What became of a promise within its time. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/**
 * Waits for a promise, but not longer than the deadline; it never rejects. What comes later is not waited for; what has
 * come but was not looked at yet, because the process itself was busy, is in time.
 */
export function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const wait = deadlines.begin(Math.ceil(performance.now() + deadlineMs), () => resolve({ kind: 'late' }));
    promise.then(
      (value) => {
        deadlines.end(wait);
        resolve({ kind: 'done', value });
      },
      (error: unknown) => {
        deadlines.end(wait);
        resolve({ kind: 'failed', error });
      },
    );
  });
}

/** Somebody who waits: in a list, those whose time ends first in front. */
interface Wait {
  readonly until: number;
  /** Undefined once it is over. */
  late: (() => void) | undefined;
  before: Wait | undefined;
  after: Wait | undefined;
}

/**
 * One timer for all who wait: to begin and to end one for each costs more than looking at a list. It is set for whoever
 * was first when it was set, and set anew when it goes off, so that those who don't wait any more never touch it.
 */
class Deadlines {
  private first: Wait | undefined;
  private last: Wait | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;

  /** Calls `late` at that moment of `performance.now()`, in whole milliseconds, unless it is ended before. */
  begin(until: number, late: () => void): Wait {
    let before = this.last;
    // Nearly all wait for the same time: who comes last is last.
    while (before && before.until > until) before = before.before;
    const wait: Wait = { until, late, before, after: before ? before.after : this.first };
    if (wait.after) wait.after.before = wait;
    else this.last = wait;
    if (before) before.after = wait;
    else this.first = wait;
    if (until < this.dueAt) this.setTimer(until);
    // While nobody waits it keeps no process alive.
    else if (this.first === this.last) this.timer?.ref();
    return wait;
  }

  end(wait: Wait): void {
    if (wait.late === undefined) return;
    wait.late = undefined;
    if (wait.before) wait.before.after = wait.after;
    else this.first = wait.after;
    if (wait.after) wait.after.before = wait.before;
    else this.last = wait.before;
    wait.before = wait.after = undefined;
    if (!this.first) this.timer?.unref();
  }

  private setTimer(until: number): void {
    clearTimeout(this.timer);
    this.dueAt = until;
    this.timer = setTimeout(() => this.lookAround(), Math.max(0, until - performance.now()));
  }

  private lookAround(): void {
    this.dueAt = Infinity;
    this.timer = undefined;
    const now = performance.now();
    const late: Wait[] = [];
    for (let wait = this.first; wait && wait.until <= now; wait = wait.after) late.push(wait);
    // Timers come before sockets in a turn of the event loop, immediates behind them.
    if (late.length > 0) setImmediate(() => late.forEach((wait) => this.giveUp(wait)));
    const next = late.at(-1)?.after ?? (late.length > 0 ? undefined : this.first);
    if (next) this.setTimer(next.until);
  }

  private giveUp(wait: Wait): void {
    const { late } = wait;
    this.end(wait);
    late?.();
  }
}

const deadlines = new Deadlines();
