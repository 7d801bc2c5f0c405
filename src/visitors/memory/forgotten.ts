import type { Millis } from '../../engine/language/millis.js';

/**
 * Which messages were applied but are no longer retained: a hash of each of the latest that came in, whatever time they
 * told of. One that came in before those is as if it had never been: better counted again than called known when it is
 * not.
 */
export interface Forgotten {
  /** Of message ids, in the order in which they came, equal ones by hash. */
  readonly hashes: Float64Array;
  /** When each came in. */
  readonly cameAt: Float64Array;
}

/** How many hashes are kept for one visitor, about 9 bytes each: as many as four of the largest requests have. */
export const MAX_FORGOTTEN = 10_000;

/** Nothing was let go yet. */
export const NOTHING_FORGOTTEN: Forgotten = { hashes: new Float64Array(), cameAt: new Float64Array() };

/** To look through the hashes for each of so few is quicker than to make a set of them. */
const FEW = 8;

/** Tells of a message id whether it was applied and then let go; `most` is of how many it will be asked. */
export function forgottenAmong({ hashes }: Pick<Forgotten, 'hashes'>, most: number): (messageId: string) => boolean {
  if (hashes.length === 0) return () => false;
  if (most <= FEW) return (messageId) => hashes.includes(hashMessageId(messageId));
  const set = new Set(hashes);
  return (messageId) => set.has(hashMessageId(messageId));
}

/** Remembers that these messages were applied, without them; `arrival` in microseconds. */
export function forget(
  forgotten: Forgotten,
  gone: readonly { readonly messageId: string; readonly arrival: number }[],
): Forgotten {
  if (gone.length === 0) return forgotten;
  const messages = gone.map(
    ({ messageId, arrival }) => [hashMessageId(messageId), Math.floor(arrival / 1_000)] as const,
  );
  return mergeForgotten(forgotten, forgottenOf(messages));
}

/** What is remembered of messages, by their hashes and when they came in. */
export function forgottenOf(messages: Iterable<readonly [hash: number, cameAt: Millis]>): Forgotten {
  const sorted = [...new Map(messages)].sort(([a, ofA], [b, ofB]) => ofA - ofB || a - b).slice(-MAX_FORGOTTEN);
  return {
    hashes: Float64Array.from(sorted, ([hash]) => hash),
    cameAt: Float64Array.from(sorted, ([, cameAt]) => cameAt),
  };
}

/** What either has let go. */
export function mergeForgotten(a: Forgotten, b: Forgotten): Forgotten {
  if (b.hashes.length === 0) return a;
  if (a.hashes.length === 0) return b;
  const [more, fewer] = a.hashes.length < b.hashes.length ? [b, a] : [a, b];
  const added = new Map(Array.from(fewer.hashes, (hash, at) => [hash, at]));
  const dropped = new Set<number>();
  for (let at = 0; at < more.hashes.length; at++) {
    const twin = added.get(more.hashes[at] as number);
    if (twin === undefined) continue;
    // Of both words on when it came the later one stands.
    if ((fewer.cameAt[twin] as number) > (more.cameAt[at] as number)) dropped.add(at);
    else added.delete(more.hashes[at] as number);
  }
  return latestOf(more, dropped, fewer, [...added.values()]);
}

/** The latest of both: all of `more` but for those dropped, and those of `fewer` that are named. */
function latestOf(
  more: Forgotten,
  dropped: ReadonlySet<number>,
  fewer: Forgotten,
  named: readonly number[],
): Forgotten {
  const length = Math.min(MAX_FORGOTTEN, more.hashes.length - dropped.size + named.length);
  const [hashes, cameAt] = [new Float64Array(length), new Float64Array(length)];
  let [ofMore, ofFewer] = [more.hashes.length - 1, named.length - 1];
  for (let to = length - 1; to >= 0; to--) {
    while (dropped.has(ofMore)) ofMore--;
    const other = named[ofFewer];
    const takesOther = other !== undefined && (ofMore < 0 || isLater(fewer, other, more, ofMore));
    const [from, at] = takesOther ? [fewer, other] : [more, ofMore];
    if (takesOther) ofFewer--;
    else ofMore--;
    hashes[to] = from.hashes[at] as number;
    cameAt[to] = from.cameAt[at] as number;
  }
  return { hashes, cameAt };
}

function isLater(a: Forgotten, at: number, b: Forgotten, other: number): boolean {
  const [ours, theirs] = [a.cameAt[at] as number, b.cameAt[other] as number];
  return ours > theirs || (ours === theirs && (a.hashes[at] as number) > (b.hashes[other] as number));
}

/**
 * 53 bits of a message id: two rounds of FNV-like mixing (cyrb53, public domain). That a new id is
 * taken for one of 10,000 others: once in 10^12.
 */
export function hashMessageId(messageId: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < messageId.length; at++) {
    const unit = messageId.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
