import type { JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';

/** Something a person did, in any channel. */
export interface Interaction {
  readonly event: string;
  readonly timestamp: Millis;
  readonly channel: string;
  readonly properties: JsonObject;
  readonly messageId: string;
}
