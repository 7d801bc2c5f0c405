import type { Contacts } from '../visitor/contacts.js';
import { cappedBy, leasedBy } from './judge-caps.js';
import { contactLimitBy, suppressedBy } from './judge-policy.js';
import type { LimitFacts } from './limit-facts.js';
import type { Judge } from './limit-stop.js';
import type { OfferLimits } from './offer-limits.js';

const BY_CONTACTS: readonly Judge[] = [suppressedBy, cappedBy, contactLimitBy, leasedBy];

/** Whether an offer may be made, whatever the time of day, were these the contacts. */
export function fitsWith(limits: OfferLimits, facts: LimitFacts, contacts: Contacts): boolean {
  return BY_CONTACTS.every((judge) => !judge(limits, facts, () => contacts));
}
