import type { Json } from '../language/json.js';
import { definiteNames } from '../match/path.js';
import { plainFact, type WantedInteraction } from './fact-declaration.js';
import { SESSION_QUIET_MS } from '../visitor/interaction.js';
import { define, type InteractionLog, type Place } from '../visitor/interaction-log.js';
import { iso, type Millis } from '../language/millis.js';

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
export const sessionFact = plainFact({
  name: 'session',
  hint: 'the visit under way; 30 minutes of quiet end it',
  source: 'history',
  shape: {
    kind: 'object',
    parts: {
      active: { kind: 'boolean' },
      interactions: { kind: 'number', min: 0, whole: true },
      durationSeconds: { kind: 'number', min: 0 },
      startedAt: { kind: 'text', missing: true },
      channel: { kind: 'text', missing: true },
      events: {
        kind: 'object',
        each: { kind: 'number', min: 1, whole: true, missing: true },
        examples: ["['Product Viewed']"],
      },
    },
  },
  readsVisitor: true,
  scoped: false,
  cost: 20,
  compile:
    () =>
    ({ visitor, now }) =>
      sessionAt(visitor.interactions(), now),
  asksFor: (_params, path) => {
    const [part, event] = definiteNames(path ?? '') ?? [];
    return part === 'events' && event !== undefined ? [{ what: 'event', name: event, at: ['path'] }] : [];
  },
  bringAbout,
});

const A_MINUTE = { ageMs: 60_000 };
/** More interactions than this are not made up. */
const MOST = 400;

function bringAbout([part, event]: readonly string[], value: Json | undefined): readonly WantedInteraction[] {
  if (part === 'active') return value === true ? [A_MINUTE] : [];
  if (part === 'channel') return typeof value === 'string' ? [{ ...A_MINUTE, channel: value }] : [];
  if (typeof value !== 'number' || value <= 0) return [];
  if (part === 'durationSeconds') return value * 1_000 < SESSION_QUIET_MS ? [{ ageMs: value * 1_000 }] : [];
  return Array.from({ length: value <= MOST ? value : 0 }, () => ({
    ...A_MINUTE,
    event: part === 'events' ? event : undefined,
  }));
}

/** The session under way at `now`. */
export function sessionAt(log: InteractionLog, now: Millis): Session {
  const walk = log.latestFirst();
  let startedAt = now;
  let first: Place | undefined;
  let count = 0;
  /** By the number of the event, in the order in which they are met: how often it happened. */
  const counts = new Map<number, number>();
  while (walk.next()) {
    const { timestamp } = walk;
    if (timestamp > now) continue;
    if (startedAt - timestamp >= SESSION_QUIET_MS) break;
    first = { event: walk.event, position: walk.position };
    startedAt = timestamp;
    count++;
    counts.set(walk.event, (counts.get(walk.event) ?? 0) + 1);
  }
  if (!first) return NO_SESSION;
  const events: Record<string, number> = {};
  for (const [event, times] of counts) define(events, log.columns.eventNames[event] ?? '', times);
  return {
    active: true,
    interactions: count,
    durationSeconds: (now - startedAt) / 1000,
    startedAt: iso(startedAt),
    channel: log.channel(first),
    events,
  };
}

const NO_SESSION: Session = Object.freeze({
  active: false,
  interactions: 0,
  durationSeconds: 0,
  events: Object.freeze({}),
});
