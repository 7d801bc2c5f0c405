/** What was decided for a person and what became of it, as the API tells it. */
import { iso } from '../../engine/language/millis.js';
import { itemRef, type Contact, type ContactEvent } from '../../engine/visitor/contacts.js';
import type { LoggedDecision } from '../../stores/decision-log.js';
import type { RememberedContacts } from '../contacts/remembered-contacts.js';

/** One decision. */
export interface DecisionProfile {
  readonly decisionId: string;
  readonly at: string;
  /** The id of the person that was asked for. */
  readonly visitorId: string;
  /** The number of the release that decided. */
  readonly release: number;
  readonly placements: readonly PlacementProfile[];
}

/** What was decided for a placement. */
export interface PlacementProfile {
  readonly placement: string;
  readonly reason: string;
  /** In their order; none where nothing was offered. */
  readonly items: readonly OfferProfile[];
}

/** One offer that was made. */
export interface OfferProfile {
  readonly offer: string;
  /** The rule that put it forward; absent for a fallback. */
  readonly rule?: string;
  /** What became of it, in order of time, as far as it is remembered; absent where nothing is. */
  readonly outcomes?: readonly OutcomeProfile[];
}

/** Something that became of an offer that was made. */
export interface OutcomeProfile {
  readonly outcome: Exclude<ContactEvent, 'decided' | 'released'>;
  readonly at: string;
  readonly channel?: string;
  /** Of one that is `dismissed`: it was only put off until then. */
  readonly until?: string;
}

/** Tells decisions, each item with the contacts that name it. */
export function tellDecisions(
  decisions: readonly LoggedDecision[],
  contacts: RememberedContacts | undefined,
): DecisionProfile[] {
  const byItem = Map.groupBy(contacts?.contacts ?? [], ({ ref, offer }) => `${ref} ${offer}`);
  return decisions.map(({ decisionId, decidedAt, visitorId, rulebookVersion, placements }) => ({
    decisionId,
    at: iso(decidedAt),
    visitorId,
    release: rulebookVersion,
    placements: placements.map(({ placement, reason, items }) => ({
      placement,
      reason,
      items: items.map(({ offer, rule }) => {
        const outcomes = tellOutcomes(byItem.get(`${itemRef(decisionId, placement)} ${offer}`) ?? []);
        return { offer, ...(rule !== undefined && { rule }), ...(outcomes.length > 0 && { outcomes }) };
      }),
    })),
  }));
}

function tellOutcomes(contacts: readonly Contact[]): OutcomeProfile[] {
  return contacts
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ event, at, channel, heldUntil }): OutcomeProfile[] =>
      event === 'decided' || event === 'released'
        ? []
        : [
            {
              outcome: event,
              at: iso(at),
              ...(channel !== undefined && { channel }),
              ...(heldUntil !== undefined && { until: iso(heldUntil) }),
            },
          ],
    );
}
