/**
 * What happened since a document was written, as bytes that are put behind it: an event costs what it takes to tell of
 * it, and the rest of the document is not touched.
 */
import { crc32 } from 'node:zlib';
import type { Contact } from '../../engine/visitor/contacts.js';
import { isObject } from '../../engine/language/is-object.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter, isWhole } from '../bytes/byte-writer.js';
import { EVENTS, REF_BYTES } from '../contacts/contacts-codec.js';
import type { RememberedContacts, RememberedGoal } from '../contacts/remembered-contacts.js';
import { CHECKSUM_BYTES } from './document-parts.js';
import type { RememberedInteraction } from '../memory/memory.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** The first byte of an entry says what it tells of. */
const INTERACTION = 1;
const CONTACT = 2;
const GOAL = 3;

/** What is said of a contact beside what all say. */
const HAS = { placement: 1, channel: 2, heldUntil: 4, leasedUntil: 8 } as const;

/** Whether an interaction can be written so: its times are whole numbers, not too far from each other. */
export function fitsTail({ timestamp, arrival }: Pick<RememberedInteraction, 'timestamp' | 'arrival'>): boolean {
  return isWhole(timestamp) && isWhole(timestamp * 1_000) && isWhole(arrival - timestamp * 1_000);
}

/** An interaction, with the number of the side that it came under where that is not the one of the person's own id. */
export interface SidedInteraction extends RememberedInteraction {
  readonly side?: number;
}

/** Contacts, with the number of the side that they came under likewise. */
export interface SidedContacts extends RememberedContacts {
  readonly side?: number;
}

/** Used again for every event: two writers of their own would take more memory than all else that is made for it. */
const [TAIL, ENTRY] = [new ByteWriter(), new ByteWriter()];

/** The bytes of interactions that {@link fitsTail}, and of contacts whose times are whole numbers. */
export function writeTail(
  interactions: readonly SidedInteraction[],
  contacts: readonly SidedContacts[] = [],
): Uint8Array {
  TAIL.clear();
  for (const one of interactions) writeEntry((entry) => writeInteraction(entry, one));
  for (const { contacts: all, goals, side = 0 } of contacts) {
    for (const one of all) writeEntry((entry) => writeContact(entry, one, side));
    for (const one of goals) writeEntry((entry) => writeGoal(entry, one, side));
  }
  return TAIL.finish();
}

function writeEntry(write: (entry: ByteWriter) => void): void {
  write(ENTRY.clear());
  const bytes = ENTRY.written();
  TAIL.varint(bytes.length + CHECKSUM_BYTES);
  TAIL.fixed(crc32(bytes), CHECKSUM_BYTES);
  TAIL.raw(bytes);
}

function writeInteraction(
  writer: ByteWriter,
  { event, channel, messageId, timestamp, arrival, properties, side = 0 }: SidedInteraction,
): void {
  writer.byte(INTERACTION);
  // A reader that knows of no sides passes over what follows the first three.
  writeTexts(writer, [event, channel, messageId, ...(side > 0 ? [String(side)] : [])]);
  writer.signed(timestamp);
  writer.signed(arrival - timestamp * 1_000);
  writer.json(properties);
}

function writeContact(
  writer: ByteWriter,
  { event, offer, at, ref, placement, channel, heldUntil, leasedUntil }: Contact,
  side: number,
): void {
  writer.byte(CONTACT);
  writeTexts(writer, [offer, placement ?? '', channel ?? '']);
  writer.byte(EVENTS.indexOf(event));
  writer.fixed(ref, REF_BYTES);
  writer.signed(at);
  writer.varint(side);
  const said = Object.entries({ placement, channel, heldUntil, leasedUntil }).filter(([, one]) => one !== undefined);
  writer.byte(said.reduce((flags, [name]) => flags + HAS[name as keyof typeof HAS], 0));
  if (heldUntil !== undefined) writer.signed(heldUntil - at);
  if (leasedUntil !== undefined) writer.signed(leasedUntil - at);
}

function writeGoal(writer: ByteWriter, { event, at, ref }: RememberedGoal, side: number): void {
  writer.byte(GOAL);
  writeTexts(writer, [event]);
  writer.fixed(ref, REF_BYTES);
  writer.signed(at);
  writer.varint(side);
}

/** How many entries of each kind there are. */
export interface TailLengths {
  readonly interactions: number;
  /** Contacts and goals. */
  readonly contacts: number;
}

/** Counts the entries. Throws {@link CorruptDocument} when the last is cut short. */
export function countTail(reader: ByteReader): TailLengths {
  let [interactions, contacts] = [0, 0];
  for (const left = reader.copy(); left.left > 0;) {
    const length = left.varint();
    if (length <= CHECKSUM_BYTES) throw new CorruptDocument('it goes on after its end');
    const kind = left.byteAt(left.skip(length) + CHECKSUM_BYTES);
    if (kind === INTERACTION) interactions++;
    else if (kind === CONTACT || kind === GOAL) contacts++;
  }
  return { interactions, contacts };
}

/** Throws {@link CorruptDocument} when an entry is not as it was written. */
export function verifyTail(reader: ByteReader): void {
  for (const left = reader.copy(); left.left > 0;) checked(left.block());
}

/** The interactions, in the order in which they were put there. Throws {@link CorruptDocument}. */
export function readTail(reader: ByteReader): RememberedInteraction[] {
  return readEntries(reader, { [INTERACTION]: readInteraction });
}

/** The contacts and goals, each with the side that it came under. Throws {@link CorruptDocument}. */
export function readTailContacts(reader: ByteReader): SidedContacts[] {
  return readEntries(reader, { [CONTACT]: readContact, [GOAL]: readGoal });
}

/** By message id, the number of the side that an interaction came under, of all that say so. */
export function readTailSides(reader: ByteReader): ReadonlyMap<string, number> {
  const texts = readEntries(reader, { [INTERACTION]: readTexts });
  return new Map(texts.flatMap(([, , id = '', side]) => (side === undefined ? [] : [[id, Number(side)] as const])));
}

/** Those of the kinds that have a reader. */
function readEntries<T>(reader: ByteReader, readers: Readonly<Record<number, (entry: ByteReader) => T>>): T[] {
  const all: T[] = [];
  for (const left = reader.copy(); left.left > 0;) {
    const entry = checked(left.block());
    const read = readers[entry.byte()];
    if (read) all.push(read(entry));
  }
  return all;
}

function checked(entry: ByteReader): ByteReader {
  const written = entry.fixed(CHECKSUM_BYTES);
  if (crc32(entry.copy().raw(entry.left)) !== written)
    throw new CorruptDocument('the checksum of an event behind it is another');
  return entry;
}

function readInteraction(entry: ByteReader): RememberedInteraction {
  const [event, channel, messageId] = readTexts(entry);
  const timestamp = entry.signed();
  const arrival = timestamp * 1_000 + entry.signed();
  const properties = entry.json();
  if (event === undefined || channel === undefined || messageId === undefined || !isObject(properties))
    throw new CorruptDocument('an event behind it is not what it should be');
  return { event, channel, messageId, timestamp, arrival, properties };
}

function readContact(entry: ByteReader): SidedContacts {
  const [offer, placement, channel] = readTexts(entry);
  const event = EVENTS[entry.byte()];
  const [ref, at, side, flags] = [entry.fixed(REF_BYTES), entry.signed(), entry.varint(), entry.byte()];
  if (offer === undefined || event === undefined) throw new CorruptDocument('a contact behind it is of no kind');
  const has = (flag: number) => Math.floor(flags / flag) % 2 === 1;
  const contact: Contact = {
    ...{ event, offer, at, ref },
    ...(has(HAS.placement) && placement !== undefined && { placement }),
    ...(has(HAS.channel) && channel !== undefined && { channel }),
    ...(has(HAS.heldUntil) && { heldUntil: at + entry.signed() }),
    ...(has(HAS.leasedUntil) && { leasedUntil: at + entry.signed() }),
  };
  return { contacts: [contact], goals: [], side };
}

function readGoal(entry: ByteReader): SidedContacts {
  const [event] = readTexts(entry);
  const [ref, at, side] = [entry.fixed(REF_BYTES), entry.signed(), entry.varint()];
  if (event === undefined) throw new CorruptDocument('a goal behind it is of no event');
  return { contacts: [], goals: [{ event, at, ref }], side };
}
