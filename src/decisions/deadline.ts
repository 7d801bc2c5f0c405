/** What became of a promise within its time. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/** Waits for a promise, but not longer than the deadline; it never rejects. What comes later is not waited for. */
export function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'late' }), deadlineMs);
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
