/**
 * The order of arrival as bytes: events come soon after they happen, or all at once long after; whichever is shorter is
 * written.
 */
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import { ByteWriter, isWhole } from './byte-writer.js';
import type { RememberedInteraction } from '../memory/memory.js';

/**
 * The first byte: counted from the timestamps, which are in milliseconds and arrivals in microseconds, or as they are.
 */
const FROM_TIMESTAMPS = 1;
const AS_THEY_ARE = 0;

/** Appends the arrivals of interactions. */
export function writeArrivals(
  writer: ByteWriter,
  interactions: readonly Pick<RememberedInteraction, 'timestamp' | 'arrival'>[],
): void {
  const plain = bytesOf(interactions.map(({ arrival }) => arrival));
  const late = interactions.map(({ arrival, timestamp }) => arrival - timestamp * 1_000);
  const exact =
    interactions.every(({ arrival, timestamp }) => isWhole(arrival) && isWhole(timestamp * 1_000)) &&
    late.every(isWhole);
  const relative = exact ? bytesOf(late) : plain;
  const shorter = relative.length < plain.length;
  writer.byte(shorter ? FROM_TIMESTAMPS : AS_THEY_ARE);
  writer.raw(shorter ? relative : plain);
}

/** Reads the arrivals of interactions, whose timestamps are given. */
export function readArrivals(reader: ByteReader, timestamps: readonly number[]): RememberedInteraction['arrival'][] {
  const kind = reader.byte();
  const numbers = reader.numbers(timestamps.length);
  if (kind === AS_THEY_ARE) return numbers;
  if (kind !== FROM_TIMESTAMPS) throw new CorruptDocument('its arrivals are not what they should be');
  return numbers.map((late, row) => late + (timestamps[row] ?? NaN) * 1_000);
}

function bytesOf(numbers: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  writer.numbers(numbers);
  return writer.finish();
}
