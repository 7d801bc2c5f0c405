/** How long the first of a group waits for others. */
const WAIT_MS = 10;

/** What a source has given by now. */
export interface AtHand<T> {
  readonly group: readonly T[];
  /** Why nothing comes after it: the source is over, or is not waited for any longer. Undefined where more may come. */
  readonly end: 'ended' | 'stopped' | undefined;
}

/**
 * Groups what a source yields, so that what can be done together is: a group has `size`, and fewer where no more come
 * for a moment, so that whoever waits for an answer before they send more gets it. Once the signal is aborted the
 * source is not waited for, and left as it is: a request that is destroyed takes its answer with it.
 */
export async function* linesAtHand<T>(
  source: AsyncIterator<T>,
  size: number,
  stop: AbortSignal,
): AsyncGenerator<AtHand<T>> {
  let next = source.next();
  for (let end: AtHand<T>['end']; end === undefined;) {
    const group: T[] = [];
    const bell = new Bell(stop);
    while (group.length < size && end === undefined) {
      const got = stop.aborted ? undefined : await Promise.race([next, bell.rung]);
      if (got?.done) end = 'ended';
      else if (got) {
        group.push(got.value);
        next = source.next();
        // Whoever asks again hears of a failure; after a stop nobody does.
        next.catch(() => undefined);
        bell.ringSoon();
      } else if (stop.aborted) end = 'stopped';
      else break;
    }
    bell.putAway();
    yield { group, end };
  }
}

/** Made for each group anew: a promise that lived as long as the stream would collect whoever waited for it. */
class Bell {
  private readonly ring = Promise.withResolvers<undefined>();
  private readonly onStop = () => this.ring.resolve(undefined);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly stop: AbortSignal) {
    stop.addEventListener('abort', this.onStop);
  }

  get rung(): Promise<undefined> {
    return this.ring.promise;
  }

  ringSoon(): void {
    this.timer ??= setTimeout(this.onStop, WAIT_MS);
  }

  putAway(): void {
    clearTimeout(this.timer);
    this.stop.removeEventListener('abort', this.onStop);
  }
}
