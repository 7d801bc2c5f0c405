import type { ContactPolicy, LeftAlone } from './compile-limits.js';
import type { ContactLimit, CountedOffers, OfferLimits, OwnLimits } from './offer-limits.js';

/** An offer, as far as its limits go by it. */
export interface LimitedOffer {
  readonly id: string;
  readonly group: string | undefined;
  /** Undefined where its file says nothing of limits. */
  readonly own: OwnLimits | undefined;
}

/** What limits the offers of a release. */
export interface ReleaseLimits {
  readonly offers: readonly LimitedOffer[];
  readonly contactPolicy: ContactPolicy | undefined;
  readonly placements: readonly LeasingPlacement[];
  /** By placement, what is put forward there. */
  readonly rules: ReadonlyMap<string, readonly { readonly offer: string }[]>;
}

/** A placement, as far as limits go by it. */
export interface LeasingPlacement {
  readonly id: string;
  readonly fallback?: string | undefined;
  readonly leaseMs?: number | undefined;
}

/** All that limits each offer, by id; an offer that nothing limits is left out. */
export function resolveLimits(release: ReleaseLimits): Map<string, OfferLimits> {
  const { offers, contactPolicy: policy } = release;
  const leased = leasedIn(release);
  if (!policy && leased.size === 0 && offers.every(({ own }) => !own)) return new Map();
  const known = countedOffers(offers);
  const all = offers.map((offer) => limitsOf(offer, { policy, isLeased: leased.has(offer.id), known }));
  return new Map(all.filter(isLimited).map((limits) => [limits.offer, limits]));
}

/** The offers that a placement with a lease may make. */
function leasedIn({ placements, rules }: ReleaseLimits): Set<string> {
  const leasing = placements.filter(({ leaseMs }) => leaseMs !== undefined);
  const made = leasing.flatMap(({ id, fallback }) => [fallback, ...(rules.get(id) ?? []).map(({ offer }) => offer)]);
  return new Set(made.filter((offer) => offer !== undefined));
}

function limitsOf(
  { id, group, own }: LimitedOffer,
  { policy, isLeased, known }: { policy: ContactPolicy | undefined; isLeased: boolean; known: CountedOffers },
): OfferLimits {
  const { caps = [], totals = [], isTransactional = false } = own ?? {};
  const bothered = isTransactional ? undefined : policy;
  return {
    offer: id,
    group,
    caps,
    totals,
    ...leftAlone(bothered, id, group),
    contactLimits: bothered?.limits.filter((limit) => isOf(limit, id, group)) ?? [],
    isLeased: isLeased && !isTransactional,
    known,
  };
}

/** What stands for the offer, in place of that of its group, in place of that of all. */
function leftAlone(policy: ContactPolicy | undefined, id: string, group: string | undefined): LeftAlone {
  const own = policy?.offers.get(id);
  const ofGroup = group === undefined ? undefined : policy?.groups.get(group);
  return {
    suppression: own?.suppression ?? ofGroup?.suppression ?? policy?.suppression ?? [],
    quietHours: own?.quietHours ?? ofGroup?.quietHours ?? policy?.quietHours ?? [],
  };
}

/** Whether a limit across offers is about an offer. */
export function isOf({ groups, offers }: ContactLimit, id: string, group: string | undefined): boolean {
  if (groups.length === 0 && offers.length === 0) return true;
  return offers.includes(id) || (group !== undefined && groups.includes(group));
}

function isLimited(limits: OfferLimits): boolean {
  const { caps, totals, suppression, quietHours, contactLimits, isLeased } = limits;
  return isLeased || [caps, totals, suppression, quietHours, contactLimits].some((list) => list.length > 0);
}

function countedOffers(offers: readonly LimitedOffer[]): CountedOffers {
  const byId = new Map(offers.map((offer) => [offer.id, offer]));
  const grouped = Map.groupBy(offers, ({ group }) => group);
  return {
    goalOf: (offer) => byId.get(offer)?.own?.goal,
    groupOf: (offer) => byId.get(offer)?.group,
    members: (group) => grouped.get(group)?.map(({ id }) => id) ?? [],
    isExempt: (offer) => byId.get(offer)?.own?.isTransactional ?? false,
  };
}
