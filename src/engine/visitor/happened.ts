/** What happened with an offer, as limits count it: one reading of contacts for all that asks of them. */
import type { Millis } from '../language/millis.js';
import { contactEvents, type Contact, type ContactEvent, type Contacts } from './contacts.js';

/** The event that says an offer worked, and for how long after a contact. */
export interface Goal {
  readonly event: string;
  readonly withinMs: Millis;
}

/** What is to be known of offers to count contacts with them. */
export interface KnownOffers {
  goalOf(offer: string): Goal | undefined;
  /** The offers of a group. */
  members(group: string): readonly string[];
}

/** What of an offer is asked for; `decided` leaves out what was released. */
export type HappenedEvent = Exclude<ContactEvent, 'released'>;

/** Every one of {@link HappenedEvent}. */
export const happenedEvents: readonly HappenedEvent[] = contactEvents.filter((event) => event !== 'released');

/** Clocks of replicas may differ: what is later than now by so much has happened all the same. */
export const CLOCKS_APART_MS = 5 * 60_000;

/**
 * The contacts of an event with an offer in order of time. `accepted` are those that were told so, and events that are
 * the goal of the offer within its window after a contact: of each item of a decision one at most, so that what is told
 * both ways counts once.
 */
export function happened(
  contacts: Contacts,
  offer: string,
  event: HappenedEvent,
  goal: Goal | undefined,
): readonly Contact[] {
  const all = contacts.of(offer);
  if (all.length === 0) return NONE;
  if (event === 'decided') return decidedOf(all);
  const told = all.filter((one) => one.event === event);
  return event === 'accepted' && goal ? withReached(told, all, contacts.goals(goal.event), goal) : told;
}

const NONE: readonly Contact[] = [];

function decidedOf(all: readonly Contact[]): readonly Contact[] {
  const released = refsOf(all, 'released');
  return all.filter(({ event, ref }) => event === 'decided' && !released.has(ref));
}

/** The items of decisions that an event is told of. */
export function refsOf(all: readonly Contact[], event: Contact['event']): ReadonlySet<number> {
  const found = all.filter((one) => one.event === event);
  return found.length === 0 ? NO_REFS : new Set(found.map(({ ref }) => ref));
}

const NO_REFS: ReadonlySet<number> = new Set();

/** A goal belongs to the last contact before it. */
function withReached(
  told: readonly Contact[],
  all: readonly Contact[],
  reached: readonly Millis[],
  { withinMs }: Goal,
): readonly Contact[] {
  if (reached.length === 0) return told;
  const accepted = new Set(told.map(({ ref }) => ref));
  const released = refsOf(all, 'released');
  const touched = all.filter(({ event, ref }) => touches.includes(event) && !released.has(ref));
  const more: Contact[] = [];
  for (const at of reached) {
    const last = touched.findLast((one) => one.at <= at);
    if (!last || at >= last.at + withinMs || accepted.has(last.ref)) continue;
    accepted.add(last.ref);
    more.push({ ...last, event: 'accepted', at });
  }
  return [...told, ...more].sort((a, b) => a.at - b.at);
}

/** The contacts that a goal may belong to. */
export const touches: readonly ContactEvent[] = ['decided', 'shown', 'clicked'];
