import type { Json, JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import { readTime } from '../../engine/values/read-time.js';

/** When an event happened, or what is wrong with what it says of that. */
export type EventTime =
  | { readonly at: Millis; readonly retimed?: Retimed }
  | { readonly path: 'timestamp' | 'originalTimestamp'; readonly message: string };

/** Why an event was not taken at its word: the sender's clock is wrong, or it says a time that is still to come. */
export type Retimed = 'skew' | 'future';

/** A clock of the sender that differs by less is believed: so long may a request be under way, or be tried again. */
const SKEW_TOLERANCE_MS = 60_000;
/** An event that is further ahead of its receipt can't have happened yet. */
const FUTURE_TOLERANCE_MS = 300_000;
/** What is older comes from a clock that was never set. */
const OLDEST = Date.UTC(1990, 0, 1);

/**
 * When an event happened, by the server's clock. A sender's clock is put right by `sentAt`, which is when that same
 * clock read the moment of sending: the event happened as long before the receipt as it happened before `sentAt`. Where
 * both
 * `timestamp` and `originalTimestamp` are said, somebody has considered the first, and it is taken as it is.
 */
export function eventTime(raw: JsonObject, receivedAt: Millis): EventTime {
  const path = isSaid(raw['timestamp']) ? 'timestamp' : 'originalTimestamp';
  const said = raw[path];
  if (!isSaid(said)) return { at: receivedAt };
  const sent = readTime(said);
  if ('wrong' in sent) return { path, message: sent.wrong };
  const skew = path === 'timestamp' && isSaid(raw['originalTimestamp']) ? 0 : skewOf(raw['sentAt'], receivedAt);
  const at = sent.at + skew;
  if (at < OLDEST)
    return {
      path,
      message: `is before 1990, as if told by a clock that was never set; send when it happened, or no ${path}`,
    };
  if (isToCome(at, receivedAt)) return { at: receivedAt, retimed: 'future' };
  return skew === 0 ? { at } : { at, retimed: 'skew' };
}

/** Whether a word of its own says a time to come, at which {@link timeOfWord} does not leave it. */
export function isClamped(at: Millis | undefined, now: Millis): boolean {
  return at !== undefined && isToCome(at, now);
}

/**
 * When something was said, by a word of its own: what is still to come was not said yet, or nothing could be said after
 * it.
 */
export function timeOfWord(at: Millis, now: Millis): Millis {
  return isToCome(at, now) ? now : at;
}

function isToCome(at: Millis, now: Millis): boolean {
  return at > now + FUTURE_TOLERANCE_MS;
}

function skewOf(sentAt: Json | undefined, receivedAt: Millis): Millis {
  const sent = readTime(sentAt);
  const skew = 'at' in sent ? receivedAt - sent.at : 0;
  return Math.abs(skew) > SKEW_TOLERANCE_MS ? skew : 0;
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
