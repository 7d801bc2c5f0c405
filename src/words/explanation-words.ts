import type { Gate } from '../engine/answer.js';
import type {
  ExplainedConsent,
  ExplainedFallback,
  ExplainedRule,
  PlacementExplanation,
  ScopeReason,
} from '../engine/explain/explanation.js';

/** Which gate stopped the offer of a rule that holds, and what it says. */
export function stoppedText(rule: ExplainedRule): string {
  const { gate, betterRule, priority } = rule;
  const by = betterRule === undefined ? '' : `; ${betterRule} puts it forward, and comes first`;
  return gate === undefined ? 'stopped' : `${gate}: ${gateText(gate, rule)} (priority ${priority}${by})`;
}

const GATES: Readonly<Record<Gate, string>> = {
  SCHEDULED: 'the offer is not in force',
  NOT_ELIGIBLE: 'the visitor is not eligible for the offer',
  NO_CONSENT: 'the visitor has not consented',
  SUPPRESSED: 'contact policy holds it back',
  CAPPED: 'a cap is reached',
  OUTRANKED: 'others came first',
  DUPLICATE: 'the offer, or one of its group, is in the answer already',
  HELD_OUT: 'the visitor is in the holdout',
  NO_CONTENT: 'there is nothing to show',
};

function gateText(gate: Gate, { consent, noContent, schedule }: ExplainedRule): string {
  if (consent) return consentText(consent);
  if (noContent)
    return noContent === 'VALUE'
      ? 'a value that its texts need is missing'
      : 'no treatment fits the placement or the channel';
  return gate === 'SCHEDULED' ? `${GATES[gate]}${scheduleText(schedule)}` : GATES[gate];
}

/** That the visitor has not consented, to what, and what they said. */
export function consentText({ purpose, state }: ExplainedConsent): string {
  return `${GATES.NO_CONSENT} to ${purpose} (${state === 'UNREAD' ? 'the visitor could not be read' : state.toLowerCase()})`;
}

/** Why a rule does not speak here and now. */
export function scopeText(
  reason: ScopeReason,
  { channels = [], schedule }: ExplainedRule,
  { channel }: PlacementExplanation,
): string {
  switch (reason) {
    case 'CHANNEL':
      return `speaks for ${channels.join(', ')}, not for ${channel ?? 'a request without a channel'}`;
    case 'TOO_EARLY':
      return `not in force yet${scheduleText(schedule)}`;
    case 'TOO_LATE':
      return `no longer in force${scheduleText(schedule)}`;
    case 'OFFER_NOT_LIVE':
      return 'its offer is not live';
  }
}

function scheduleText({ from, until }: NonNullable<ExplainedRule['schedule']> = {}): string {
  return `${from === undefined ? '' : `, from ${from}`}${until === undefined ? '' : `, until ${until}`}`;
}

/** Why a fallback was wanted. */
export const BECAUSE: Readonly<Record<NonNullable<ExplainedFallback['because']>, string>> = {
  NO_RULES: 'no rule speaks for this placement',
  NONE_MATCHED: 'no rule holds',
  ALL_STOPPED: 'every offer put forward was stopped',
};
