import { setTimeout as sleep } from 'node:timers/promises';
import { Overloaded } from '../errors.js';

/** What one attempt came to: what was won, or that another was quicker and it is worth trying again. */
export type Attempt<T> = { readonly won: T } | 'lost';

/** How long lost races are run again. */
export interface RetryLimits {
  /** What others do all the time, as a sentence: it is in the error of whoever never wins. */
  readonly because: string;
  /** The most attempts in all. */
  readonly attempts?: number;
  /** So many are made at once before the first pause. */
  readonly atOnce?: number;
}

const ATTEMPTS = 50;
const LONGEST_PAUSE_MS = 100;

/**
 * Makes a compare-and-set again where another was quicker, each time on what that one left: gives what was won, and
 * throws `Overloaded` when even the last attempt was lost. What `attempt` throws ends it at once. The pauses between
 * are drawn anew from 0 to a limit that doubles each time, up to 100 ms, so that those who met don't meet again ("full
 * jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export async function retryLostRaces<T>(
  attempt: () => Promise<Attempt<T>>,
  { because, attempts = ATTEMPTS, atOnce = 1 }: RetryLimits,
): Promise<T> {
  for (let made = 0; made < attempts; made++) {
    if (made >= atOnce) await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** made));
    const outcome = await attempt();
    if (outcome !== 'lost') return outcome.won;
  }
  throw new Overloaded(because);
}
