/** Which of the contacts of a person each side has, as bytes: by their places in what the person has. */
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { contactsOfSide, keysOf, withContacts, type RememberedContacts } from '../contacts/remembered-contacts.js';
import { readRows, writeRows } from './sides-codec.js';
import type { SidedContacts } from './tail-codec.js';

type Maybe = RememberedContacts | undefined;

/** Appends which contacts and goals of a person each side has; these are in the order of their numbers. */
export function writeSidesContacts(writer: ByteWriter, person: RememberedContacts, sides: readonly Maybe[]): void {
  const all = keysOf(person);
  const rows = sides.map((side) => {
    const theirs = new Set(keysOf(side));
    return all.flatMap((key, row) => (theirs.has(key) ? row : []));
  });
  writeRows(writer, all.length, rows);
}

/** What lies in a document of contacts and sides. */
interface Written {
  /** Of the person, in the parts. */
  readonly contacts: Maybe;
  /** Of the part that says which side has which; absent where there is none. */
  readonly reader: ByteReader | undefined;
  /** How many sides there are. */
  readonly sides: number;
}

/**
 * The contacts of each side, in the order of their numbers, with those that were put behind the parts. `person` is all
 * that the person has: of what is told twice a side has what the person has. Throws `CorruptDocument`.
 */
export function readSidesContacts(
  { contacts, reader, sides }: Written,
  behind: readonly SidedContacts[],
  person: Maybe,
): readonly Maybe[] {
  const written = contacts?.contacts ?? [];
  const rows = reader ? readRows(reader, written.length + (contacts?.goals.length ?? 0), sides) : [];
  return Array.from({ length: sides }, (_, side) => {
    const theirs = rows[side] ?? [];
    const inParts = {
      contacts: theirs.flatMap((row) => written[row] ?? []),
      goals: theirs.flatMap((row) => contacts?.goals[row - written.length] ?? []),
    };
    const later = behind.filter((one) => (one.side ?? 0) === side);
    const all = later.reduce((before, one) => withContacts(before, one), withContacts(undefined, inParts));
    return contactsOfSide(all, person);
  });
}
