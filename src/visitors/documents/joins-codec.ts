import type { Join } from '../memory/joins.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { readTexts, writeTexts } from './texts-codec.js';

/** By their numbers; never in another order. */
const BY = [undefined, 'browser', 'server'] as const;

/** Appends which ids came to be a person's, when, and by whose word. */
export function writeJoins(writer: ByteWriter, joins: readonly Join[]): void {
  writeTexts(
    writer,
    joins.map(({ id }) => id),
  );
  writer.codes(joins.map(({ by }) => BY.indexOf(by)));
  writer.numbers(joins.map(({ at }) => at));
}

/** Reads which ids came to be a person's. */
export function readJoins(reader: ByteReader): readonly Join[] {
  const ids = readTexts(reader);
  const codes = reader.codes(ids.length);
  const at = reader.numbers(ids.length);
  return ids.map((id, place) => {
    const by = BY[codes[place] ?? 0];
    return { id, at: at[place] ?? NaN, ...(by && { by }) };
  });
}
