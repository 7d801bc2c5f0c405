import type { JsonObject } from '../language/json.js';
import { InteractionLog } from './interaction-log.js';
import type { Interaction } from './interaction.js';
import type { Consent, Counter, VisitorView } from './visitor.js';

/** What a {@link visitorView} is made from. */
export interface VisitorViewParts {
  readonly visitorId: string;
  readonly ids?: readonly string[];
  readonly traits?: JsonObject;
  readonly consents?: Readonly<Record<string, Consent>>;
  /** In any order; equal timestamps are taken to have arrived in the order given. */
  readonly interactions?: readonly Interaction[];
}

/** A view of a visitor told in full, such as a rule case's; what is left out is empty. */
export function visitorView({
  visitorId,
  ids,
  traits,
  consents = {},
  interactions = [],
}: VisitorViewParts): VisitorView {
  const sorted = [...interactions].sort((a, b) => a.timestamp - b.timestamp);
  const log = InteractionLog.of(sorted);
  return {
    visitorId,
    ids: ids ?? [visitorId],
    traits: traits ?? {},
    counters: countersOf(sorted),
    consents: (purpose) => (Object.hasOwn(consents, purpose) ? consents[purpose] : undefined),
    interactions: () => log,
  };
}

function countersOf(sorted: readonly Interaction[]): Record<string, Counter> {
  const counters: Record<string, Counter> = Object.create(null) as Record<string, Counter>;
  for (const { event, timestamp } of sorted) {
    const before = counters[event];
    counters[event] = { count: (before?.count ?? 0) + 1, first: before?.first ?? timestamp, last: timestamp };
  }
  return counters;
}
