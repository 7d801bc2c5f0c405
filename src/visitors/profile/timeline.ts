/** What a person did, page by page, newest first. */
import { type Millis, iso } from '../../engine/language/millis.js';
import type { Memory, RememberedInteraction } from '../memory/memory.js';
import { tellSourced, type SourcedInteraction } from './sourced-interaction.js';
import { partIntoSessions, tellSession, type SessionProfile } from './single-view-sessions.js';
import { type Position, type TimelineQuery, writeCursor } from './timeline-query.js';

/** One page of a timeline. */
export interface Timeline {
  readonly visitorId: string;
  /** Each with `session`, the start of the session it belongs to. */
  readonly interactions: readonly (SourcedInteraction & { readonly session: string })[];
  /** The sessions that these belong to, whole, newest first. */
  readonly sessions: readonly SessionProfile[];
  /** To be asked for as `before`; null where there is nothing more. */
  readonly next: string | null;
}

/** The page that was asked for. Sessions are made of all that happened, whatever is asked for. */
export function tellTimeline(memory: Memory, visitorId: string, query: TimelineQuery, now: Millis): Timeline {
  const sessions = partIntoSessions(memory.interactions);
  const wanted = sessions
    .flatMap((session) => session.filter((one) => isWanted(one, query)).map((one) => ({ one, session })))
    .reverse();
  const page = wanted.slice(0, query.limit);
  const last = page.at(-1);
  return {
    visitorId,
    interactions: page.map(({ one, session }) => ({
      ...tellSourced(one),
      session: iso(session[0]?.timestamp ?? NaN),
    })),
    sessions: [...new Set(page.map(({ session }) => session))].map((session) => tellSession(session, now)),
    next: last && wanted.length > page.length ? writeCursor(last.one) : null,
  };
}

function isWanted(one: RememberedInteraction, { before, channel, event }: TimelineQuery): boolean {
  return (
    (channel === undefined || one.channel === channel) &&
    (event === undefined || one.event === event) &&
    (before === undefined || isBefore(one, before))
  );
}

/** In the order that the memory has them. */
function isBefore(one: Position, { timestamp, arrival, messageId }: Position): boolean {
  if (one.timestamp !== timestamp) return one.timestamp < timestamp;
  if (one.arrival !== arrival) return one.arrival < arrival;
  return one.messageId < messageId;
}
