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

/** What an outcome says of its item; what else an item of an answer has is not sent. */
const TOLD = ['decisionId', 'placement', 'offer', 'token', 'rating', 'helpful', 'sentiment'] as const;

/** The event that an outcome is told by, as `POST /v1/outcomes` would tell it. */
export function outcomeEvent(told: Outcome): StampedEvent {
  const { visitorId, outcome, messageId, channel, timestamp, properties } = told;
  const item = TOLD.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]] as const]));
  return stamp('track', {
    event: Object.hasOwn(EVENTS, outcome) ? EVENTS[outcome] : outcome,
    anonymousId: visitorId,
    ...(messageId !== undefined && { messageId }),
    ...(timestamp !== undefined && { timestamp }),
    ...(channel !== undefined && { context: { channel } }),
    properties: { ...properties, ...Object.fromEntries(item) },
  });
}
