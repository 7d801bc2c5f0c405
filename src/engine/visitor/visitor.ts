import type { JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { InteractionLog } from './interaction-log.js';

/** How often an event happened over a whole life, and when first and last; kept when the interactions are not. */
export interface Counter {
  readonly count: number;
  readonly first: Millis;
  readonly last: Millis;
}

/** What a person said about a purpose. */
export interface Consent {
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
}

/** What a decision may know of a visitor. */
export interface VisitorView {
  readonly visitorId: string;
  /** What shares of visitors are dealt by; `visitorId` where it is absent. */
  readonly bucketId?: string;
  /** Every id this person is known by. */
  readonly ids: readonly string[];
  readonly traits: JsonObject;
  readonly counters: Readonly<Record<string, Counter>>;
  /** The last word about a purpose, expired or not; undefined when they never said any. */
  consents(purpose: string): Consent | undefined;
  /** The retained interactions in order of timestamp, equal ones in order of arrival. Called only when a rule asks. */
  interactions(): InteractionLog;
}
