import { stamp, type StampedEvent } from './events.js';
import type { Outcome, OutcomeName } from '../service-types.js';

/** The tracked events that tell what became of an offer: `docs/outcomes.md` of the service. */
const EVENTS: Readonly<Record<OutcomeName, string>> = {
  shown: 'Offer Shown',
  clicked: 'Offer Clicked',
  accepted: 'Offer Accepted',
  dismissed: 'Offer Dismissed',
  rated: 'Offer Rated',
};

/** The event that an outcome is told by, as `POST /v1/outcomes` would tell it. */
export function outcomeEvent({ visitorId, outcome, ...said }: Outcome): StampedEvent {
  const { messageId, channel, timestamp, properties, ...item } = said;
  return stamp('track', {
    event: Object.hasOwn(EVENTS, outcome) ? EVENTS[outcome] : outcome,
    anonymousId: visitorId,
    ...(messageId !== undefined && { messageId }),
    ...(timestamp !== undefined && { timestamp }),
    ...(channel !== undefined && { context: { channel } }),
    properties: { ...properties, ...item },
  });
}
