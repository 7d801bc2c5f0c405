import type { KnownLimits } from '../engine/limits/known-limits.js';
import type { Millis } from '../engine/language/millis.js';

/** So long an offer counts as spent after the store refused it: a place that is given back is found after it. */
const BELIEVED_MS = 1_000;

/** A counter of an offer that has no place left. */
export interface Spent {
  readonly offer: string;
  readonly key: string;
  /** When it may have one at the earliest. */
  readonly freesAt?: Millis;
}

interface Refusal extends Omit<Spent, 'offer'> {
  readonly until: Millis;
}

/**
 * Offers of which nothing was left in total a moment ago: whoever is decided for now is not made to ask the store
 * again. Nobody is granted anything by it.
 */
export class SpentOffers {
  private readonly refusals = new Map<string, readonly Refusal[]>();

  /** A counter of an offer has no place left. */
  note({ offer, key, freesAt }: Spent, now: Millis): void {
    const others = this.current(offer, now).filter((one) => one.key !== key);
    const until = Math.min(now + BELIEVED_MS, freesAt ?? Infinity);
    this.refusals.set(offer, [...others, { key, until, ...(freesAt !== undefined && { freesAt }) }]);
  }

  /** What is known now; undefined where nothing is spent, which is the rule. */
  known(now: Millis): KnownLimits | undefined {
    if (this.refusals.size === 0) return undefined;
    const spent = new Map<string, readonly Pick<Refusal, 'key' | 'freesAt'>[]>();
    for (const offer of [...this.refusals.keys()]) {
      const current = this.current(offer, now);
      if (current.length === 0) this.refusals.delete(offer);
      else spent.set(offer, current.map(told));
    }
    return spent.size === 0 ? undefined : { spent };
  }

  private current(offer: string, now: Millis): readonly Refusal[] {
    // A clock that was set back must not make a moment last for ever.
    return (this.refusals.get(offer) ?? []).filter(({ until }) => now < until && until <= now + BELIEVED_MS);
  }
}

function told({ key, freesAt }: Refusal): Pick<Refusal, 'key' | 'freesAt'> {
  return { key, ...(freesAt !== undefined && { freesAt }) };
}

/** What is known, with counters that were refused just now. */
export function withSpent(known: KnownLimits | undefined, refused: readonly Spent[]): KnownLimits | undefined {
  if (refused.length === 0) return known;
  const spent = new Map(known?.spent);
  for (const { offer, ...refusal } of refused)
    spent.set(offer, [...(spent.get(offer) ?? []).filter(({ key }) => key !== refusal.key), refusal]);
  return { ...known, spent };
}
