import type { Reservation } from '../engine/limits/reservations.js';
import type { GrantAsk, Granted, LimitStore } from '../stores/limit-store.js';
import { counterRef } from './counter-ref.js';
import { inTime, refOf, type Reserving } from './reserving.js';

/** The places of limits in total: counters in the store. */
export class TotalPlaces {
  constructor(
    private readonly store: LimitStore,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Of each reservation whether its places are taken; undefined where it can't be known. */
  async take(wanted: readonly Reservation[], reserving: Reserving): Promise<readonly Granted[] | undefined> {
    if (wanted.length === 0) return [];
    const asks = wanted.map((one) => toAsk(one, reserving));
    const undo = (granted: readonly Granted[]) =>
      void this.giveBack(
        wanted.filter((_one, at) => granted[at]?.granted && !granted[at].known),
        reserving,
      );
    return inTime(reserving, () => this.store.grant(asks), undo);
  }

  /** Places of items that are not answered. Never rejects: what stays taken comes back when its hold is over. */
  async giveBack(taken: readonly Reservation[], reserving: Reserving): Promise<void> {
    if (taken.length === 0) return;
    const released = taken.map((one) => ({
      offer: one.offer,
      ref: counterRef(refOf(one, reserving)),
      counters: one.totals.map(({ key }) => ({ key })),
    }));
    await this.store.release(released, 'all').catch(this.failed);
  }
}

function toAsk(one: Reservation, reserving: Reserving): GrantAsk {
  return {
    offer: one.offer,
    ref: counterRef(refOf(one, reserving)),
    counters: one.totals.map(({ key, limit, event, holdMs, countsUntil }) => ({
      key,
      limit,
      hold: event === 'decided' ? { confirmedUntil: countsUntil(reserving.now) } : { ms: reserving.holdMs ?? holdMs },
    })),
  };
}
