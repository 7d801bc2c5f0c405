import { createHash } from 'node:crypto';
import { type JsonObject, canonical } from '../../engine/language/json.js';
import { WrittenNumber } from '../../engine/language/written-number.js';

/**
 * The id of an event that has none, made from what it says: the same when the same request is sent again. `said` is
 * what was read of the event, `repeats` counts equal events of one request, so that each has an id of its own.
 * Undefined where the sender said no time: the same happening twice and the same being sent twice can't be told apart
 * then.
 */
export function hashedMessageId(raw: JsonObject, said: unknown, repeats: Map<string, number>): string | undefined {
  const time = [raw['timestamp'], raw['originalTimestamp'], raw['sentAt']].find(isTime);
  if (time === undefined) return undefined;
  const hash = createHash('sha256')
    .update(canonical([said, time]))
    .digest('base64url')
    .slice(0, 27);
  const repeat = repeats.get(hash) ?? 0;
  repeats.set(hash, repeat + 1);
  return repeat === 0 ? `hash-${hash}` : `hash-${hash}-${repeat}`;
}

/** Nanoseconds have more digits than a number here holds. */
function isTime(value: unknown): boolean {
  if (value instanceof WrittenNumber) return true;
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}
