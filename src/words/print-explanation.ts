import { styleText } from 'node:util';
import type { ExplainedConsent, ExplainedFallback, ExplainedRule, PlacementExplanation, ScopeReason, WithheldFacts } from '../engine/explain/explanation.js';
import type { Gate } from '../engine/types.js';
import { mark, missingLines, treeLines } from './condition-lines.js';
import { missText } from './condition-words.js';
import { counted } from './counted.js';

/** Why a placement is answered so, for people: the winners, then who lost and why, then who came nearest. */
export function explanationText(explained: PlacementExplanation): string {
  const { channel, rules, rulesLeftOut = 0, fallback, withheld = [] } = explained;
  const told = [...rules].sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || (a.position ?? 0) - (b.position ?? 0));
  const lines = [
    styleText('underline', `Why, by rule${channel === undefined ? '' : ` (channel ${channel})`}`),
    ...told.flatMap((rule) => ruleLines(rule, explained)),
    ...(rules.length === 0 ? ['no live rule speaks for this placement'] : []),
    ...(rulesLeftOut > 0 ? [styleText('dim', `… and ${counted(rulesLeftOut, 'rule')} more that put nothing forward`)] : []),
    ...withheld.map(withheldLine),
    ...(fallback ? [fallbackLine(fallback)] : []),
    ...nearestLines(explained.nearestMiss),
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

const ORDER: Readonly<Record<ExplainedRule['verdict'], number>> = { WON: 0, STOPPED: 1, NOT_MATCHED: 2, OUT_OF_SCOPE: 3 };

function ruleLines(rule: ExplainedRule, explained: PlacementExplanation): string[] {
  const head = (mark: string, why: string): string => `${mark} ${styleText('bold', rule.rule)} → ${rule.offer}  ${why}`;
  const below = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  switch (rule.verdict) {
    case 'WON':
      return [head(mark(true), styleText('green', `won place ${rule.position}, score ${rule.score}`)), ...below(treeLines(rule.conditions))];
    case 'STOPPED':
      return [head(styleText('yellow', '✗'), styleText('yellow', stoppedText(rule))), ...below(rule.eligibility ? missingLines(rule.eligibility) : [])];
    case 'NOT_MATCHED':
      return [head(mark(rule.conditions.result), notMatchedText(rule)), ...below(missingLines(rule.conditions))];
    case 'OUT_OF_SCOPE':
      return [styleText('dim', head('-', (rule.outOfScope ?? []).map((reason) => scopeText(reason, rule, explained)).join('; ')))];
  }
}

function notMatchedText({ conditions, priority }: ExplainedRule): string {
  return `${conditions.result === 'unknown' ? 'not known, as the visitor could not be read' : 'does not hold'} (priority ${priority})`;
}

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
  if (noContent) return noContent === 'VALUE' ? 'a value that its texts need is missing' : 'no treatment fits the placement or the channel';
  return gate === 'SCHEDULED' ? `${GATES[gate]}${scheduleText(schedule)}` : GATES[gate];
}

function consentText({ purpose, state }: ExplainedConsent): string {
  return `${GATES.NO_CONSENT} to ${purpose} (${state === 'UNREAD' ? 'the visitor could not be read' : state.toLowerCase()})`;
}

function withheldLine({ facts, ...consent }: WithheldFacts): string {
  return styleText('dim', `Not looked at: ${facts.join(', ')}; ${consentText(consent)}.`);
}

/** Why a rule does not speak here and now. */
export function scopeText(reason: ScopeReason, { channels = [], schedule }: ExplainedRule, { channel }: PlacementExplanation): string {
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

function fallbackLine({ offer, verdict, because, gate, consent }: ExplainedFallback): string {
  const why = because === undefined ? '' : `, as ${BECAUSE[because]}`;
  switch (verdict) {
    case 'SHOWN':
      return `Fallback: ${offer} is shown${why}.`;
    case 'NOT_NEEDED':
      return styleText('dim', `Fallback: ${offer} was not needed.`);
    case 'STOPPED':
      return `Fallback: ${offer} is wanted${why}, but stopped: ${gate}${consent ? `, ${consentText(consent)}` : ''}.`;
    case 'NOT_LIVE':
      return `Fallback: ${offer} is wanted${why}, but is not live.`;
  }
}

function nearestLines(nearest: PlacementExplanation['nearestMiss']): string[] {
  if (!nearest) return [];
  const head = `${styleText('bold', 'Nearest miss:')} ${nearest.rule} would have won with ${nearest.offer} had`;
  const consent = nearest.consent === undefined ? [] : [`the visitor consented to ${nearest.consent}`];
  const [only, ...more] = [...nearest.conditions.map(missText), ...consent];
  return more.length === 0 ? [`${head} ${only ?? ''}.`] : [head, ...[only ?? '', ...more].map((text) => `  - ${text}`)];
}
