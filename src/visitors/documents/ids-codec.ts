/** Who a person is, as bytes: their ids, and the one that they were first met by. */
import { CorruptDocument } from '../../errors.js';
import type { Ids } from '../memory/ids.js';
import type { Origin } from '../memory/origin.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** The ids of a memory, with the one that it is kept under. */
export interface StoredIds extends Ids {
  readonly id: string;
}

/** Appends the ids of a memory. */
export function writeIds(writer: ByteWriter, { id, userIds, anonymousIds }: StoredIds): void {
  writer.varint(userIds.length);
  writeTexts(writer, [id, ...userIds, ...anonymousIds]);
}

/** Reads the ids of a memory. Throws {@link CorruptDocument} where there are none. */
export function readIds(reader: ByteReader | undefined): StoredIds {
  const userIds = reader?.varint() ?? 0;
  const [id, ...others] = reader ? readTexts(reader) : [];
  if (id === undefined || userIds > others.length) throw new CorruptDocument('it does not say whose it is');
  return { id, userIds: others.slice(0, userIds), anonymousIds: others.slice(userIds) };
}

/** Appends by which id a person was first met. */
export function writeOrigin(writer: ByteWriter, { id, at, known }: Origin): void {
  writeTexts(writer, [id]);
  writer.numbers([at]);
  writer.byte(known ? 1 : 0);
}

/** Reads by which id a person was first met. */
export function readOrigin(reader: ByteReader): Origin {
  const [id] = readTexts(reader);
  const [at] = reader.numbers(1);
  if (id === undefined || at === undefined) throw new CorruptDocument('it does not say by which id they were met');
  return { id, at, known: reader.byte() === 1 };
}
