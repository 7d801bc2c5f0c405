import type { Millis } from '../language/millis.js';
import type { Contact, Contacts } from '../visitor/contacts.js';
import { CLOCKS_APART_MS, happened, type Goal } from '../visitor/happened.js';
import { countsFrom, countsUntil, goesByClocks } from '../values/count-window.js';

import type { Counted } from './offer-limits.js';

/** What takes places of a limit. */
export interface PlacesAsk extends Pick<Counted, 'event' | 'window' | 'timeZone'> {
  readonly contacts: Contacts;
  readonly now: Millis;
  /** By whose clocks, where the limit names none. Asked only where the calendar counts. */
  readonly zone: () => string;
  /** Which contacts count, besides that they are in the window. */
  readonly counts: (contact: Contact) => boolean;
}

/** Places that are taken now: when each comes back, in any order; infinite for never. */
export interface PlacesTaken {
  readonly leave: Millis[];
  /** How many of them are held by decisions that nothing was heard of yet. */
  held: number;
}

/**
 * Adds the places that contacts with an offer take now. A decision takes one until the event that counts happens, which
 * then takes it, or it is dismissed, or its hold is over: whatever window the decision itself lies in, as the event may
 * happen now. It has one hold, the longest of its limits or the one that the request says.
 */
export function addPlaces(taken: PlacesTaken, offer: string, goal: Goal | undefined, ask: PlacesAsk): void {
  const { contacts, event, now, window, counts } = ask;
  const all = contacts.of(offer);
  if (all.length === 0) return;
  const zone = goesByClocks(window) ? (ask.timeZone ?? ask.zone()) : 'UTC';
  const from = countsFrom(window, now, zone);
  const found = happened(contacts, offer, event, goal);
  for (const one of found) {
    const isNow = one.at >= from && one.at <= now + CLOCKS_APART_MS;
    if (isNow && counts(one)) taken.leave.push(countsUntil(window, Math.min(one.at, now), zone));
  }
  if (event !== 'decided') addHeld(taken, all, found, ask);
}

function addHeld(
  taken: PlacesTaken,
  all: readonly Contact[],
  confirmed: readonly Contact[],
  { now, counts }: PlacesAsk,
): void {
  const holding = all.filter(({ event, heldUntil = 0 }) => event === 'decided' && heldUntil > now);
  if (holding.length === 0) return;
  const over = overBy(all, confirmed);
  for (const one of holding) {
    if (one.at > now + CLOCKS_APART_MS || !counts(one) || over.has(one.ref)) continue;
    taken.leave.push(one.heldUntil ?? 0);
    taken.held++;
  }
}

/**
 * The decisions that hold nothing any more, as what they waited for has happened. What names no decision is of the last
 * one before it of which nothing was heard yet.
 */
function overBy(all: readonly Contact[], confirmed: readonly Contact[]): ReadonlySet<number> {
  const decided = all.filter(({ event }) => event === 'decided');
  const known = new Set(decided.map(({ ref }) => ref));
  const told = [...confirmed, ...all.filter(({ event }) => event === 'dismissed' || event === 'released')];
  const over = new Set(told.map(({ ref }) => ref));
  for (const one of told.filter(({ ref }) => !known.has(ref))) {
    const last = decided.findLast(({ at, ref }) => at <= one.at && !over.has(ref));
    if (last) over.add(last.ref);
  }
  return over;
}

/** When, as far as is known now, fewer than `limit` places are taken; undefined for never. */
export function opensAt({ leave }: PlacesTaken, limit: number): Millis | undefined {
  const at = leave.sort((a, b) => a - b)[leave.length - limit];
  return at !== undefined && Number.isFinite(at) ? at : undefined;
}
