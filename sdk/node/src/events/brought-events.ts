import { randomUUID } from 'node:crypto';
import { stamp, type EventType, type StampedEvent } from './events.js';
import type { DecisionAnswer, DecisionRequest, JsonObject } from '../service-types.js';

/** The same request, of whose events each has an id: sent again, it is known. */
export function stampBrought<Request extends DecisionRequest>(request: Request): Request {
  const events: unknown = request.events;
  return Array.isArray(events) ? { ...request, events: events.map(withId) } : request;
}

function withId(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event;
  const { messageId } = event as { readonly messageId?: unknown };
  return messageId === undefined || messageId === '' || messageId === null
    ? { ...event, messageId: randomUUID() }
    : event;
}

/**
 * The events of a stamped request of which nobody knows whether they are stored, as they are sent by themselves: all of
 * them where there is no answer. They happened when the decision was asked for.
 */
export function unconfirmed(
  { visitorId, channel, events = [], dryRun }: DecisionRequest,
  answer: DecisionAnswer | undefined,
  askedAt: Date,
): readonly StampedEvent[] {
  if (dryRun || !Array.isArray(events)) return [];
  return events
    .filter((_, index) => !answer || answer.eventOutcomes?.[index]?.outcome === 'unconfirmed')
    .filter((event) => typeof event === 'object' && event !== null)
    .map((event: JsonObject) => {
      const isNobodys = (event['userId'] ?? event['anonymousId'] ?? '') === '';
      const context = event['context'] ?? {};
      return stamp((event['type'] ?? 'track') as EventType, {
        timestamp: askedAt,
        ...event,
        ...(isNobodys && { anonymousId: visitorId }),
        ...(channel !== undefined && typeof context === 'object' && { context: { channel, ...context } }),
      });
    });
}
