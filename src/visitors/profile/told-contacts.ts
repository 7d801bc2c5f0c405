/** What became of offers for a person, as the API tells it. */
import { iso } from '../../engine/language/millis.js';
import type { Contact, ContactEvent } from '../../engine/visitor/contacts.js';
import type { RememberedContacts } from '../contacts/remembered-contacts.js';

/** What became of one offer; members of what never happened are absent. */
export type OfferContacts = Readonly<Partial<Record<Exclude<ContactEvent, 'released'>, ToldContacts>>>;

/** How often something happened to an offer. */
export interface ToldContacts {
  /** Of those that are kept, the latest 50: 50 means 50 or more. */
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** Where the last happened, as far as it is known. */
  readonly placement?: string;
  readonly channel?: string;
  /** Of what was `dismissed`: the last was only put off until then. */
  readonly until?: string;
}

/** By offer; what was decided and not answered is left out. Undefined where there is nothing to tell. */
export function tellContacts(of: RememberedContacts | undefined): Readonly<Record<string, OfferContacts>> | undefined {
  const told = withoutReleased(of?.contacts ?? []);
  if (told.length === 0) return undefined;
  const byOffer = Map.groupBy(told, ({ offer }) => offer);
  return Object.fromEntries([...byOffer].map(([offer, contacts]) => [offer, tellOffer(contacts)]));
}

function withoutReleased(contacts: readonly Contact[]): readonly Contact[] {
  const key = ({ offer, ref }: Contact) => `${ref} ${offer}`;
  const released = new Set(contacts.filter(({ event }) => event === 'released').map(key));
  return contacts.filter((one) => one.event !== 'released' && !(one.event === 'decided' && released.has(key(one))));
}

/** Those of an event are in order of time. */
function tellOffer(contacts: readonly Contact[]): OfferContacts {
  const byEvent = Map.groupBy(contacts, ({ event }) => event);
  return Object.fromEntries([...byEvent].map(([event, all]) => [event, tellEvent(all)]));
}

function tellEvent(all: readonly Contact[]): ToldContacts {
  const [first, last] = [all[0], all.at(-1)];
  return {
    count: all.length,
    first: iso(first?.at ?? NaN),
    last: iso(last?.at ?? NaN),
    ...(last?.placement !== undefined && { placement: last.placement }),
    ...(last?.channel !== undefined && { channel: last.channel }),
    ...(last?.event === 'dismissed' && last.heldUntil !== undefined && { until: iso(last.heldUntil) }),
  };
}

/** One contact, as an export tells it. */
export interface ExportedContact {
  readonly offer: string;
  readonly event: ContactEvent;
  readonly timestamp: string;
  /** A number of the item of a decision that it tells of, or of the message: the same one is the same contact. */
  readonly ref: number;
  readonly placement?: string;
  readonly channel?: string;
  /** So long it takes a place of limits on what comes of it. */
  readonly heldUntil?: string;
  /** So long other channels hold the offer back. */
  readonly leasedUntil?: string;
}

/** When the goal of some offer was reached, as an export tells it. */
export interface ExportedGoal {
  readonly event: string;
  readonly timestamp: string;
  readonly ref: number;
}

/** All contacts and goals, where there are any. */
export function tellAllContacts(of: RememberedContacts | undefined): {
  readonly contacts?: readonly ExportedContact[];
  readonly goals?: readonly ExportedGoal[];
} {
  const [contacts, goals] = [of?.contacts ?? [], of?.goals ?? []];
  return {
    ...(contacts.length > 0 && { contacts: contacts.map(tellContact) }),
    ...(goals.length > 0 && { goals: goals.map(({ event, at, ref }) => ({ event, timestamp: iso(at), ref })) }),
  };
}

function tellContact({ at, heldUntil, leasedUntil, ...one }: Contact): ExportedContact {
  return {
    ...one,
    timestamp: iso(at),
    ...(heldUntil !== undefined && { heldUntil: iso(heldUntil) }),
    ...(leasedUntil !== undefined && { leasedUntil: iso(leasedUntil) }),
  };
}
