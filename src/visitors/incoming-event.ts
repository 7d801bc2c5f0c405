import type { Json, JsonObject, Millis } from '../engine/types.js';
import type { Problem } from '../errors.js';
import type { MemoryEvent } from './memory.js';
import { parseTime } from './parse-time.js';

/** What a normalised event is made from. */
export interface Intake {
  /** Milliseconds since the epoch at which the service got it. */
  readonly receivedAt: Millis;
  /** Its place in the order of arrival; see {@link ArrivalClock}. */
  readonly arrival: number;
  /** Stands in for a missing message id. */
  readonly newId: () => string;
  /** Whose event it is when it names nobody. */
  readonly visitorId?: string;
}

/** Either an event ready to be remembered, or all that is wrong with it. */
export type NormalisedEvent = { readonly event: MemoryEvent } | { readonly problems: readonly Problem[] };

/** The kinds of event of the Segment tracking API that are understood. */
export const EVENT_TYPES = ['track', 'page', 'screen', 'identify'] as const;
type EventType = (typeof EVENT_TYPES)[number];

/** The most that ids and names may have, in characters. */
export const MAX_ID_LENGTH = 256;
/** Half a surrogate pair would become another character in the store, and two people one. */
export const BROKEN_TEXT = 'has half a surrogate pair, which is not text; send whole characters';
/** How deep properties, traits and contexts may be nested. */
export const MAX_DEPTH = 10;

/**
 * Reads one event of the Segment HTTP tracking API. Nothing is guessed: what can't be read is a problem that says what
 * to send instead. Numeric ids become texts; a missing timestamp is the time it was received.
 */
export function normaliseEvent(raw: unknown, intake: Intake): NormalisedEvent {
  if (!isObject(raw)) return { problems: [{ path: '', message: 'must be an object, such as { "type": "track", "event": "Product Viewed" }' }] };
  const problems: Problem[] = [];
  const reader = new EventReader(raw, problems);
  const type = reader.type();
  const userId = reader.id('userId');
  const anonymousId = reader.id('anonymousId') ?? (userId === undefined ? intake.visitorId : undefined);
  if (userId === undefined && anonymousId === undefined && problems.length === 0) problems.push({ path: 'userId', message: 'is missing; send userId or anonymousId' });
  const base = { userId, anonymousId, timestamp: reader.timestamp() ?? intake.receivedAt, arrival: intake.arrival };
  const messageId = reader.id('messageId');
  const context = reader.object('context');
  if (type === 'identify') {
    const event: MemoryEvent = { ...base, kind: 'traits', messageId, traits: reader.object('traits'), source: 'identify' };
    return problems.length > 0 ? { problems } : { event };
  }
  const properties = reader.object('properties');
  const event: MemoryEvent = {
    ...base,
    kind: 'interaction',
    messageId: messageId ?? intake.newId(),
    event: type === 'track' ? reader.eventName() : VIEWED[type ?? 'page'],
    channel: channelOf(type ?? 'track', properties, context),
    properties: type === 'track' ? properties : withName(raw['name'], properties),
  };
  return problems.length > 0 ? { problems } : { event };
}

const VIEWED = { page: 'Page Viewed', screen: 'Screen Viewed', identify: '', track: '' } as const;

/** Reads the parts of an event, noting what is wrong with each. */
class EventReader {
  constructor(
    private readonly raw: JsonObject,
    private readonly problems: Problem[],
  ) {}

  type(): EventType | undefined {
    const { type } = this.raw;
    const known = typeof type === 'string' ? EVENT_TYPES.find((one) => one === type.toLowerCase()) : undefined;
    if (!known) this.refuse('type', type === undefined ? `is missing; send one of ${EVENT_TYPES.join(', ')}` : `must be one of ${EVENT_TYPES.join(', ')}`);
    return known;
  }

  id(name: 'userId' | 'anonymousId' | 'messageId'): string | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    if (typeof value !== 'string') return this.refuse(name, 'must be a text');
    if (value.length > MAX_ID_LENGTH) return this.refuse(name, `is ${value.length} characters long; the limit is ${MAX_ID_LENGTH}`);
    return value.isWellFormed() ? value : this.refuse(name, BROKEN_TEXT);
  }

  eventName(): string {
    const { event } = this.raw;
    if (typeof event !== 'string' || event === '') return this.refuse('event', 'must be the name of what happened, such as "Product Viewed"') ?? '';
    if (event.length > MAX_ID_LENGTH) this.refuse('event', `is ${event.length} characters long; the limit is ${MAX_ID_LENGTH}`);
    return event;
  }

  timestamp(): Millis | undefined {
    const { timestamp } = this.raw;
    if (timestamp === undefined || timestamp === null) return undefined;
    const millis = typeof timestamp === 'string' ? parseTime(timestamp) : NaN;
    return Number.isNaN(millis) ? this.refuse('timestamp', 'must be an ISO 8601 time, such as "2026-11-21T10:00:00Z"') : millis;
  }

  object(name: 'properties' | 'traits' | 'context'): JsonObject {
    const value = this.raw[name];
    if (value === undefined || value === null) return {};
    if (!isObject(value)) return this.refuse(name, 'must be an object') ?? {};
    if (depthOf(value) > MAX_DEPTH) return this.refuse(name, `is nested deeper than the limit of ${MAX_DEPTH}`) ?? {};
    return value;
  }

  private refuse(path: string, message: string): undefined {
    this.problems.push({ path, message });
  }
}

/** Said by the event, or told from the kind of library that sent it. */
function channelOf(type: EventType, properties: JsonObject, context: JsonObject): string {
  const said = [properties['channel'], context['channel']].find((one) => typeof one === 'string' && one !== '');
  if (typeof said === 'string') return said;
  if (context['page'] !== undefined || typeof context['userAgent'] === 'string') return 'web';
  if (type === 'screen' || context['app'] !== undefined || context['device'] !== undefined) return 'app';
  return type === 'page' ? 'web' : 'server';
}

function withName(name: Json | undefined, properties: JsonObject): JsonObject {
  return typeof name === 'string' && name !== '' ? { name, ...properties } : properties;
}

/** How deep a value is nested: 0 for a primitive, 1 for an object of primitives; stops counting past the limit. */
export function depthOf(value: unknown, limit: number = MAX_DEPTH): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit === 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, limit - 1));
  return deepest + 1;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Numbers events in their order of arrival, across restarts: microseconds since the epoch, never the same twice. */
export class ArrivalClock {
  private last = 0;

  next(now: Millis): number {
    this.last = Math.max(this.last + 1, now * 1_000);
    return this.last;
  }
}
