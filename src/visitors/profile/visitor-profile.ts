import type { Json, JsonObject } from '../../engine/language/json.js';
import { type Millis, iso } from '../../engine/language/millis.js';
import { idsOf } from '../documents/codec.js';
import type { TraitWords } from '../memory/trait-words.js';
import { countersOf } from '../memory/counters.js';
import { traitsOf, type Memory, type RememberedConsent } from '../memory/memory.js';
import { singleViewOf, type SingleView } from '../../engine/visitor/single-view.js';
import { tellSourced, type SourcedInteraction } from './sourced-interaction.js';
import type { DecisionProfile } from './told-decisions.js';
import { tellContacts, type OfferContacts } from './told-contacts.js';
import { tellSessions, type SessionsProfile } from './single-view-sessions.js';
import type { SingleViewPolicy } from '../../engine/visitor/single-view-policy.js';

/** The single view of a person, as the API tells it. Times are ISO 8601 in UTC. */
export interface VisitorProfile extends SingleView {
  readonly visitorId: string;
  readonly ids: readonly string[];
  readonly identities: IdentitiesProfile;
  /** Which ids came to be theirs, when, and by whose word, oldest first; absent where none did. */
  readonly joins?: readonly JoinProfile[];
  /** Whom they were parted from again, oldest first; absent where they never were. */
  readonly parted?: readonly PartedProfile[];
  readonly traits: JsonObject;
  readonly traitDetails: Readonly<Record<string, TraitProfile>>;
  /** What browsers said of traits of which a server has its say too; absent where there is nothing of the kind. */
  readonly outrankedTraits?: Readonly<Record<string, TraitProfile>>;
  /** By purpose. */
  readonly consents: Readonly<Record<string, ConsentProfile>>;
  readonly sessions: SessionsProfile;
  /** By offer, what became of it for them; absent where nothing did. */
  readonly contacts?: Readonly<Record<string, OfferContacts>>;
  /** The latest that were decided for them, newest first; absent where none were, and in answers to what is set. */
  readonly decisions?: readonly DecisionProfile[];
  readonly counters: Readonly<Record<string, CounterProfile>>;
  /** Newest first, across all channels. */
  readonly interactions: readonly SourcedInteraction[];
  /** In the answer to a word on a purpose: it gave a time to come, and stands at that of its receipt. */
  readonly clamped?: true;
}

/** The ids of a person: those they are known by, such as a customer number, and those of devices and browsers. */
export interface IdentitiesProfile {
  readonly known: readonly string[];
  /** Those of which nobody has said more, too. */
  readonly anonymous: readonly string[];
}

/** That an id came to be a person's. */
export interface JoinProfile {
  readonly id: string;
  readonly at: string;
  /** Whose word it was: of a key that lies in pages, or of a server or an import. Absent where that is not known. */
  readonly by?: 'browser' | 'server';
}

/** That two people were parted: `id` left, and is kept under that id; `from` is what the other is kept under. */
export interface PartedProfile {
  readonly id: string;
  readonly from: string;
  readonly at: string;
}

/** A trait, where it was heard and when. */
export interface TraitProfile {
  readonly value: Json;
  /** `identify`, `group`, `import` or `api`. */
  readonly source: string;
  readonly at: string;
}

/** The last word on a purpose. One that has expired says nothing any more; `said` is what it said. */
export interface ConsentProfile {
  readonly status: 'granted' | 'denied' | 'expired';
  readonly said?: 'granted' | 'denied';
  readonly at: string;
  readonly until?: string;
}

/** How often an event happened, and when first and last. */
export interface CounterProfile {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/** Tells a memory as a profile; `visitorId` is the id it was asked for by. */
export function tellVisitor(memory: Memory, visitorId: string, now: Millis, policy: SingleViewPolicy): VisitorProfile {
  const { interactions, traits, outranked } = memory;
  const contacts = tellContacts(memory.contacts);
  return {
    visitorId,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    identities: tellIdentities(memory),
    ...tellJoins(memory),
    ...tellParted(memory),
    traits: traitsOf(memory),
    traitDetails: tellTraits(traits),
    ...(outranked && { outrankedTraits: tellTraits(outranked) }),
    consents: tellConsents(memory, now),
    sessions: tellSessions(interactions, now),
    ...(contacts && { contacts }),
    ...singleViewOf(interactions, policy),
    counters: tellCounters(memory),
    interactions: interactions.map(tellSourced).reverse(),
  };
}

/** An id that was not yet said to be one of a known person is listed among those of devices. */
export function tellIdentities({ id, userIds, anonymousIds }: Memory): IdentitiesProfile {
  return { known: userIds, anonymous: idsOf(id, [], anonymousIds).filter((one) => !userIds.includes(one)) };
}

/** Which ids were joined, where any were. */
export function tellJoins({ joins }: Memory): { readonly joins?: readonly JoinProfile[] } {
  return joins ? { joins: joins.map((join) => ({ ...join, at: iso(join.at) })) } : {};
}

/** Whom they were parted from, where they were. */
export function tellParted({ parted }: Memory): { readonly parted?: readonly PartedProfile[] } {
  return parted ? { parted: parted.map((one) => ({ ...one, at: iso(one.at) })) } : {};
}

/** By purpose. */
export function tellConsents({ consents }: Memory, now: Millis): Record<string, ConsentProfile> {
  return Object.fromEntries(Object.entries(consents).map(([purpose, consent]) => [purpose, tellConsent(consent, now)]));
}

/** By event. */
export function tellCounters(memory: Memory): Record<string, CounterProfile> {
  const counters = Object.entries(countersOf(memory)).map(
    ([event, { count, first, last }]) => [event, { count, first: iso(first), last: iso(last) }] as const,
  );
  return Object.fromEntries(counters);
}

function tellTraits(traits: TraitWords['traits']): Record<string, TraitProfile> {
  const present = Object.entries(traits).filter(([, { value }]) => value !== null);
  return Object.fromEntries(present.map(([name, { value, source, at }]) => [name, { value, source, at: iso(at) }]));
}

function tellConsent({ granted, until, at }: RememberedConsent, now: Millis): ConsentProfile {
  const said = granted ? 'granted' : 'denied';
  const expired = until !== undefined && until <= now;
  return {
    ...(expired ? { status: 'expired', said } : { status: said }),
    at: iso(at),
    ...(until !== undefined && { until: iso(until) }),
  };
}
