import type { Millis } from '../../engine/language/millis.js';

/**
 * Which messages were applied but are no longer retained: a short hash of each of the latest, and a floor in time. What
 * is older than the floor counts as applied, so that nothing is ever applied twice.
 */
export interface Forgotten {
  /** Messages with a timestamp before this count as applied; -Infinity when there is no floor. */
  readonly floor: Millis;
  /** By hash, the timestamp of the message. */
  readonly messages: ReadonlyMap<number, Millis>;
}

/** How many hashes are kept for one visitor, about 30 bytes each. */
export const MAX_FORGOTTEN = 1_000;

/** Nothing was let go yet. */
export const NOTHING_FORGOTTEN: Forgotten = { floor: -Infinity, messages: new Map() };

/** Whether a message was applied and then let go. */
export function isForgotten({ floor, messages }: Forgotten, messageId: string, timestamp: Millis): boolean {
  return timestamp < floor || (messages.size > 0 && messages.has(hashMessageId(messageId)));
}

/** Remembers that these messages were applied, without them. */
export function forget(
  forgotten: Forgotten,
  gone: readonly { readonly messageId: string; readonly timestamp: Millis }[],
): Forgotten {
  const messages = new Map(forgotten.messages);
  for (const { messageId, timestamp } of gone) messages.set(hashMessageId(messageId), timestamp);
  return bounded({ floor: forgotten.floor, messages });
}

/** What either has let go. */
export function mergeForgotten(a: Forgotten, b: Forgotten): Forgotten {
  if (b.messages.size === 0 && b.floor <= a.floor) return a;
  return bounded({ floor: Math.max(a.floor, b.floor), messages: new Map([...a.messages, ...b.messages]) });
}

function bounded(forgotten: Forgotten): Forgotten {
  if (forgotten.messages.size <= MAX_FORGOTTEN) return forgotten;
  const oldestFirst = [...forgotten.messages].sort(([, a], [, b]) => a - b);
  const dropped = oldestFirst.slice(0, oldestFirst.length - MAX_FORGOTTEN);
  const newestDropped = dropped.at(-1)?.[1] ?? -Infinity;
  // Of equal timestamps all go or none, so that the order in which they came does not matter.
  const kept = oldestFirst.slice(dropped.length).filter(([, timestamp]) => timestamp > newestDropped);
  return { floor: Math.max(forgotten.floor, newestDropped + 1), messages: new Map(kept) };
}

/** 53 bits of a message id: two rounds of FNV-like mixing (cyrb53, public domain). A collision in 1,000: 1 in 10^10. */
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
