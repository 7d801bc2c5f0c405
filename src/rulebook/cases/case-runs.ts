import type { DecideInput } from '../../engine/decision-run.js';
import type { CaseConsent, CaseDefinition, CaseInteraction } from '../../engine/language/case-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Rulebook } from '../../engine/rulebook.js';
import type { Interaction } from '../../engine/visitor/interaction.js';
import type { Consent } from '../../engine/visitor/visitor.js';
import { visitorView } from '../../engine/visitor/visitor-view.js';
import { instant } from '../read/instant.js';

/** A case with what its decision depends on. */
export interface CaseRun {
  readonly id: string;
  readonly told: CaseDefinition;
  readonly input: DecideInput;
}

/** Every case, ready to be decided, in the order of their ids. */
export function caseRuns(definitions: Definitions, rulebook: Rulebook): CaseRun[] {
  const cases = [...definitions.cases].sort(([a], [b]) => (a < b ? -1 : 1));
  return cases.map(([id, told]) => ({ id, told, input: caseInput(id, told, rulebook) }));
}

function caseInput(id: string, { visitor, request, now }: CaseDefinition, rulebook: Rulebook): DecideInput {
  return {
    rulebook,
    now: instant(now),
    request: {
      placements: request.placements.map((one) => (typeof one === 'string' ? { id: one } : one)),
      context: request.context ?? {},
      ...(request.channel !== undefined && { channel: request.channel }),
    },
    visitor: visitorView({
      visitorId: visitor?.id ?? id,
      traits: visitor?.traits ?? {},
      interactions: (visitor?.interactions ?? []).map(toInteraction),
      consents: Object.fromEntries(
        Object.entries(visitor?.consents ?? {}).map(([purpose, told]) => [purpose, toConsent(told)]),
      ),
    }),
  };
}

function toConsent(told: CaseConsent): Consent {
  const { status, until } = typeof told === 'string' ? { status: told, until: undefined } : told;
  return { granted: status === 'granted', until: until === undefined ? undefined : instant(until) };
}

/** An interaction told without a channel happened on the web, as in most stories. */
function toInteraction(
  { event, timestamp, channel = 'web', properties = {}, messageId }: CaseInteraction,
  at: number,
): Interaction {
  return { event, timestamp: instant(timestamp), channel, properties, messageId: messageId ?? `case-${at}` };
}
