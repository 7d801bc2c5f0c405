/**
 * What remains of interactions when they are gone, as bytes: lifetime counters, counts of what was let go, hashes of
 * message ids.
 */
import type { Counter } from '../../engine/visitor/visitor.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import type { Evicted } from '../memory/evicted.js';
import type { LetGo } from '../memory/browser-share.js';
import { forgottenOf, type Forgotten } from '../memory/forgotten.js';
import { nameless } from '../memory/last-word.js';
import type { Memory } from '../memory/memory.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** Appends counters, those of the events named first in that order before all others. */
export function writeCounters(
  writer: ByteWriter,
  counters: Readonly<Record<string, Counter>>,
  first: readonly string[],
): void {
  const names = [...new Set([...first, ...Object.keys(counters)])];
  const present = names.map((name) => counters[name]).filter((counter) => counter !== undefined);
  writeTexts(writer, names);
  writer.numbers(present.map((counter) => counter.count));
  writer.numbers(present.map((counter) => counter.first));
  writer.numbers(present.map((counter) => counter.last));
}

/** Reads the counters of events whose names were read before. */
export function countersBy(names: readonly string[], reader: ByteReader): Record<string, Counter> {
  const [counts, first, last] = [
    reader.numbers(names.length),
    reader.numbers(names.length),
    reader.numbers(names.length),
  ];
  const counters = nameless<Counter>();
  for (let at = 0; at < names.length; at++)
    counters[names[at] ?? ''] = { count: counts[at] ?? NaN, first: first[at] ?? NaN, last: last[at] ?? NaN };
  return counters;
}

/** Appends how many interactions were let go, by event and by the memory that let them go. */
export function writeEvicted(writer: ByteWriter, evicted: Memory['evicted']): void {
  const all = Object.values(evicted);
  const counts = all.flatMap((one) => Object.entries(one.counts));
  writeTexts(writer, Object.keys(evicted));
  writer.numbers(all.map((one) => Object.keys(one.counts).length));
  writeTexts(
    writer,
    counts.map(([id]) => id),
  );
  writer.numbers(counts.map(([, count]) => count));
  writer.numbers(all.map((one) => one.first));
  writer.numbers(all.map((one) => one.last));
}

/** Reads how many interactions were let go. */
export function readEvicted(reader: ByteReader): Record<string, Evicted> {
  const names = readTexts(reader);
  const sizes = reader.numbers(names.length);
  const ids = readTexts(reader);
  const counts = reader.numbers(ids.length);
  const [first, last] = [reader.numbers(names.length), reader.numbers(names.length)];
  if (sizes.reduce((sum, size) => sum + size, 0) !== ids.length)
    throw new CorruptDocument('its counts are not as many as it says');
  let from = 0;
  const countsOf = (at: number): Evicted['counts'] => {
    const until = from + (sizes[at] ?? 0);
    const entries = ids.slice(from, until).map((id, place) => [id, counts[from + place] ?? NaN] as const);
    from = until;
    return Object.assign(nameless<number>(), Object.fromEntries(entries));
  };
  return Object.fromEntries(
    names.map((name, at) => [name, { counts: countsOf(at), first: first[at] ?? NaN, last: last[at] ?? NaN }]),
  );
}

/** Appends which messages were let go. */
export function writeForgotten(writer: ByteWriter, { hashes, cameAt }: Forgotten): void {
  writer.doubles([NO_FLOOR]);
  writer.varint(hashes.length);
  writer.doubles(hashes);
  writer.numbers(cameAt);
}

/**
 * Once a time before which every message was taken for known. It is passed over, as new ones may tell of any time; of
 * the messages that were let go then, their own time is told instead of when they came in.
 */
const NO_FLOOR = -Infinity;

/** Reads which messages were let go. */
export function readForgotten(reader: ByteReader): Forgotten {
  const hashes = readForgottenHashes(reader);
  return forgottenOf(reader.numbers(hashes.length).map((cameAt, at) => [hashes[at] ?? NaN, cameAt] as const));
}

/** Reads the hashes of the messages that were let go, which is all that is needed to know one again. */
export function readForgottenHashes(reader: ByteReader): Float64Array {
  reader.skip(FLOOR_BYTES);
  return reader.floats(reader.count());
}

const FLOOR_BYTES = 8;

/** Appends what one source's messages left behind. */
export function writeLetGo(writer: ByteWriter, { evicted, forgotten }: LetGo): void {
  writer.block(() => writeEvicted(writer, evicted));
  writeForgotten(writer, forgotten);
}

/** Reads what one source's messages left behind. */
export function readLetGo(reader: ByteReader): LetGo {
  return { evicted: readEvicted(reader.block()), forgotten: readForgotten(reader) };
}

/** Reads of what one source's messages left behind the hashes alone. */
export function readLetGoHashes(reader: ByteReader): Float64Array {
  reader.skipBlock();
  return readForgottenHashes(reader);
}
