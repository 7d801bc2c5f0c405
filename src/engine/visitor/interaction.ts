import type { JsonObject } from '../language/json.js';
import { iso, type Millis } from '../language/millis.js';
import { plainMessageId } from './message-source.js';

/** Something a person did, in any channel. */
export interface Interaction {
  readonly event: string;
  readonly timestamp: Millis;
  readonly channel: string;
  readonly properties: JsonObject;
  /** What it is remembered by; see {@link plainMessageId}. */
  readonly messageId: string;
}

/** What the single view hears of an interaction: of its properties those that its words name, and nothing of its id. */
export type HeardInteraction = Omit<Interaction, 'messageId'>;

/** This much quiet ends a session: the convention of web analytics. */
export const SESSION_QUIET_MS: Millis = 30 * 60_000;

/** An interaction as rules, templates and the API tell it: JSON, with `timestamp` in ISO 8601. */
export type ToldInteraction = Readonly<
  Record<'event' | 'timestamp' | 'channel' | 'messageId', string> & Record<'properties', JsonObject>
>;

/** Tells an interaction. */
export function tellInteraction(one: Interaction): ToldInteraction {
  const { event, timestamp, channel, properties, messageId } = one;
  return { event, timestamp: iso(timestamp), channel, properties, messageId: plainMessageId(messageId) };
}
