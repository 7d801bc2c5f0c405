import type { Json, JsonObject } from '../engine/types.js';
import { InvalidRequest } from '../errors.js';

/** The most events of one batch. */
export const MAX_BATCH_EVENTS = 2_500;

/** The events of a batch body; what the batch says of all of them, such as its context, is said of each. */
export function readBatch(body: unknown): readonly Json[] {
  if (!isObject(body)) throw new InvalidRequest([{ path: '', message: 'must be an object { "batch": [ … ] }' }]);
  const { batch, context } = body;
  if (!Array.isArray(batch)) throw new InvalidRequest([{ path: 'batch', message: 'must be a list of events' }]);
  if (batch.length > MAX_BATCH_EVENTS) throw new InvalidRequest([{ path: 'batch', message: `has more than the limit of ${MAX_BATCH_EVENTS} events; send it in several requests` }]);
  return isObject(context) ? batch.map((event: Json) => withContext(event, context)) : (batch as Json[]);
}

function withContext(event: Json, context: JsonObject): Json {
  if (!isObject(event)) return event;
  const own = event['context'];
  return own === undefined || isObject(own) ? { ...event, context: { ...context, ...own } } : event;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
