import type { Millis } from '../language/millis.js';
import type { Contact, Contacts } from '../visitor/contacts.js';
import { goesByClocks } from '../values/count-window.js';
import { CLOCKS_APART_MS, happened } from '../visitor/happened.js';
import { askedChannel, askedZone, type LimitFacts } from './limit-facts.js';
import { never, type LimitStop, type StoppingContactLimit } from './limit-stop.js';
import type { ContactLimit, CountedOffers, OfferLimits, Suppression } from './offer-limits.js';
import { addPlaces, opensAt, type PlacesTaken } from './places-taken.js';
import { quietAt, quietUntil } from './quiet-hours.js';
import { isOf } from './resolve-limits.js';

/** Whether what happened to the offer, or to one of its group, keeps it away: by what keeps it away longest. */
export function suppressedBy(limits: OfferLimits, facts: LimitFacts, contacts: () => Contacts): LimitStop | undefined {
  const { suppression } = limits;
  const [first] = suppression;
  if (!first) return undefined;
  if (!facts.visitorKnown) return unknownBy(first);
  const ways = suppression.flatMap((one) => waysToSuppress(one, limits, facts, contacts()));
  const longest = ways.reduce<Suppressed | undefined>((a, b) => (a && a.until >= b.until ? a : b), undefined);
  if (!longest || longest.until <= facts.now) return undefined;
  const { by, because, until, isPutOff } = longest;
  return {
    policy: {
      at: by.at,
      ...by.written,
      ...(because !== limits.offer && { because }),
      ...(isPutOff && { putOff: true }),
    },
    opensAt: () => until,
  };
}

function unknownBy({ at, written }: Suppression): LimitStop {
  return { policy: { at, ...written }, isUnknown: true, opensAt: never };
}

interface Suppressed {
  readonly by: Suppression;
  /** The offer that it happened to. */
  readonly because: string;
  readonly until: Millis;
  /** Whoever was asked said when to ask again. */
  readonly isPutOff?: true;
}

function waysToSuppress(
  by: Suppression,
  { offer, group, known }: OfferLimits,
  { now }: LimitFacts,
  contacts: Contacts,
): Suppressed[] {
  const others = by.groupMs > 0 && group !== undefined ? known.members(group).filter((one) => one !== offer) : [];
  const ways = [offer, ...others].flatMap((because): Suppressed[] => {
    const all = happened(contacts, because, by.after, known.goalOf(because));
    const since = lastCompleted(
      by,
      all.filter((one) => !isPutOff(one)),
      now,
    );
    const ms = because === offer ? by.forMs : by.groupMs;
    return since === undefined ? [] : [{ by, because, until: since + ms }];
  });
  return by.after === 'dismissed' ? [...ways, ...putOff(by, offer, contacts)] : ways;
}

/** "Later" is an answer of its own: until then, and for this offer alone. */
function putOff(by: Suppression, offer: string, contacts: Contacts): Suppressed[] {
  return contacts
    .of(offer)
    .filter(isPutOff)
    .map(({ heldUntil = 0 }) => ({ by, because: offer, until: heldUntil, isPutOff: true }));
}

function isPutOff({ event, heldUntil }: Contact): boolean {
  return event === 'dismissed' && heldUntil !== undefined;
}

/** When it last had happened so often within its time. */
function lastCompleted({ times, withinMs }: Suppression, found: readonly Contact[], now: Millis): Millis | undefined {
  for (let last = found.length - 1; last >= times - 1; last--) {
    const [first, at] = [found[last - times + 1]?.at ?? NaN, found[last]?.at ?? NaN];
    if (at <= now + CLOCKS_APART_MS && at - first <= withinMs) return at;
  }
  return undefined;
}

/** Whether it is a time of day at which the offer is not made. */
export function quietBy({ quietHours }: OfferLimits, facts: LimitFacts): LimitStop | undefined {
  if (quietHours.length === 0) return undefined;
  const ask = { channel: askedChannel(facts), timeZone: askedZone(facts) };
  const quiet = quietAt(quietHours, facts.now, ask);
  return (
    quiet && {
      policy: { at: quiet.at, ...quiet.written, timeZone: quiet.timeZone ?? ask.timeZone },
      opensAt: () => quietUntil(quietHours, facts.now, ask),
    }
  );
}

/** Whether a limit of contacts across offers is reached. */
export function contactLimitBy(
  limits: OfferLimits,
  facts: LimitFacts,
  contacts: () => Contacts,
): LimitStop | undefined {
  const channel = askedChannel(facts);
  for (const limit of limits.contactLimits) {
    if (limit.channels && (channel === undefined || !limit.channels.includes(channel))) continue;
    if (!facts.visitorKnown || facts.told?.known?.unknown)
      return { policy: shownLimit(limit, facts), isUnknown: true, opensAt: never };
    const taken = takenOfLimit(limit, limits.known, facts, contacts());
    if (taken.leave.length < limit.limit) continue;
    const policy = { ...shownLimit(limit, facts), taken: taken.leave.length, held: taken.held };
    return { policy, opensAt: () => opensAt(taken, limit.limit) };
  }
  return undefined;
}

/** The places of a limit across offers that a visitor has taken. */
export function takenOfLimit(
  limit: ContactLimit,
  known: CountedOffers,
  facts: LimitFacts,
  contacts: Contacts,
): PlacesTaken {
  const { channels } = limit;
  const ask = {
    ...limit,
    contacts,
    now: facts.now,
    zone: () => askedZone(facts),
    counts: ({ channel }: Contact) => !channels || (channel !== undefined && channels.includes(channel)),
  };
  const taken: PlacesTaken = { leave: [], held: 0 };
  for (const offer of contacts.offers())
    if (!known.isExempt(offer) && isOf(limit, offer, known.groupOf(offer)))
      addPlaces(taken, offer, known.goalOf(offer), ask);
  return taken;
}

/** What a limit across offers says. */
export function shownLimit(
  { at, name, event, limit, window, within = '', timeZone, channels }: ContactLimit,
  facts: LimitFacts,
): { at: string } & StoppingContactLimit {
  return {
    at,
    ...(name !== undefined && { name }),
    event,
    limit,
    within,
    ...(goesByClocks(window) && { timeZone: timeZone ?? askedZone(facts) }),
    ...(channels && { channels }),
  };
}
