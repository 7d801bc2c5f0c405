import type { Outgoing } from '../../doors/mapping/map-row.js';

/** Some rows that go in one request. */
export interface Batch {
  readonly items: readonly Outgoing[];
  /** The body of each, as JSON. */
  readonly texts: readonly string[];
}

/** How much goes in one request; a body has one more byte for each item than the items themselves. */
export interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Groups what is to be sent, in order. An item that is larger than a whole batch goes to `tooLarge` instead. */
export async function* batches(
  source: AsyncIterable<Outgoing>,
  { maxItems, maxBytes }: BatchLimits,
  tooLarge: (item: Outgoing) => void,
): AsyncGenerator<Batch> {
  let batch: { items: Outgoing[]; texts: string[] } = { items: [], texts: [] };
  let bytes = 0;
  for await (const item of source) {
    const text = JSON.stringify(item.body);
    const size = Buffer.byteLength(text) + 1;
    if (size > maxBytes) {
      tooLarge(item);
      continue;
    }
    if (batch.items.length === maxItems || bytes + size > maxBytes) {
      yield batch;
      batch = { items: [], texts: [] };
      bytes = 0;
    }
    batch.items.push(item);
    batch.texts.push(text);
    bytes += size;
  }
  if (batch.items.length > 0) yield batch;
}

/** The same values, each made while the one before it is being used. */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let pending = iterator.next();
  for (let current = await pending; !current.done; current = await pending) {
    pending = iterator.next();
    // Where the user of the values fails first, nobody is left to hear of this one's failure.
    pending.catch(() => {});
    yield current.value;
  }
}
