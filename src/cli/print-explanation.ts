import { styleText } from 'node:util';
import type {
  ExplainedFallback,
  ExplainedRule,
  PlacementExplanation,
  WithheldFacts,
} from '../engine/explain/explanation.js';
import { mark, missingLines, treeLines } from './condition-lines.js';
import { missText } from '../words/condition-words.js';
import { counted } from '../words/counted.js';
import { limitText } from '../words/limit-words.js';
import { BECAUSE, consentText, scopeText, stoppedText } from '../words/explanation-words.js';
import { outscoredText, scoreText } from '../words/score-words.js';

/** Why a placement is answered so, for people: the winners, then who lost and why, then who came nearest. */
export function explanationText(explained: PlacementExplanation): string {
  const { channel, rules, rulesLeftOut = 0, fallback, withheld = [] } = explained;
  const ordered = [...rules].sort(
    (a, b) => ORDER[a.verdict] - ORDER[b.verdict] || (a.position ?? 0) - (b.position ?? 0),
  );
  const lines = [
    styleText('underline', `Why, by rule${channel === undefined ? '' : ` (channel ${channel})`}`),
    ...ordered.flatMap((rule) => ruleLines(rule, explained)),
    ...(rules.length === 0 ? ['no live rule speaks for this placement'] : []),
    ...(rulesLeftOut > 0
      ? [styleText('dim', `… and ${counted(rulesLeftOut, 'rule')} more that put nothing forward`)]
      : []),
    ...withheld.map(withheldLine),
    ...(fallback ? [fallbackLine(fallback)] : []),
    ...nearestLines(explained.nearestMiss),
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

const ORDER: Readonly<Record<ExplainedRule['verdict'], number>> = {
  WON: 0,
  STOPPED: 1,
  NOT_MATCHED: 2,
  OUT_OF_SCOPE: 3,
};

function ruleLines(rule: ExplainedRule, explained: PlacementExplanation): string[] {
  const head = (mark: string, why: string): string => `${mark} ${styleText('bold', rule.rule)} → ${rule.offer}  ${why}`;
  const below = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  switch (rule.verdict) {
    case 'WON':
      return [
        head(mark(true), styleText('green', `won place ${rule.position}, ${wonText(rule)}`)),
        ...below(treeLines(rule.conditions)),
      ];
    case 'STOPPED':
      return [
        head(styleText('yellow', '✗'), styleText('yellow', stoppedText(rule))),
        ...below(rule.eligibility ? missingLines(rule.eligibility) : []),
      ];
    case 'NOT_MATCHED':
      return [head(mark(rule.conditions.result), notMatchedText(rule)), ...below(missingLines(rule.conditions))];
    case 'OUT_OF_SCOPE':
      return [
        styleText(
          'dim',
          head('-', (rule.outOfScope ?? []).map((reason) => scopeText(reason, rule, explained)).join('; ')),
        ),
      ];
  }
}

function wonText({ scored, score }: ExplainedRule): string {
  return scored ? scoreText(scored) : `score ${score}`;
}

function notMatchedText({ conditions, priority }: ExplainedRule): string {
  return (
    `${conditions.result === 'unknown' ? 'not known, as the visitor could not be read' : 'does not hold'} ` +
    `(priority ${priority})`
  );
}

function withheldLine({ facts, ...consent }: WithheldFacts): string {
  return styleText('dim', `Not looked at: ${facts.join(', ')}; ${consentText(consent)}.`);
}

function fallbackLine(fallback: ExplainedFallback): string {
  const { offer, verdict, because, gate, consent } = fallback;
  const why = because === undefined ? '' : `, as ${BECAUSE[because]}`;
  switch (verdict) {
    case 'SHOWN':
      return `Fallback: ${offer} is shown${why}.`;
    case 'NOT_NEEDED':
      return styleText('dim', `Fallback: ${offer} was not needed.`);
    case 'STOPPED':
      return `Fallback: ${offer} is wanted${why}, but stopped: ${gate}${stopDetails(gate, fallback, consent)}.`;
    case 'NOT_LIVE':
      return `Fallback: ${offer} is wanted${why}, but is not live.`;
  }
}

function stopDetails(
  gate: ExplainedFallback['gate'],
  fallback: ExplainedFallback,
  consent: ExplainedFallback['consent'],
): string {
  if (consent) return `, ${consentText(consent)}`;
  const isLimit = gate !== undefined && (fallback.cap ?? fallback.policy ?? fallback.lease ?? fallback.notKnown);
  return isLimit ? `, ${limitText(gate, fallback)}` : '';
}

type Nearest = NonNullable<PlacementExplanation['nearestMiss']>;

function nearestLines(nearest: Nearest | undefined): string[] {
  if (!nearest) return [];
  if (nearest.outscored) return [outscoredLine(nearest, nearest.outscored)];
  const head = `${styleText('bold', 'Nearest miss:')} ${nearest.rule} would have won with ${nearest.offer} had`;
  const consent = nearest.consent === undefined ? [] : [`the visitor consented to ${nearest.consent}`];
  const limit = nearest.limit
    ? [`it not been ${nearest.limit.gate}: ${limitText(nearest.limit.gate, nearest.limit)}`]
    : [];
  const [only, ...more] = [...nearest.conditions.map(missText), ...consent, ...limit];
  return more.length === 0 ? [`${head} ${only ?? ''}.`] : [head, ...[only ?? '', ...more].map((text) => `  - ${text}`)];
}

function outscoredLine({ rule, offer }: Nearest, outscored: NonNullable<Nearest['outscored']>): string {
  return `${styleText('bold', 'Nearest miss:')} ${rule} → ${offer} stands ${outscoredText(outscored)}.`;
}
