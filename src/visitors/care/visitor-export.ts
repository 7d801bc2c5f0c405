/** Everything held of a person, as one document; `schemas/visitor-export.json` is made from the types here. */
import type { Json } from '../../engine/language/json.js';
import { type Millis, iso } from '../../engine/language/millis.js';
import { isFromBrowser, plainMessageId } from '../../engine/visitor/message-source.js';
import type { HeldOfPerson } from '../../stores/personal/personal-records.js';
import { idsOf } from '../documents/codec.js';
import type { Memory, RememberedInteraction } from '../memory/memory.js';
import type { LetGo } from '../memory/browser-share.js';
import { originOf } from '../memory/origin.js';
import type { Link } from '../memory/sides.js';
import { tellAllContacts, type ExportedContact, type ExportedGoal } from '../profile/told-contacts.js';
import {
  tellConsents,
  tellCounters,
  tellIdentities,
  tellJoins,
  tellParted,
  type ConsentProfile,
  type CounterProfile,
  type IdentitiesProfile,
  type JoinProfile,
  type PartedProfile,
  type TraitProfile,
} from '../profile/visitor-profile.js';

/** Times are ISO 8601 in UTC; `arrival` is when something came in, in microseconds since 1970. */
export interface VisitorExport extends HeldOfPerson {
  readonly format: 'usher-visitor-1';
  readonly exportedAt: string;
  /** The id that the memory is kept under. */
  readonly visitorId: string;
  /** Every id of the person. */
  readonly ids: readonly string[];
  readonly identities: IdentitiesProfile;
  /** Which ids came to be theirs, when, and by whose word, oldest first; absent where none did. */
  readonly joins?: readonly JoinProfile[];
  /** Whom they were parted from again, oldest first; absent where they never were. */
  readonly parted?: readonly PartedProfile[];
  /** Of whom they were joined, as long as that can be undone; absent where it can't. */
  readonly sides?: readonly SideProfile[];
  /** How these were joined, oldest first; absent where they were not. */
  readonly links?: readonly LinkProfile[];
  /** By which id they were first met: what shares of visitors are dealt by. Absent while nobody met them. */
  readonly origin?: OriginProfile;
  /** By name; a removed one has the value null. */
  readonly traitDetails: Readonly<Record<string, TraitProfile & Arrived>>;
  /** What browsers said of traits of which a server has its say too; absent where there is nothing of the kind. */
  readonly outrankedTraits?: Readonly<Record<string, TraitProfile & Arrived>>;
  /** The last word, by purpose. */
  readonly consents: Readonly<Record<string, ConsentProfile & Arrived>>;
  /** By event, over the whole life, what is no longer retained included. */
  readonly counters: Readonly<Record<string, CounterProfile>>;
  /** What is retained of what the person did, oldest first. */
  readonly interactions: readonly ExportedInteraction[];
  /** What became of offers for them, by offer, event and time; absent where nothing did. */
  readonly contacts?: readonly ExportedContact[];
  /** When goals of offers were reached; absent where none was. */
  readonly goals?: readonly ExportedGoal[];
  /** What is no longer retained, as far as something of it is. */
  readonly released: ReleasedProfile;
}

/** One of those who became one person: what they would be if they had not. */
export interface SideProfile {
  /** The id that their memory would be kept under. */
  readonly visitorId: string;
  readonly ids: readonly string[];
  readonly identities: IdentitiesProfile;
  readonly origin?: OriginProfile;
  readonly traitDetails: Readonly<Record<string, TraitProfile & Arrived>>;
  readonly outrankedTraits?: Readonly<Record<string, TraitProfile & Arrived>>;
  readonly consents: Readonly<Record<string, ConsentProfile & Arrived>>;
  readonly counters: Readonly<Record<string, CounterProfile>>;
  /** Of their interactions, which are among those of the person. */
  readonly messageIds: readonly string[];
}

/** That two sides were joined, by their `visitorId`. */
export interface LinkProfile {
  readonly a: string;
  readonly b: string;
  readonly at: string;
  readonly by?: 'browser' | 'server';
}

/** By which id a person was first met. */
export interface OriginProfile {
  readonly id: string;
  /** 0 of people whom earlier versions met. */
  readonly arrival: number;
  /** Whether it was sent as a user id. */
  readonly known: boolean;
}

interface Arrived {
  readonly arrival: number;
}

interface ExportedInteraction extends Arrived {
  readonly event: string;
  readonly timestamp: string;
  readonly channel: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly messageId: string;
  /** Said by whoever has a key that lies in pages; absent for what a server or an import said. */
  readonly by?: 'browser';
}

/** What remains of interactions that are no longer retained. */
export interface ReleasedProfile extends LetGoProfile {
  /** Of no meaning any more: a new event counts however old it is. */
  readonly floor: null;
  /** The same of what came with a key that lies in pages; absent where there is none. */
  readonly browsers?: LetGoProfile;
}

interface LetGoProfile {
  /** By event: how many, by the id of the memory that let them go. */
  readonly counts: Readonly<
    Record<string, { readonly counts: Readonly<Record<string, number>>; readonly first: string; readonly last: string }>
  >;
  /** Hashes of message ids and when they came in, in milliseconds: these are not applied again. */
  readonly messages: readonly (readonly [number, Millis])[];
}

/** What an export tells of the memory alone. */
export type ToldMemory = Omit<VisitorExport, keyof HeldOfPerson>;

/** Tells the memory. */
export function tellMemory(memory: Memory, now: Millis): ToldMemory {
  const { id, interactions, apart } = memory;
  return {
    format: 'usher-visitor-1',
    exportedAt: iso(now),
    visitorId: id,
    ...tellJoins(memory),
    ...tellParted(memory),
    ...tellOwn(memory, now),
    ...(apart && { sides: apart.sides.map((side) => tellSide(side, now)), links: apart.links.map(tellLink) }),
    interactions: interactions.map(exported),
    ...tellAllContacts(memory.contacts),
    released: tellReleased(memory),
  };
}

/** What a person and a side tell alike. */
function tellOwn(memory: Memory, now: Millis): Omit<SideProfile, 'visitorId' | 'messageIds'> {
  const { id, userIds, anonymousIds, traits, outranked } = memory;
  const origin = originOf(memory);
  return {
    ids: idsOf(id, userIds, anonymousIds),
    identities: tellIdentities(memory),
    ...(origin && { origin: { id: origin.id, arrival: origin.at, known: origin.known } }),
    traitDetails: tellWords(traits),
    ...(outranked && { outrankedTraits: tellWords(outranked) }),
    consents: withArrivals(memory, now),
    counters: tellCounters(memory),
  };
}

function tellSide(side: Memory, now: Millis): SideProfile {
  return {
    visitorId: side.id,
    ...tellOwn(side, now),
    messageIds: side.interactions.map(({ messageId }) => plainMessageId(messageId)),
  };
}

function tellLink({ at, ...link }: Link): LinkProfile {
  return { ...link, at: iso(at) };
}

function tellWords(traits: Memory['traits']): VisitorExport['traitDetails'] {
  return Object.fromEntries(
    Object.entries(traits).map(([name, { value, source, at, arrival }]) => [
      name,
      { value, source, at: iso(at), arrival },
    ]),
  );
}

function exported({
  event,
  timestamp,
  channel,
  properties,
  messageId,
  arrival,
}: RememberedInteraction): ExportedInteraction {
  return {
    event,
    timestamp: iso(timestamp),
    channel,
    properties,
    messageId: plainMessageId(messageId),
    ...(isFromBrowser(messageId) && { by: 'browser' }),
    arrival,
  };
}

function withArrivals(memory: Memory, now: Millis): VisitorExport['consents'] {
  const consents = Object.entries(tellConsents(memory, now));
  return Object.fromEntries(
    consents.map(([purpose, consent]) => [purpose, { ...consent, arrival: memory.consents[purpose]?.arrival ?? NaN }]),
  );
}

function tellReleased({ browsers, ...ofServers }: Memory): ReleasedProfile {
  return { ...tellLetGo(ofServers), floor: null, ...(browsers && { browsers: tellLetGo(browsers) }) };
}

function tellLetGo({ evicted, forgotten }: LetGo): LetGoProfile {
  return {
    counts: Object.fromEntries(
      Object.entries(evicted).map(([event, { counts, first, last }]) => [
        event,
        { counts, first: iso(first), last: iso(last) },
      ]),
    ),
    messages: Array.from(forgotten.hashes, (hash, at) => [hash, forgotten.cameAt[at] ?? NaN] as const),
  };
}
