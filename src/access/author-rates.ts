import { RateLimited } from '../errors.js';

/** Whoever has no key can't be told from anybody else; without keys only this machine reaches the service. */
const WITHOUT_KEYS = 'local';

/** How often a key may have something done, by what it is. */
export interface PerMinute {
  readonly check: number;
  readonly publish: number;
  /** Calls of the tools of assistants. */
  readonly call: number;
}

/** As the refusal calls it. */
const CALLED = { check: 'check', publish: 'publish', call: 'call tools' } as const;

/** Keeps one author from having the service do nothing but check their files. */
export class AuthorRates {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly perMinute: PerMinute,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts what this key asks for. Throws {@link RateLimited} where that is too often: then it does not count. */
  take(what: keyof PerMinute, who: string): void {
    if (who === WITHOUT_KEYS) return;
    const [most, key, now] = [this.perMinute[what], `${what} ${who}`, this.now()];
    const { left, at } = this.buckets.get(key) ?? { left: most, at: now };
    const filled = Math.min(most, left + ((now - at) * most) / MINUTE_MS);
    if (filled < 1) throw new RateLimited(CALLED[what], most, Math.ceil(((1 - filled) * MINUTE_MS) / most / 1_000));
    this.buckets.set(key, { left: filled - 1, at: now });
  }
}

const MINUTE_MS = 60_000;
