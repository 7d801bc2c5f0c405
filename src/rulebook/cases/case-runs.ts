import type { DecideInput } from '../../engine/decision-run.js';
import type { Definition, Definitions } from '../../engine/language/definitions.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { type Consent, visitorView } from '../../engine/visitor/visitor.js';
import { instant } from '../read/instant.js';
import { caseContacts, caseLimits } from './case-limits.js';

type Case = Definition<'cases'>;
type CaseConsents = NonNullable<NonNullable<Case['visitor']>['consents']>;

/** A case with what its decision depends on. */
export interface CaseRun {
  readonly id: string;
  readonly written: Case;
  readonly input: DecideInput;
}

/** Every case, ready to be decided, in the order of their ids. */
export function caseRuns(definitions: Definitions, rulebook: Rulebook): CaseRun[] {
  const cases = [...definitions.cases].sort(([a], [b]) => (a < b ? -1 : 1));
  return cases.map(([id, written]) => ({ id, written, input: caseInput(id, written, rulebook) }));
}

function caseInput(id: string, { visitor, request, now, limits }: Case, rulebook: Rulebook): DecideInput {
  return {
    rulebook,
    ...(limits && { limits: caseLimits(limits, rulebook) }),
    now: instant(now),
    request: {
      placements: request.placements.map((one) => (typeof one === 'string' ? { id: one } : one)),
      context: request.context ?? {},
      ...(request.channel !== undefined && { channel: request.channel }),
    },
    visitor: visitorView({
      visitorId: visitor?.id ?? id,
      traits: visitor?.traits ?? {},
      // Without a channel it happened on the web, as in most stories.
      interactions: (visitor?.interactions ?? []).map(
        ({ timestamp, channel = 'web', properties = {}, ...one }, at) => ({
          event: one.event,
          timestamp: instant(timestamp),
          channel,
          properties,
          messageId: one.messageId ?? `case-${at}`,
        }),
      ),
      contacts: caseContacts(visitor?.contacts ?? [], rulebook),
      goals: (visitor?.interactions ?? []).map(({ event, timestamp }) => ({ event, at: instant(timestamp) })),
      consents: Object.fromEntries(
        Object.entries(visitor?.consents ?? {}).map(([purpose, said]) => [purpose, toConsent(said)]),
      ),
    }),
  };
}

function toConsent(said: CaseConsents[string]): Consent {
  const { status, until } = typeof said === 'string' ? { status: said, until: undefined } : said;
  return { granted: status === 'granted', until: until === undefined ? undefined : instant(until) };
}
