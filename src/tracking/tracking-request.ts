import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import { InvalidRequest } from '../errors.js';

/** The most events of one batch. */
const MAX_BATCH_EVENTS = 2_500;

/**
 * The events of a batch body; what the batch says of all of them, its context and when it was sent, is said of each.
 */
export function readBatch(body: unknown): readonly Json[] {
  if (!isObject(body)) throw new InvalidRequest([{ path: '', message: 'must be an object { "batch": [ … ] }' }]);
  const { batch, context, sentAt } = body;
  if (!Array.isArray(batch)) throw new InvalidRequest([{ path: 'batch', message: 'must be a list of events' }]);
  if (batch.length > MAX_BATCH_EVENTS)
    throw new InvalidRequest([
      { path: 'batch', message: `has more than the limit of ${MAX_BATCH_EVENTS} events; send it in several requests` },
    ]);
  const shared = {
    ...(context !== undefined && context !== null && { context }),
    ...(sentAt !== undefined && { sentAt }),
  };
  return Object.keys(shared).length === 0 ? (batch as Json[]) : batch.map((event: Json) => withShared(event, shared));
}

/** What a batch says of all its events; each may say otherwise. */
interface Shared {
  /** One that is none is refused with each event that has no other: so they are kept, and told. */
  readonly context?: Json;
  readonly sentAt?: Json;
}

function withShared(event: Json, { context, ...shared }: Shared): Json {
  if (!isObject(event)) return event;
  const own = event['context'] ?? undefined;
  if (context === undefined) return { ...shared, ...event };
  if (isObject(context) && isObject(own)) return { ...shared, ...event, context: { ...context, ...own } };
  return { ...shared, ...event, context: own ?? context };
}
