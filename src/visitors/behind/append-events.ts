/**
 * Most of what people do changes nothing of who they are: such events are put behind the document as it lies, without
 * reading or writing the rest of it. Why, and what it saves: `docs/decisions/0010-events-behind-the-document.md`.
 */
import type { Millis } from '../../engine/language/millis.js';
import type { StoredDocument } from '../../stores/visitor-store.js';
import { aliasOf, encodeWith, memoryIn } from '../documents/codec.js';
import { ifReadable } from '../documents/if-readable.js';
import { isWholeContact, toldOfContacts, type Granted } from '../contacts/fold-contacts.js';
import type { GrantEvent, InteractionEvent, MemoryEvent } from '../memory/memory-event.js';
import { Room, type VisitorLimits } from '../memory/limits.js';
import { toInteraction, type Retention } from '../memory/memory.js';
import { retainedSince } from '../memory/since.js';
import { earlier, originIn, type Origin } from '../memory/origin.js';
import { idsIn } from '../memory/ids.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { isOverShare } from '../documents/seen-log.js';
import type { StoredVisitor } from '../documents/stored-visitor.js';
import { fitsTail, writeTail, type SidedContacts, type SidedInteraction } from '../documents/tail-codec.js';
import { countOfContacts, Glance } from './glance.js';
import { grantsBehind, MOST_CONTACTS_BEHIND } from './grants-behind.js';

/** Documents by id; undefined for a stranger, and for what was not loaded. */
export interface StoredDocuments {
  get(id: string): StoredDocument | undefined;
}

/** Whether an id is known to be one that a memory is kept under, though its document was not loaded. */
export interface KnownHomes {
  has(id: string): boolean;
}

const NONE: KnownHomes = new Set();

/** So many events lie behind a document at most: then they are written into it, as those inside take less room. */
const MOST_BEHIND = 16;

/**
 * How a document comes to tell of more: by more bytes behind it, which may be none, or by others in its place.
 * `granted` is what came of wishes for contacts, of which there is nothing else then.
 */
export type Addition =
  | { readonly append: Uint8Array; readonly granted?: readonly Granted[]; readonly contacts?: number }
  | { readonly document: Uint8Array };

/**
 * The id of the memory that all ids of the event lead to in one step; undefined where it must be looked at more
 * closely.
 */
export function homeIn(event: MemoryEvent, documents: StoredDocuments, known = NONE): string | undefined {
  const homes = homesIn(event, documents, known);
  return homes.every((home) => home === homes[0]) ? homes[0] : undefined;
}

/** Where each of the event's ids leads to in one step; undefined for a stranger's. */
export function homesIn(event: MemoryEvent, documents: StoredDocuments, known = NONE): (string | undefined)[] {
  return idsIn(event).map((id) => {
    const stored = documents.get(id);
    return stored ? (pointerIn(stored) ?? id) : known.has(id) ? id : undefined;
  });
}

/** Where a document says that the memory is; undefined for one that says nothing of the kind, or can't be read. */
export function pointerIn({ document }: StoredDocument): string | undefined {
  return ifReadable(() => aliasOf(document));
}

/** How much is retained of a person, and how large they may become. */
export interface Keeping {
  readonly retention: Retention;
  readonly limits: VisitorLimits;
}

/** A look at a document; undefined where it is no memory, is about to be elsewhere, or can't be read. */
export function glanceAt({ document, version }: StoredDocument): Glance | undefined {
  return ifReadable(() => {
    const visitor = memoryIn(document);
    return visitor && Glance.at(visitor, version, document.length);
  });
}

/** Whether a document that was looked at before is as it was written; it may have been damaged since. */
export function isSound({ document }: StoredDocument): boolean {
  return memoryOrUndefined(document) !== undefined;
}

/** As {@link memoryIn}; undefined where it can't be read, too. */
export function memoryOrUndefined(document: Uint8Array): StoredVisitor | undefined {
  return ifReadable(() => memoryIn(document));
}

/** How a memory's document comes to tell of these events too; undefined where that must be looked at more closely. */
export function additionOf(
  document: Uint8Array,
  events: readonly MemoryEvent[],
  keeping: Keeping,
  now: Millis,
): Addition | undefined {
  const glance = glanceAt({ document, version: '' });
  const addition = glance && additionTo({ glance, document }, events, keeping, now);
  return addition === 'document' ? undefined : addition;
}

/** A visitor as far as is known; `document` is what the glance is of, where it is at hand. */
export interface Known {
  readonly glance: Glance;
  readonly document: Uint8Array | undefined;
}

/** As {@link additionOf}, for whoever had a look before; `document` where the document is needed for it. */
export function additionTo(
  known: Known,
  events: readonly MemoryEvent[],
  keeping: Keeping,
  now: Millis,
): Addition | 'document' | undefined {
  return ifReadable(() => additionFrom(known, events, keeping, now));
}

function additionFrom(
  { glance, document }: Known,
  events: readonly MemoryEvent[],
  { retention, limits }: Keeping,
  now: Millis,
): Addition | 'document' | undefined {
  if (events.every(isGrant)) return document ? grantsFrom(document, events, limits, now) : 'document';
  const since = retainedSince(now, retention);
  if (!events.every(isInteraction) || !areOf(glance, events) || !areAfterOrigin(glance, events)) return undefined;
  if (!areLater(glance, events, since) || areKnown(glance, events)) return undefined;
  if (!document && mayBeTooMuch(glance, events, limits)) return 'document';
  if (areTooMuch({ glance, document }, events, limits)) return undefined;
  const length = glance.length + events.length;
  if (length > retention.keepInteractions && isOver(glance, events, length, retention)) return undefined;
  const isFull =
    glance.tailLength + events.length > MOST_BEHIND ||
    glance.tailContacts + countOfContacts(events) > MOST_CONTACTS_BEHIND;
  if (isFull && (length > retention.keepInteractions || glance.visitor.first < since)) return undefined;
  if (isFull && !document) return 'document';
  const sided = glance.isApart ? events.map((event) => sidedIn(glance, event)) : events.map(toInteraction);
  const contacts = events.flatMap((event) => sidedContactsOf(glance, event));
  if (!isFull || !document) return { append: writeTail(sided, contacts) };
  return { document: encodeWith(document, sided, contacts) };
}

function grantsFrom(
  document: Uint8Array,
  events: readonly GrantEvent[],
  limits: VisitorLimits,
  now: Millis,
): Addition | undefined {
  const visitor = memoryIn(document);
  return visitor && grantsBehind(visitor, events, limits, now);
}

function sidedContactsOf(glance: Glance, event: InteractionEvent): SidedContacts[] {
  const told = toldOfContacts(event);
  if (!told) return [];
  return [{ ...told, ...(glance.isApart && { side: glance.sideOf(event).number }) }];
}

function sidedIn(glance: Glance, event: InteractionEvent): SidedInteraction {
  return { ...toInteraction(event), side: glance.sideOf(event).number };
}

/** Whether with these events there would be more of a source than is retained. */
function isOver(
  glance: Glance,
  events: readonly InteractionEvent[],
  length: number,
  { keepInteractions }: Retention,
): boolean {
  return isOverShare(length, glance.ofBrowsers + countOfBrowsers(events), keepInteractions);
}

/** Whether an event may lie behind a document. */
export function isInteraction(event: MemoryEvent): event is InteractionEvent {
  return event.kind === 'interaction' && fitsTail(event) && (!event.contact || isWholeContact(event.contact));
}

function isGrant(event: MemoryEvent): event is GrantEvent {
  return event.kind === 'grant';
}

/**
 * Whether the person is known by these ids already, and by each as what it is said to be: a pointer may be there before
 * the memory says so.
 */
function areOf(
  {
    visitor: {
      identity: { userIds, anonymousIds },
    },
  }: Glance,
  events: readonly InteractionEvent[],
): boolean {
  const isTheirs = (id: string) => anonymousIds.includes(id) || userIds.includes(id);
  return events.every(
    ({ userId, anonymousId = '', unproven }) =>
      (userId === undefined || userIds.includes(userId)) &&
      (anonymousId === '' || isTheirs(anonymousId)) &&
      !(unproven && userIds.includes(anonymousId)),
  );
}

/** Whether it is known by which id the person was first met, and none of these says otherwise. */
function areAfterOrigin(glance: Glance, events: readonly InteractionEvent[]): boolean {
  const { origin } = glance.visitor;
  return events.every(
    (event) => isAfter(origin, event) && (!glance.isApart || isAfter(glance.sideOf(event).origin, event)),
  );
}

function isAfter(origin: Origin | undefined, event: InteractionEvent): boolean {
  if (origin === undefined) return false;
  if (event.arrival > origin.at) return true;
  const said = originIn(event, () => true);
  return earlier(origin, said) === origin;
}

/** Whether all come after what was written, and none is too old to be retained. */
function areLater({ visitor: { latest } }: Glance, events: readonly InteractionEvent[], since: Millis): boolean {
  return events.every(({ timestamp }) => timestamp > latest && timestamp >= since);
}

const NO_WORDS = { traits: {} };

/** Whether it takes a look at names and offers to tell. */
function mayBeTooMuch(glance: Glance, events: readonly InteractionEvent[], limits: VisitorLimits): boolean {
  return (
    glance.eventNamesAtMost + events.length > limits.eventNames ||
    glance.contactOffersAtMost + countOfContacts(events) > limits.contactOffers
  );
}

function areTooMuch({ glance, document }: Known, events: readonly InteractionEvent[], limits: VisitorLimits): boolean {
  const { bytes, eventNamesAtMost, contactOffersAtMost: offersAtMost } = glance;
  const visitor = () => document && memoryIn(document);
  const eventNames = () => visitor()?.eventsEver() ?? [];
  const offers = () => visitor()?.contacts().offers() ?? [];
  const names = { eventNames, eventNamesAtMost, offers, offersAtMost };
  const room = new Room({ ...names, words: NO_WORDS, consents: {}, bytes }, limits);
  return events.some((event) => room.take(event) !== undefined);
}

/** Whether one of the events may be stored already; never wrong where it says that none is. */
function areKnown(glance: Glance, events: readonly InteractionEvent[]): boolean {
  if (events.length > 1 && new Set(events.map(({ messageId }) => messageId)).size < events.length) return true;
  return events.some(({ messageId }) => glance.mayKnow(messageId));
}
