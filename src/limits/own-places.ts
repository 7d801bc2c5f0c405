import type { Reservation } from '../engine/limits/reservations.js';
import type { Contact } from '../engine/visitor/contacts.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import type { VisitorsService } from '../visitors/visitors.service.js';
import { inTime, refOf, type Reserving } from './reserving.js';

/** What came of asking a person's document for places. */
export type TakenOwn = Awaited<ReturnType<VisitorsService['grant']>>;

/** The places of limits for one person: contacts in their document, put there by the compare-and-set of events. */
export class OwnPlaces {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Of each reservation whether its place is taken; undefined where it can't be known. */
  async take(
    wanted: readonly Reservation[],
    reserving: Reserving,
    visitor: SeenVisitor | undefined,
  ): Promise<TakenOwn | undefined> {
    const grants = wanted.map((one) => ({ contact: decided(one, reserving), fits: one.fits }));
    const undo = ({ granted }: TakenOwn) =>
      void this.giveBack(
        wanted.filter((_one, at) => granted[at]),
        reserving,
      );
    return inTime(reserving, () => this.visitors.grant(reserving.visitorId, grants, visitor?.source), undo);
  }

  /** Places of items that are not answered. Never rejects: what stays taken comes back when its hold is over. */
  async giveBack(taken: readonly Reservation[], reserving: Reserving): Promise<void> {
    if (taken.length === 0) return;
    const released = taken.map(({ offer, ...one }) => ({
      contact: { event: 'released' as const, offer, at: reserving.now, ref: refOf({ offer, ...one }, reserving) },
      fits: () => true,
    }));
    await this.visitors.grant(reserving.visitorId, released).catch(this.failed);
  }
}

function decided(one: Reservation, reserving: Reserving): Contact {
  const { offer, placement, channel, heldMs, leasedMs } = one;
  const { now } = reserving;
  return {
    event: 'decided',
    offer,
    at: now,
    ref: refOf(one, reserving),
    placement,
    ...(channel !== undefined && { channel }),
    heldUntil: now + (reserving.holdMs ?? heldMs),
    ...(leasedMs !== undefined && { leasedUntil: now + leasedMs }),
  };
}
