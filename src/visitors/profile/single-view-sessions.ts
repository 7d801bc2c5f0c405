import { type Millis, iso } from '../../engine/language/millis.js';
import { type Interaction, SESSION_QUIET_MS } from '../../engine/visitor/interaction.js';

/** A session as the API tells it. */
export interface SessionProfile {
  readonly start: string;
  /** When the last interaction of it happened. */
  readonly end: string;
  /** The next interaction may still belong to it. */
  readonly active: boolean;
  /** The one it began in. */
  readonly channel: string;
  readonly interactions: number;
  /** How often each event happened in it. */
  readonly events: Readonly<Record<string, number>>;
}

/** How many sessions the retained interactions make, and the last of them. */
export interface SessionsProfile {
  readonly count: number;
  readonly last?: SessionProfile;
}

/**
 * The sessions among interactions that are in order of timestamp: across all channels, as the `session` fact has them.
 */
export function tellSessions(interactions: readonly Interaction[], now: Millis): SessionsProfile {
  const sessions = partIntoSessions(interactions);
  const last = sessions.at(-1);
  return { count: sessions.length, ...(last && { last: tellSession(last, now) }) };
}

/** The same interactions, parted where it was quiet for 30 minutes or more. */
export function partIntoSessions<T extends Interaction>(interactions: readonly T[]): T[][] {
  const sessions: T[][] = [];
  let last = -Infinity;
  for (const one of interactions) {
    if (one.timestamp - last >= SESSION_QUIET_MS) sessions.push([]);
    sessions.at(-1)?.push(one);
    last = one.timestamp;
  }
  return sessions;
}

/** A session of at least one interaction. */
export function tellSession(interactions: readonly Interaction[], now: Millis): SessionProfile {
  const [first, last] = [interactions[0], interactions.at(-1)];
  const end = last?.timestamp ?? NaN;
  const events = new Map<string, number>();
  for (const { event } of interactions) events.set(event, (events.get(event) ?? 0) + 1);
  return {
    start: iso(first?.timestamp ?? NaN),
    end: iso(end),
    active: now - end < SESSION_QUIET_MS,
    channel: first?.channel ?? '',
    interactions: interactions.length,
    events: Object.fromEntries(events),
  };
}
