import { stamp, type StampedEvent } from './events.js';
import type { Outcome } from '../service-types.js';

/** The tracked events that tell what became of an offer: `docs/outcomes.md` of the service. */
const EVENTS: Readonly<Record<Outcome['outcome'], string>> = {
  shown: 'Offer Shown',
  clicked: 'Offer Clicked',
  accepted: 'Offer Accepted',
  dismissed: 'Offer Dismissed',
  rated: 'Offer Rated',
  later: 'Offer Dismissed',
};

/** What an outcome says of its item; what else an item of an answer has is not sent. */
const TOLD = ['decisionId', 'placement', 'offer', 'token', 'rating', 'helpful', 'sentiment', 'until'] as const;

/** So long `later` puts off where it is not said until when, in milliseconds. */
const LATER_MS = 86_400_000;

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
    properties: { ...properties, ...Object.fromEntries(item), ...putOff(told) },
  });
}

/** Until when; nothing where it was said, and of any other outcome. */
function putOff({ outcome, until, timestamp }: Outcome): { readonly until?: string } {
  if (outcome !== 'later' || until !== undefined) return {};
  const from = timestamp === undefined ? Date.now() : new Date(timestamp).getTime();
  return Number.isNaN(from) ? {} : { until: new Date(from + LATER_MS).toISOString() };
}
