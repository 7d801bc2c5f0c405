/**
 * What is remembered of a person's contacts with offers: a set that only grows, of which the latest of each event
 * of each offer are kept. The latest of a union are among the latest of its parts, so that merging in any order, and
 * again, comes to the same; see `docs/decisions/0038-contacts-are-a-set-of-the-latest.md`.
 */
import type { Millis } from '../../engine/language/millis.js';
import {
  contactEvents,
  contactsOf,
  KEPT_CONTACTS,
  NO_CONTACTS,
  type Contact,
  type Contacts,
  type GoalReached,
} from '../../engine/visitor/contacts.js';

/** When a goal was reached, with a number of the message that said so. */
export interface RememberedGoal extends GoalReached {
  readonly ref: number;
}

/** Each list without doubles, in the order of {@link mergeContacts}. */
export interface RememberedContacts {
  /** By offer, event and time. Of the same offer, event and ref there is one. */
  readonly contacts: readonly Contact[];
  /** By event and time. */
  readonly goals: readonly RememberedGoal[];
}

/** So many days a contact is kept, whatever is retained of interactions: limits must not forget. */
export const CONTACTS_KEPT_DAYS = 400;

const DAY_MS = 86_400_000;

/** What either has; undefined where neither has any. */
export function mergeContacts(
  a: RememberedContacts | undefined,
  b: RememberedContacts | undefined,
): RememberedContacts | undefined {
  if (!a || !b || a === b) return a ?? b;
  return withContacts(a, b);
}

/** With these too, in any order; undefined where there are none. */
export function withContacts(
  before: RememberedContacts | undefined,
  { contacts, goals }: RememberedContacts,
): RememberedContacts | undefined {
  if (contacts.length === 0 && goals.length === 0) return before;
  return {
    contacts: latestOfEach([...(before?.contacts ?? []), ...contacts], byOfferAndEvent, laterContact),
    goals: latestOfEach([...(before?.goals ?? []), ...goals], byEvent, (one, other) =>
      one.at < other.at ? other : one,
    ),
  };
}

/** Without what is too old to be kept; undefined where nothing is left. */
export function retainedContacts(of: RememberedContacts | undefined, now: Millis): RememberedContacts | undefined {
  const since = now - CONTACTS_KEPT_DAYS * DAY_MS;
  const isKept = ({ at }: Dated) => at >= since;
  return of && [...of.contacts, ...of.goals].every(isKept) ? of : where(of, isKept);
}

/** Of what a side has, what its person has, as that has it. */
export function contactsOfSide(
  side: RememberedContacts | undefined,
  person: RememberedContacts | undefined,
): RememberedContacts | undefined {
  const theirs = new Set(keysOf(side));
  return theirs.size === 0 ? undefined : where(person, (one) => theirs.has(keyOf(one)));
}

/** Of what a person has, what none of the sides has. */
export function contactsOfNone(
  person: RememberedContacts | undefined,
  sides: readonly (RememberedContacts | undefined)[],
): RememberedContacts | undefined {
  const theirs = new Set(sides.flatMap(keysOf));
  return where(person, (one) => !theirs.has(keyOf(one)));
}

/** What tells each contact apart, and then each goal, in their order. */
export function keysOf(of: RememberedContacts | undefined): readonly string[] {
  return [...(of?.contacts ?? []), ...(of?.goals ?? [])].map(keyOf);
}

/** As limits and rules see them. */
export function viewOfContacts(of: RememberedContacts | undefined): Contacts {
  return of ? contactsOf(of.contacts, of.goals) : NO_CONTACTS;
}

/** What is told apart by its ref. */
interface Dated {
  readonly event: string;
  readonly offer?: string;
  readonly at: Millis;
  readonly ref: number;
}

function where(
  of: RememberedContacts | undefined,
  isMeant: (one: Contact | RememberedGoal) => boolean,
): RememberedContacts | undefined {
  const [contacts, goals] = [of?.contacts.filter(isMeant) ?? [], of?.goals.filter(isMeant) ?? []];
  return contacts.length > 0 || goals.length > 0 ? { contacts, goals } : undefined;
}

/** Of a contact the event, which has no blank in it, comes before the offer; of a goal there is nothing before it. */
function keyOf({ event, offer, ref }: Dated): string {
  return offer === undefined ? `${ref}  ${event}` : `${ref} ${event} ${offer}`;
}

/** Of each group the latest, without doubles: of two with the same ref `both` tells what stands. */
function latestOfEach<T extends Dated>(
  all: readonly T[],
  order: (a: T, b: T) => number,
  both: (one: T, other: T) => T,
): readonly T[] {
  const sorted = eachOnce(all, both).sort((a, b) => order(a, b) || a.at - b.at || a.ref - b.ref);
  // Where there is another of its group so many places further on, it is not among the latest.
  return sorted.filter((one, at) => {
    const later = sorted[at + KEPT_CONTACTS];
    return !later || order(one, later) !== 0;
  });
}

/** By ref first: mostly no two have the same, and no key has to be made of all that tells them apart. */
function eachOnce<T extends Dated>(all: readonly T[], both: (one: T, other: T) => T): T[] {
  const byRef = new Map<number, T | T[]>();
  for (const one of all) {
    const same = byRef.get(one.ref);
    if (same === undefined) byRef.set(one.ref, one);
    else if (!Array.isArray(same)) byRef.set(one.ref, putAmong([same], one, both));
    else putAmong(same, one, both);
  }
  return [...byRef.values()].flat() as T[];
}

/** Into a list whose members have one ref. */
function putAmong<T extends Dated>(list: T[], one: T, both: (one: T, other: T) => T): T[] {
  const at = list.findIndex(({ event, offer }) => event === one.event && offer === one.offer);
  if (at < 0) list.push(one);
  else list[at] = both(list[at] as T, one);
  return list;
}

function byOfferAndEvent(a: Contact, b: Contact): number {
  return compare(a.offer, b.offer) || RANK[a.event] - RANK[b.event];
}

const RANK = Object.fromEntries(contactEvents.map((event, at) => [event, at])) as Record<Contact['event'], number>;

function byEvent(a: Dated, b: Dated): number {
  return compare(a.event, b.event);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * The later word on one contact, as a whole. Were it the earlier one, a set that has let that go, as too many others
 * were later, could not be told from one that never had it. What is said of the same moment is put together.
 */
function laterContact(one: Contact, other: Contact): Contact {
  if (one.at !== other.at) return one.at < other.at ? other : one;
  const placement = least(one.placement, other.placement);
  const channel = least(one.channel, other.channel);
  const heldUntil = most(one.heldUntil, other.heldUntil);
  const leasedUntil = most(one.leasedUntil, other.leasedUntil);
  return {
    ...{ event: one.event, offer: one.offer, at: one.at, ref: one.ref },
    ...(placement !== undefined && { placement }),
    ...(channel !== undefined && { channel }),
    ...(heldUntil !== undefined && { heldUntil }),
    ...(leasedUntil !== undefined && { leasedUntil }),
  };
}

function least(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function most(a: Millis | undefined, b: Millis | undefined): Millis | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
