import { conditionFact } from './fact-declaration.js';
import type { InteractionLog, Place } from '../visitor/interaction-log.js';
import type { Millis } from '../language/millis.js';

/** This much quiet ends a session: the convention of web analytics. */
export const SESSION_QUIET_MS: Millis = 30 * 60_000;

/** The session under way, as rules see it. */
export interface Session {
  readonly active: boolean;
  readonly interactions: number;
  readonly durationSeconds: number;
  /** When it began, as ISO 8601; absent when there is none. */
  readonly startedAt?: string;
  /** The channel it began in; absent when there is none. */
  readonly channel?: string;
  /** How often each event happened in it. */
  readonly events: Readonly<Record<string, number>>;
}

/** `session`: the run of interactions, no two of them 30 minutes apart, that has not ended at `now`. */
export const sessionFact = conditionFact({
  hint: 'the visit under way; 30 minutes of quiet end it',
  readsVisitor: true,
  scoped: false,
  cost: 20,
  compile:
    () =>
    ({ visitor, now }) =>
      sessionAt(visitor.interactions(), now),
});

/** The session under way at `now`. */
export function sessionAt(log: InteractionLog, now: Millis): Session {
  const events: Record<string, number> = Object.create(null) as Record<string, number>;
  let first: Place | undefined;
  let startedAt = now;
  let count = 0;
  for (const place of log.placesBackwards()) {
    const timestamp = log.timestamp(place);
    if (timestamp > now) continue;
    if (startedAt - timestamp >= SESSION_QUIET_MS) break;
    [first, startedAt] = [place, timestamp];
    count++;
    const event = log.columns.eventNames[place.event] ?? '';
    events[event] = (events[event] ?? 0) + 1;
  }
  if (!first) return { active: false, interactions: 0, durationSeconds: 0, events };
  return {
    active: true,
    interactions: count,
    durationSeconds: (now - startedAt) / 1000,
    startedAt: new Date(startedAt).toISOString(),
    channel: log.channel(first),
    events,
  };
}
