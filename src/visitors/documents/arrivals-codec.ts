/**
 * The order of arrival as bytes: events come soon after they happen, or all at once long after; whichever is shorter is
 * written.
 */
import type { InteractionColumns } from '../../engine/visitor/interaction-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { type ByteWriter, isWhole, lengthOfNumbers } from '../bytes/byte-writer.js';
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
  const plain: number[] = [];
  const late: number[] = [];
  let isExact = true;
  for (let at = 0; at < interactions.length; at++) {
    const { arrival, timestamp } = interactions[at] as (typeof interactions)[number];
    const lateness = arrival - timestamp * 1_000;
    isExact &&= isWhole(arrival) && isWhole(timestamp * 1_000) && isWhole(lateness);
    plain.push(arrival);
    late.push(lateness);
  }
  const isShorter = isExact && lengthOfNumbers(late) < lengthOfNumbers(plain);
  writer.byte(isShorter ? FROM_TIMESTAMPS : AS_THEY_ARE);
  writer.numbers(isShorter ? late : plain);
}

/** Reads the arrivals of interactions, whose timestamps are given. */
export function readArrivals(reader: ByteReader, timestamps: readonly number[]): RememberedInteraction['arrival'][] {
  const kind = reader.byte();
  const numbers = reader.numbers(timestamps.length);
  if (kind === AS_THEY_ARE) return numbers;
  if (kind !== FROM_TIMESTAMPS) throw new CorruptDocument('its arrivals are not what they should be');
  return numbers.map((late, row) => late + (timestamps[row] ?? NaN) * 1_000);
}

/** When each interaction of columns happened, in the order of all. */
export function timestampsIn(columns: InteractionColumns): Millis[] {
  const { order } = columns;
  const next = columns.eventNames.map(() => 0);
  const timestamps: Millis[] = [];
  for (let row = 0; row < order.length; row++) {
    const event = order[row] as number;
    const position = next[event] ?? 0;
    next[event] = position + 1;
    timestamps.push(columns.event(event).timestamp(position));
  }
  return timestamps;
}
