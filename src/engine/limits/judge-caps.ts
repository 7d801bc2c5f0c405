import type { Contacts } from '../visitor/contacts.js';
import { goesByClocks } from '../values/count-window.js';
import { CLOCKS_APART_MS, refsOf } from '../visitor/happened.js';
import { askedChannel, askedZone, type LimitFacts } from './limit-facts.js';
import { never, type LimitStop, type StoppingCap } from './limit-stop.js';
import type { OfferLimits, TotalCap, VisitorCap } from './offer-limits.js';
import { addPlaces, opensAt, type PlacesTaken } from './places-taken.js';

/** Whether a cap of the offer is reached, for the visitor or in total, or can't be known not to be. */
export function cappedBy(limits: OfferLimits, facts: LimitFacts, contacts: () => Contacts): LimitStop | undefined {
  const placement = facts.placement?.id;
  for (const cap of limits.totals) {
    const stop = isIn(cap, placement) ? spentBy(cap, limits, facts) : undefined;
    if (stop) return stop;
  }
  for (const cap of limits.caps) {
    const stop = isIn(cap, placement) ? usedUpBy(cap, limits, facts, contacts) : undefined;
    if (stop) return stop;
  }
  return undefined;
}

/** Whether a cap is about a placement. */
export function isIn(cap: Pick<VisitorCap, 'placement'>, placement: string | undefined): boolean {
  return cap.placement === undefined || cap.placement === placement;
}

function spentBy(cap: TotalCap, { offer }: OfferLimits, facts: LimitFacts): LimitStop | undefined {
  const known = facts.told?.known;
  if (known?.unknown) return { cap: shownCap(cap, 'total', facts), isUnknown: true, opensAt: never };
  const spent = known?.spent.get(offer)?.find(({ key }) => key === cap.key);
  return spent && { cap: shownCap(cap, 'total', facts), opensAt: () => spent.freesAt };
}

function usedUpBy(
  cap: VisitorCap,
  limits: OfferLimits,
  facts: LimitFacts,
  contacts: () => Contacts,
): LimitStop | undefined {
  if (!facts.visitorKnown || facts.told?.known?.unknown)
    return { cap: shownCap(cap, 'visitor', facts), isUnknown: true, opensAt: never };
  const taken = takenOfCap(cap, limits, facts, contacts());
  if (taken.leave.length < cap.limit) return undefined;
  return {
    cap: { ...shownCap(cap, 'visitor', facts), taken: taken.leave.length, held: taken.held },
    opensAt: () => opensAt(taken, cap.limit),
  };
}

/** The places of a cap that a visitor has taken. */
export function takenOfCap(
  cap: VisitorCap,
  { offer, known }: OfferLimits,
  facts: LimitFacts,
  contacts: Contacts,
): PlacesTaken {
  const taken: PlacesTaken = { leave: [], held: 0 };
  const ask = {
    ...cap,
    contacts,
    now: facts.now,
    zone: () => askedZone(facts),
    counts: ({ placement }: { readonly placement?: string }) => isIn(cap, placement),
  };
  addPlaces(taken, offer, known.goalOf(offer), ask);
  return taken;
}

/** What a cap says. */
export function shownCap(
  { event, limit, window, within, timeZone, placement }: VisitorCap | TotalCap,
  per: StoppingCap['per'],
  facts: LimitFacts,
): StoppingCap {
  return {
    event,
    limit,
    per,
    ...(within !== undefined && { within }),
    ...(goesByClocks(window) && { timeZone: timeZone ?? askedZone(facts) }),
    ...(placement !== undefined && { placement }),
  };
}

/** Whether another channel keeps the offer to itself for this person. */
export function leasedBy(limits: OfferLimits, facts: LimitFacts, contacts: () => Contacts): LimitStop | undefined {
  if (!limits.isLeased) return undefined;
  const needsPlace = facts.placement?.leaseMs !== undefined;
  if (!facts.visitorKnown || (needsPlace && facts.told?.known?.unknown)) return { isUnknown: true, opensAt: never };
  const all = contacts().of(limits.offer);
  if (all.length === 0) return undefined;
  const channel = askedChannel(facts);
  const released = refsOf(all, 'released');
  const leases = all.filter(
    ({ leasedUntil = 0, ref, ...one }) =>
      leasedUntil > facts.now && one.at <= facts.now + CLOCKS_APART_MS && one.channel !== channel && !released.has(ref),
  );
  const [last] = leases.sort((a, b) => (b.leasedUntil ?? 0) - (a.leasedUntil ?? 0));
  if (!last) return undefined;
  const { channel: by, placement, leasedUntil } = last;
  const lease = { ...(by !== undefined && { channel: by }), ...(placement !== undefined && { placement }) };
  return { lease, opensAt: () => leasedUntil };
}
