import type { Millis } from '../../engine/language/millis.js';
import { ContactFold, isWholeContact, type Granted } from '../contacts/fold-contacts.js';
import type { StoredVisitor } from '../documents/stored-visitor.js';
import { writeTail, type SidedContacts } from '../documents/tail-codec.js';
import type { GrantEvent } from '../memory/memory-event.js';
import type { VisitorLimits } from '../memory/limits.js';
import { sideNumberOf } from '../memory/sides.js';

/** So many contacts lie behind a document at most: then they are written into it. */
export const MOST_CONTACTS_BEHIND = 32;

/** What comes of wishes for contacts, each with its place in the list given. */
export interface GrantsBehind {
  /** What is to be put behind the document; of no length where nothing is. */
  readonly append: Uint8Array;
  readonly granted: readonly Granted[];
  /** How many of them are in it. */
  readonly contacts: number;
}

/**
 * Judges wishes in their order by the contacts that a document tells of, without a look at anything else in it.
 * Undefined where that must be looked at more closely.
 */
export function grantsBehind(
  visitor: StoredVisitor,
  events: readonly GrantEvent[],
  limits: Pick<VisitorLimits, 'contactOffers'>,
  now: Millis,
): GrantsBehind | undefined {
  const { id, userIds, anonymousIds } = visitor.identity;
  const isTheirs = (one: string | undefined) => userIds.includes(one ?? '') || anonymousIds.includes(one ?? '');
  if (!events.every((one) => isTheirs(one.userId ?? one.anonymousId) && isPlain(one))) return undefined;
  if (visitor.tailContacts + events.length > MOST_CONTACTS_BEHIND) return undefined;
  if (visitor.contactOffersAtMost() + events.length > limits.contactOffers) return undefined;
  const fold = new ContactFold(visitor.remembered, now);
  const granted = events.map((event) => fold.grant(event));
  const sides = visitor.sideHeads;
  const contacts = events.flatMap((event, at): SidedContacts[] =>
    granted[at] === 'granted'
      ? [{ contacts: [event.contact], goals: [], ...(sides.length > 0 && { side: sideNumberOf(sides, event, id) }) }]
      : [],
  );
  return { append: writeTail([], contacts), granted, contacts: contacts.length };
}

/** Names one id, and times that lie behind a document as they are. */
function isPlain({ userId, anonymousId, contact }: GrantEvent): boolean {
  return (userId === undefined || anonymousId === undefined) && isWholeContact(contact);
}
