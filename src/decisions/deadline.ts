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
    // Timers come before sockets in a turn of the event loop, immediates behind them.
    const timer = setTimeout(() => setImmediate(resolve, { kind: 'late' }), deadlineMs);
    const finish = (outcome: Outcome<T>): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    promise.then(
      (value) => finish({ kind: 'done', value }),
      (error: unknown) => finish({ kind: 'failed', error }),
    );
  });
}
