import type { Millis } from '../language/millis.js';

/** An instant as the API tells it: ISO 8601 in UTC. */
export function iso(millis: Millis): string {
  return new Date(millis).toISOString();
}
