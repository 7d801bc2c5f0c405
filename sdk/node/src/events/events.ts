import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../service-types.js';

/** Whose an event is: an id of the person, known or of a device, or both. */
export type Person =
  | { readonly userId: string | number; readonly anonymousId?: string | number }
  | { readonly userId?: undefined; readonly anonymousId: string | number };

/** What every event may say. */
export type EventBase = Person & {
  /** When it happened; now where it is absent. */
  readonly timestamp?: string | number | Date;
  /** By which it counts once, however often it is sent; made where it is absent. */
  readonly messageId?: string;
  readonly context?: JsonObject;
};

/** The person did something. */
export type TrackEvent = EventBase & { readonly event: string; readonly properties?: JsonObject };
/** Who the person is. */
export type IdentifyEvent = EventBase & { readonly traits?: JsonObject };
/** The person looked at a page. */
export type PageEvent = EventBase & {
  readonly name?: string;
  readonly category?: string;
  readonly properties?: JsonObject;
};
/** The company or household that the person belongs to. */
export type GroupEvent = EventBase & { readonly groupId: string | number; readonly traits?: JsonObject };
/** Two ids are of one person. */
export type AliasEvent = Omit<EventBase, 'userId' | 'anonymousId'> & {
  readonly userId: string | number;
  readonly previousId: string | number;
};

/** The calls of the tracking API that there is a method for. */
export type EventType = 'track' | 'identify' | 'page' | 'group' | 'alias';

/** An event as it is sent. */
export interface StampedEvent {
  readonly type: string;
  readonly messageId: string;
  readonly [member: string]: unknown;
}

/** The event with what makes sending it again harmless: its own id, and its time. */
export function stamp(type: EventType, event: object): StampedEvent {
  const { messageId, timestamp } = event as { readonly messageId?: unknown; readonly timestamp?: unknown };
  return {
    ...event,
    type,
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId : randomUUID(),
    timestamp: timestamp ?? new Date().toISOString(),
  };
}
