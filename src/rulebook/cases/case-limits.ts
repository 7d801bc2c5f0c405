import type { Definition } from '../../engine/language/definitions.js';
import { parseDuration, type Millis } from '../../engine/language/millis.js';
import type { KnownLimits } from '../../engine/limits/known-limits.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { itemRef, messageRef, type Contact } from '../../engine/visitor/contacts.js';
import { instant } from '../read/instant.js';

type Case = Definition<'cases'>;
type CaseContact = NonNullable<NonNullable<Case['visitor']>['contacts']>[number];

/** The contacts of a case, as the decisions and outcomes that it tells of would have left them. */
export function caseContacts(written: readonly CaseContact[], rulebook: Rulebook): Contact[] {
  return written.map((one, place) => caseContact(one, place, rulebook));
}

function caseContact(written: CaseContact, place: number, rulebook: Rulebook): Contact {
  const { offer, event, placement, item } = written;
  const at = instant(written.timestamp);
  const channel = written.channel ?? rulebook.placements.get(placement ?? '')?.channel ?? 'web';
  return {
    offer,
    event,
    at,
    channel,
    ref: item === undefined ? messageRef(`case-${place}`) : itemRef(item, ''),
    ...(placement !== undefined && { placement }),
    ...(event === 'decided' && heldIn(written, at, rulebook)),
  };
}

/** As a decision would have done it: for the longest hold of the offer's limits, and for the lease of the placement. */
function heldIn({ offer, placement, hold }: CaseContact, at: Millis, rulebook: Rulebook): Partial<Contact> {
  const limits = rulebook.offers.get(offer)?.limits;
  const own = limits ? [...limits.caps, ...limits.contactLimits].map(({ holdMs }) => holdMs) : [];
  const heldMs = hold === undefined ? Math.max(0, ...own) : (parseDuration(hold) ?? 0);
  const leaseMs = limits?.isLeased ? rulebook.placements.get(placement ?? '')?.leaseMs : undefined;
  return {
    ...(heldMs > 0 && { heldUntil: at + heldMs }),
    ...(leaseMs !== undefined && { leasedUntil: at + leaseMs }),
  };
}

/** What a case says of limits in total: all those of an offer that it calls spent are used up. */
export function caseLimits({ spent = [], unknown }: NonNullable<Case['limits']>, rulebook: Rulebook): KnownLimits {
  const keysOf = (offer: string) => rulebook.offers.get(offer)?.limits?.totals.map(({ key }) => ({ key })) ?? [];
  return {
    spent: new Map(spent.map((offer) => [offer, keysOf(offer)])),
    ...(unknown === true && { unknown }),
  };
}
