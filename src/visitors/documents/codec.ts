/**
 * How a visitor lies in the store; the format is written down in `docs/operations.md`. A document is read in parts,
 * each when it is first asked for: a decision that asks for traits reads the traits, and none reads what only writing
 * needs.
 */
import { toColumns } from '../../engine/visitor/interaction-columns.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { JoinedColumns } from './joined-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import type { VisitorView } from '../../engine/visitor/visitor.js';
import { CorruptDocument } from '../../errors.js';
import { writeContacts } from '../contacts/contacts-codec.js';
import { withContacts } from '../contacts/remembered-contacts.js';
import { readArrivals, timestampsIn, writeArrivals } from './arrivals-codec.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { writeColumns } from './columns-codec.js';
import { readEvicted, writeCounters, writeEvicted, writeForgotten, writeLetGo } from './counts-codec.js';
import { PART, Parts, writeParts } from './document-parts.js';
import { byTime } from '../memory/in-order.js';
import { countAll, countersOf } from '../memory/counters.js';
import { traitsOf, type Memory, type RememberedInteraction, type Retention } from '../memory/memory.js';
import { retainedSince } from '../memory/since.js';
import type { SeenAs } from '../memory/browser-made.js';
import { countOfBrowsers } from '../memory/browser-share.js';
import { writeIds, writeOrigin } from './ids-codec.js';
import { writeConsents, writeOutranked, writeSaid } from './said-codec.js';
import { readJoins, readPartings, writeJoins, writeParted, writeParting } from './joins-codec.js';
import { limitedView } from './limited-view.js';
import { writeSidesContacts } from './sides-contacts-codec.js';
import { numberedSides, readSides, writeRows, writeSides, writeSidesInteractions } from './sides-codec.js';
import { StoredVisitor } from './stored-visitor.js';
import { verifyTail, type SidedContacts, type SidedInteraction } from './tail-codec.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** The first byte of a document says its format and kind. */
const MEMORY_2 = 0x21;
const ALIAS_2 = 0x22;

/** What is kept under an id: a memory, or where the memory of that id now is. */
export type VisitorDocument =
  { readonly kind: 'memory'; readonly memory: Memory } | { readonly kind: 'alias'; readonly of: string };

/** The bytes of a document. */
export function encode(document: VisitorDocument): Uint8Array {
  if (document.kind === 'memory') return writeParts(MEMORY_2, partsOf(document.memory));
  return writeParts(ALIAS_2, new Map([[PART.of, (writer) => writeTexts(writer, [document.of])]]));
}

/** The whole document. Throws {@link CorruptDocument}. */
export function decode(bytes: Uint8Array): VisitorDocument {
  const of = aliasOf(bytes);
  open(bytes).verify();
  return of === undefined ? { kind: 'memory', memory: memoryOf(open(bytes)) } : { kind: 'alias', of };
}

/** Where the memory of this document is, when it is not here. Throws {@link CorruptDocument}. */
export function aliasOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== ALIAS_2) return undefined;
  const of = pointerIn(open(bytes), PART.of);
  if (of === undefined) throw new CorruptDocument('it points nowhere');
  return of;
}

/** What the memory of this document is being joined into, if anything. Throws {@link CorruptDocument}. */
export function joiningOf(bytes: Uint8Array): string | undefined {
  return pointerIn(open(bytes), PART.joining);
}

/** Whether somebody is about to be parted from the memory of this document. Throws {@link CorruptDocument}. */
export function isBeingParted(bytes: Uint8Array): boolean {
  return open(bytes).find(PART.parting) !== undefined;
}

/** When the first of the joins was that can be undone; undefined where none can. Throws {@link CorruptDocument}. */
export function firstJoinOf(bytes: Uint8Array): Millis | undefined {
  return new StoredVisitor(open(bytes), '').firstJoin;
}

/**
 * The document with these interactions and contacts and those behind it in their places among its parts; all
 * interactions come after those that are there. The same bytes as if the memory were decoded and encoded with them, in
 * a third of the time: what they do not touch is copied as it lies.
 */
export function encodeWith(
  bytes: Uint8Array,
  interactions: readonly SidedInteraction[],
  contacts: readonly SidedContacts[] = [],
): Uint8Array {
  const parts = open(bytes);
  const stored = new StoredVisitor(parts, '');
  const later = [...stored.tail, ...interactions].sort(byTime);
  const columns = new JoinedColumns(stored.writtenColumns(), toColumns(later));
  const counters = countAll(stored.writtenCounters(), later);
  const arrivals = [...arrivalsIn(parts, stored), ...later];
  const touched = new Map<number, (writer: ByteWriter) => void>([
    [PART.counters, (writer) => writeCounters(writer, counters, columns.eventNames)],
    [PART.interactions, (writer) => writeColumns(writer, columns)],
    [PART.arrivals, (writer) => writeArrivals(writer, arrivals)],
  ]);
  const ofBrowsers = stored.ofBrowsers + countOfBrowsers(later);
  if (ofBrowsers > 0) touched.set(PART.ofBrowsers, (writer) => writer.varint(ofBrowsers));
  if (parts.find(PART.sides)) {
    const rows = stored.rowsBySide(interactions, later);
    touched.set(PART.sidesInteractions, (writer) => writeRows(writer, columns.length, rows));
  }
  if (stored.tailContacts > 0 || contacts.length > 0)
    for (const [part, write] of contactsParts(stored, contacts)) touched.set(part, write);
  const written = new Map<number, (writer: ByteWriter) => void>();
  for (const part of ORDER) {
    const write = touched.get(part) ?? copyOf(parts, part);
    if (write) written.set(part, write);
  }
  return writeParts(MEMORY_2, written);
}

/** The parts that tell of contacts, with these. */
function contactsParts(
  stored: StoredVisitor,
  added: readonly SidedContacts[],
): Map<number, (writer: ByteWriter) => void> {
  const all = added.reduce((before, one) => withContacts(before, one), stored.remembered);
  const parts = new Map<number, (writer: ByteWriter) => void>();
  if (!all) return parts;
  parts.set(PART.contacts, (writer) => writeContacts(writer, all));
  const sides = stored.contactsBySide(added, all);
  if (sides.length > 0) parts.set(PART.sidesContacts, (writer) => writeSidesContacts(writer, all, sides));
  return parts;
}

/** Undefined for a part that was left out. */
function copyOf(parts: Parts, part: number): ((writer: ByteWriter) => void) | undefined {
  const bytes = parts.raw(part);
  return bytes && ((writer) => writer.raw(bytes));
}

/**
 * The memory in a document, which is as it was written, nothing of it read yet; undefined for one that is elsewhere or
 * about to be. Throws {@link CorruptDocument}.
 */
export function memoryIn(bytes: Uint8Array): StoredVisitor | undefined {
  if (bytes[0] === ALIAS_2) return undefined;
  const parts = open(bytes);
  parts.verify();
  verifyTail(parts.tail);
  return parts.find(PART.joining) || parts.find(PART.parting) ? undefined : new StoredVisitor(parts, '');
}

/**
 * What a decision may know, straight from the bytes: all, but where whoever asks may not know all. This, and every look
 * at the view, throws {@link CorruptDocument}.
 */
export function viewOfBytes(
  bytes: Uint8Array,
  visitorId: string,
  now: Millis,
  retention: Retention & { readonly seenAs?: SeenAs },
): VisitorView {
  // What has grown too old since it was written is not seen, though it lies in the document until the next event.
  const visitor = new StoredVisitor(open(bytes), visitorId, {
    since: retainedSince(now, retention),
    most: retention.keepInteractions,
  });
  return retention.seenAs ? limitedView(visitor, retention.seenAs) : visitor;
}

/** The user ids of the person of a memory's document. Throws {@link CorruptDocument}. */
export function userIdsIn(bytes: Uint8Array): readonly string[] {
  return new StoredVisitor(open(bytes), '').identity.userIds;
}

/** All ids of a person, the one the memory is kept under first. */
export function idsOf(id: string, userIds: readonly string[], anonymousIds: readonly string[]): string[] {
  return [...new Set([id, ...userIds, ...anonymousIds])];
}

function open(bytes: Uint8Array): Parts {
  const kind = bytes[0];
  if (kind === MEMORY_2) return new Parts(bytes);
  if (kind === ALIAS_2) return withoutTail(new Parts(bytes));
  throw new CorruptDocument(
    kind === undefined ? 'it is empty' : `it begins with ${kind}, which no format that this version reads does`,
  );
}

function withoutTail(parts: Parts): Parts {
  if (parts.tail.left > 0) throw new CorruptDocument('it goes on after its end');
  return parts;
}

/** What decisions need most comes first. */
const ORDER = [
  PART.traits,
  PART.counters,
  PART.consents,
  PART.ids,
  PART.interactions,
  PART.arrivals,
  PART.said,
  PART.evicted,
  PART.forgotten,
  PART.joining,
  PART.origin,
  PART.ofBrowsers,
  PART.letGoByBrowsers,
  PART.outranked,
  PART.joins,
  PART.sides,
  PART.sidesInteractions,
  PART.parted,
  PART.parting,
  PART.contacts,
  PART.sidesContacts,
];

/** In their {@link ORDER}. */
function partsOf(memory: Memory): Map<number, (writer: ByteWriter) => void> {
  const columns = toColumns(memory.interactions);
  const [traits, counters] = [traitsOf(memory), countersOf(memory)];
  const parts = new Map<number, (writer: ByteWriter) => void>();
  const add = (part: number, said: boolean, write: (writer: ByteWriter) => void) => said && parts.set(part, write);
  add(PART.traits, !isEmpty(traits), (writer) => writer.json(traits));
  add(PART.counters, !isEmpty(counters), (writer) => writeCounters(writer, counters, columns.eventNames));
  add(PART.consents, !isEmpty(memory.consents), (writer) => writeConsents(writer, memory.consents));
  add(PART.ids, true, (writer) => writeIds(writer, memory));
  add(PART.interactions, columns.length > 0, (writer) => writeColumns(writer, columns));
  add(PART.arrivals, columns.length > 0, (writer) => writeArrivals(writer, memory.interactions));
  add(PART.said, !isEmpty(memory.traits), (writer) => writeSaid(writer, traits, memory.traits));
  add(PART.evicted, !isEmpty(memory.evicted), (writer) => writeEvicted(writer, memory.evicted));
  add(PART.forgotten, memory.forgotten.hashes.length > 0, (writer) => writeForgotten(writer, memory.forgotten));
  add(PART.joining, memory.joining !== undefined, (writer) => writeTexts(writer, [memory.joining ?? '']));
  const { origin, browsers, outranked, joins, apart, parted, parting, contacts } = memory;
  const ofBrowsers = countOfBrowsers(memory.interactions);
  if (origin) parts.set(PART.origin, (writer) => writeOrigin(writer, origin));
  add(PART.ofBrowsers, ofBrowsers > 0, (writer) => writer.varint(ofBrowsers));
  if (browsers) parts.set(PART.letGoByBrowsers, (writer) => writeLetGo(writer, browsers));
  if (outranked) parts.set(PART.outranked, (writer) => writeOutranked(writer, outranked));
  if (joins) parts.set(PART.joins, (writer) => writeJoins(writer, joins));
  if (apart) {
    parts.set(PART.sides, (writer) => writeSides(writer, memory, apart));
    parts.set(PART.sidesInteractions, (writer) => writeSidesInteractions(writer, memory, apart));
  }
  if (parted) parts.set(PART.parted, (writer) => writeParted(writer, parted));
  if (parting) parts.set(PART.parting, (writer) => writeParting(writer, parting));
  if (contacts) parts.set(PART.contacts, (writer) => writeContacts(writer, contacts));
  if (contacts && apart) {
    const ofSides = numberedSides(memory, apart).map((side) => side.contacts);
    parts.set(PART.sidesContacts, (writer) => writeSidesContacts(writer, contacts, ofSides));
  }
  return parts;
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function memoryOf(parts: Parts): Memory {
  const stored = new StoredVisitor(parts, '');
  const evicted = parts.find(PART.evicted);
  const [browsers, joins] = [stored.letGoByBrowsers(), parts.find(PART.joins)];
  const interactions = [...new InteractionLog(stored.writtenColumns())];
  const arrived = arrivalsIn(parts, stored);
  const memory: Memory = {
    ...stored.identity,
    ...stored.traitWords(),
    consents: stored.allConsents,
    interactions: [
      ...interactions.map((one, row): RememberedInteraction => ({ ...one, arrival: arrived[row]?.arrival ?? NaN })),
      ...stored.tail,
    ],
    evicted: evicted ? readEvicted(evicted) : {},
    forgotten: stored.forgotten,
    joining: pointerIn(parts, PART.joining),
    ...(stored.remembered && { contacts: stored.remembered }),
    ...(stored.origin && { origin: stored.origin }),
    ...(browsers && { browsers }),
    ...(joins && { joins: readJoins(joins) }),
    ...readPartings(parts),
  };
  const sides = parts.find(PART.sides);
  if (!sides) return memory;
  const apart = readSides(sides, memory, stored.rowsBySide([], stored.tail));
  const contacts = stored.contactsBySide([], memory.contacts);
  const withTheirs = (side: Memory, at: number) => (contacts[at] ? { ...side, contacts: contacts[at] } : side);
  return { ...memory, apart: { ...apart, sides: apart.sides.map(withTheirs) } };
}

/** When each of the interactions that lie in the parts happened and came. */
function arrivalsIn(parts: Parts, stored: StoredVisitor): Pick<RememberedInteraction, 'timestamp' | 'arrival'>[] {
  const timestamps = timestampsIn(stored.writtenColumns());
  const reader = parts.find(PART.arrivals);
  const arrived = reader ? readArrivals(reader, timestamps) : [];
  if (arrived.length !== timestamps.length) throw new CorruptDocument('a part of it is missing');
  return arrived.map((arrival, row) => ({ timestamp: timestamps[row] ?? NaN, arrival }));
}

function pointerIn(parts: Parts, part: number): string | undefined {
  const reader = parts.find(part);
  return reader && readTexts(reader)[0];
}
