import { CorruptDocument } from '../../errors.js';
import type { Origin } from '../memory/origin.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { readTexts, writeTexts } from './texts-codec.js';

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
