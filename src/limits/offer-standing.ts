import { countsUntil } from '../engine/values/count-window.js';
import type { TotalCap } from '../engine/limits/offer-limits.js';
import { iso } from '../engine/language/millis.js';
import type { Offer } from '../engine/rulebook.js';
import type { Left } from '../stores/limit-store.js';

/** What limits an offer in total, and how it stands now. */
export interface StandingLimit {
  readonly per: 'total';
  /** What is counted: `decided`, `shown`, `clicked` or `accepted`. */
  readonly event: string;
  /** How many there may be; of the stock, what was told last, and absent where nothing was. */
  readonly limit?: number;
  /** A rolling duration, or a part of the calendar; absent where it counts for ever. */
  readonly within?: string;
  readonly timeZone?: string;
  readonly placement?: string;
  /** Whether it is what is in stock. */
  readonly stock?: true;
  /** How many happened. Late ones count too, so that it may be more than the limit. */
  readonly confirmed: number;
  /** How many places are held for what may happen yet. */
  readonly held: number;
  readonly left: number;
  /** Where nothing is left: when a place may come back at the earliest; absent where none does by itself. */
  readonly opensAt?: string;
}

/** How a limit stands, given what the store tells of its counter. */
export function standingOf(cap: TotalCap, { limit, confirmed, held, freesAt }: Left): StandingLimit {
  const { event, within, placement, key, timeZone } = cap;
  const isCalendar = cap.window !== undefined && 'unit' in cap.window;
  return {
    ...{ per: 'total', event },
    ...(limit !== undefined && { limit }),
    ...(within !== undefined && { within }),
    ...(isCalendar && timeZone !== undefined && { timeZone }),
    ...(placement !== undefined && { placement }),
    ...(cap.limit === 'stock' && key !== undefined && { stock: true }),
    ...{ confirmed, held, left: Math.max(0, (limit ?? 0) - confirmed - held) },
    ...(freesAt !== undefined && { opensAt: iso(freesAt) }),
  };
}

/** Until when what happened counts in a counter. */
export function countedUntil(cap: TotalCap, at: number): number {
  return countsUntil(cap.window, at, cap.timeZone ?? 'UTC');
}

/** The limits in total of an offer. */
export function totalsOf({ limits }: Offer): readonly TotalCap[] {
  return limits?.totals ?? [];
}
