import { findGate, NO_CONSENT, OUTRANKED, type Gate } from '../engine/gates.js';
import type {
  ExplainedConsent,
  ExplainedFallback,
  ExplainedRule,
  OfferFates,
  ScopeReason,
} from '../engine/explain/explanation.js';
import { limitText } from './limit-words.js';
import { outscoredText, scoreText } from './score-words.js';

/** Which gate stopped the offer of a rule that holds, and what it says. */
export function stoppedText(rule: ExplainedRule): string {
  const { gate, betterRule, priority, scored } = rule;
  const by = betterRule === undefined ? '' : `; ${betterRule} puts it forward, and comes first`;
  const stands = scored ? scoreText(scored) : `priority ${priority}`;
  return gate === undefined ? 'stopped' : `${gate}: ${gateText(gate, rule)} (${stands}${by})`;
}

function gateText(gate: Gate, rule: ExplainedRule): string {
  const { consent, noContent, noContentWhy, schedule, outscored } = rule;
  if (consent) return consentText(consent);
  if (noContent)
    return noContent === 'VALUE'
      ? `a value that its texts need is missing${because(noContentWhy)}`
      : 'no treatment fits the placement or the channel';
  const { words, tells } = findGate(gate);
  if (tells === 'limit') return limitText(gate, rule);
  if (outscored) return `${words}: ${outscoredText(outscored)}`;
  return tells === 'schedule' ? `${words}${scheduleText(schedule)}` : words;
}

function because(why: string | undefined): string {
  return why === undefined ? '' : `: ${why}`;
}

/** That the visitor has not consented, to what, and what they said. */
export function consentText(consent: ExplainedConsent): string {
  return `${NO_CONSENT.words}${toPurpose(consent)}`;
}

/** To what, and what they said. */
function toPurpose({ purpose, state }: ExplainedConsent): string {
  return ` to ${purpose} (${state === 'UNREAD' ? 'the visitor could not be read' : state.toLowerCase()})`;
}

/** Why an offer is not in the answer for a placement, rule by rule in one sentence; all its rules must be there. */
export function whyNotText(offer: string, explained: OfferFates): string {
  const rules = explained.rules.filter((rule) => rule.offer === offer);
  if (rules.length > 0) return rules.map((rule) => whyNotBy(rule, explained)).join('; ');
  return `no live rule puts ${offer} forward there`;
}

function whyNotBy(rule: ExplainedRule, explained: OfferFates): string {
  const { rule: id, outOfScope = [], verdict } = rule;
  switch (verdict) {
    case 'OUT_OF_SCOPE':
      return `${id}: ${outOfScope.map((reason) => scopeText(reason, rule, explained)).join(', ')}`;
    case 'NOT_MATCHED':
      return `the conditions of ${id} do not hold`;
    case 'STOPPED':
      return `${id} holds, but ${stopText(rule)}`;
    case 'WON':
      return `${id} has brought it into the answer`;
  }
}

function stopText(rule: ExplainedRule): string {
  const { offer, gate, consent, noContent, noContentWhy, priority, outscored } = rule;
  if (noContent === 'VALUE') return `a value that the templates of ${offer} need is missing${because(noContentWhy)}`;
  if (noContent === 'TREATMENT') return `no treatment of ${offer} fits the placement or the channel`;
  if (outscored) return `others come first: it is ${outscoredText(outscored)}`;
  if (gate === OUTRANKED.name) return `others come first (its priority is ${priority})`;
  if (gate !== undefined && findGate(gate).tells === 'limit')
    return `${offer} is stopped: ${gate}, ${limitText(gate, rule)}`;
  return `${offer} is stopped${gate === undefined ? '' : `: ${gate}`}${consent ? toPurpose(consent) : ''}`;
}

/** Why a rule does not speak here and now. */
export function scopeText(
  reason: ScopeReason,
  { channels = [], schedule }: ExplainedRule,
  { channel }: OfferFates,
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
