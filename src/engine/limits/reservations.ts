import type { JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { CountedEvent } from '../language/offer-definition.js';
import type { DecisionFacts } from '../facts/decision-facts.js';
import type { Contacts } from '../visitor/contacts.js';
import { visitorView, type VisitorView } from '../visitor/visitor.js';
import { viewWithout, withheldBy } from '../visitor/withheld.js';
import { countsUntil } from '../values/count-window.js';
import { isIn } from './judge-caps.js';
import { fitsWith } from './judge-limits.js';
import { askedChannel, type LeasingPlacement, type LimitFacts } from './limit-facts.js';
import type { OfferLimits, TotalCap, VisitorLimit } from './offer-limits.js';

/** A place that an item of a decision takes of a limit in total. */
export interface TotalReservation {
  /** Names the counter among those of the offer. */
  readonly key: string;
  readonly limit: number | 'stock';
  /** What confirms it; a decision confirms itself. */
  readonly event: CountedEvent;
  /** So long the place is held for the event; 0 where the decision is what counts. */
  readonly holdMs: Millis;
  /** Until when it counts if the event happens at that instant; infinite for ever. */
  readonly countsUntil: (at: Millis) => Millis;
}

/** What an item of a decision has to reserve before it may be answered. */
export interface Reservation {
  readonly offer: string;
  readonly placement: string;
  readonly channel: string | undefined;
  readonly totals: readonly TotalReservation[];
  /** So long the decision takes places of limits of the visitor, for what they count to happen; 0 for none. */
  readonly heldMs: Millis;
  /** So long other channels hold the offer back; undefined where they do not. */
  readonly leasedMs?: Millis;
  /**
   * Whether the limits of the visitor still leave a place, were these the contacts: what of this very decision is among
   * them counts too.
   */
  readonly fits: (contacts: Contacts) => boolean;
}

/** What was decided, as far as reserving goes by it. */
export interface DecidedItems {
  readonly placement: string;
  readonly items: readonly { readonly offer: string }[];
}

/** What it was decided from, the same. */
export interface DecidedFrom {
  readonly now: Millis;
  readonly request: { readonly channel?: string; readonly context: JsonObject };
  readonly visitor: VisitorView | undefined;
  readonly rulebook: Pick<DecisionFacts, 'consent' | 'singleView' | 'segments'> & {
    readonly placements: ReadonlyMap<string, LeasingPlacement>;
    readonly offers: ReadonlyMap<string, { readonly limits: OfferLimits | undefined }>;
  };
}

/** What has to be reserved for a decision, item by item; empty where nothing in it is limited, which is the rule. */
export function reservationsOf(decisions: readonly DecidedItems[], input: DecidedFrom): readonly Reservation[] {
  let known: DecisionFacts | undefined;
  // Not before a place is judged: that the visitor's document can't be read shows when it is asked for something.
  const facts = (placement: LeasingPlacement) => ({ ...(known ??= factsOf(input)), placement });
  const found: Reservation[] = [];
  for (const { placement, items } of decisions)
    for (const { offer } of items) {
      const limits = input.rulebook.offers.get(offer)?.limits;
      const place = input.rulebook.placements.get(placement);
      if (!limits || !place) continue;
      const channel = askedChannel({ channel: input.request.channel, placement: place });
      const reservation = reserve(limits, { placement: place, channel, facts: () => facts(place) });
      if (reservation) found.push(reservation);
    }
  return found;
}

interface Place {
  readonly placement: LeasingPlacement;
  readonly channel: string | undefined;
  readonly facts: () => LimitFacts;
}

function reserve(limits: OfferLimits, { placement, channel, facts }: Place): Reservation | undefined {
  const totals = limits.totals.filter((cap) => isIn(cap, placement.id));
  const own = ownLimits(limits, placement.id, channel);
  const leasedMs = limits.isLeased ? placement.leaseMs : undefined;
  if (totals.length + own.length === 0 && leasedMs === undefined) return undefined;
  return {
    offer: limits.offer,
    placement: placement.id,
    channel,
    totals: totals.map(totalReservation),
    heldMs: Math.max(0, ...own.map(({ holdMs }) => holdMs)),
    ...(leasedMs !== undefined && { leasedMs }),
    fits: (contacts) => fitsWith(limits, facts(), contacts),
  };
}

/** The limits for the visitor alone that the item draws on. */
function ownLimits(
  { caps, contactLimits }: OfferLimits,
  placement: string,
  channel: string | undefined,
): VisitorLimit[] {
  const isAsked = (channels: readonly string[] | undefined) =>
    !channels || (channel !== undefined && channels.includes(channel));
  return [...caps.filter((cap) => isIn(cap, placement)), ...contactLimits.filter(({ channels }) => isAsked(channels))];
}

function totalReservation({ key, limit, event, holdMs, window, timeZone = 'UTC' }: TotalCap): TotalReservation {
  return { key, limit, event, holdMs, countsUntil: (at) => countsUntil(window, at, timeZone) };
}

/** By the clocks that the decision went by. The visitor counts as known: their contacts are handed in. */
export function factsOf({ request, visitor = STRANGER, rulebook, now }: DecidedFrom): DecisionFacts {
  const { consent, singleView, segments } = rulebook;
  const withheld = withheldBy({ visitor, visitorKnown: visitor !== STRANGER, consent, now });
  return {
    visitor: viewWithout(withheld, visitor),
    visitorKnown: true,
    context: request.context,
    channel: request.channel,
    now,
    consent,
    singleView,
    withheld,
    segments,
    placement: undefined,
  };
}

const STRANGER: VisitorView = visitorView({ visitorId: '' });
