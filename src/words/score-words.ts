import type { ExplainedRule, Outscored } from '../engine/explain/explanation.js';
import type { KnownPropensity } from '../engine/score.js';
import { counted } from './counted.js';

type Score = NonNullable<ExplainedRule['scored']>;

/** What a score is made of: `score 3.6 = propensity 0.12 (of the offer) x weight 1 x value 20 x levers 1.5 (Push)`. */
export function scoreText({ score, tier, factors }: Score): string {
  const { propensity, weight, value, lever } = factors;
  const parts = [
    ...(propensity ? [`propensity ${short(propensity.value)} (${fromText(propensity)})`] : []),
    ...(weight === undefined ? [] : [`weight ${short(weight)}`]),
    ...(value === undefined ? [] : [`value ${short(value)}`]),
    ...(lever && lever.names.length > 0 ? [`levers ${short(lever.value)} (${lever.names.join(', ')})`] : []),
  ];
  const made = parts.length === 0 ? '' : ` = ${parts.join(' x ')}`;
  return `score ${short(score)}${made}${tier === 0 ? '' : `, in tier ${tier}`}`;
}

/** How far an offer was from the answer: `one place lower than loan by 0.02`. */
export function outscoredText({ by, places, score, tier }: Outscored): string {
  const lacking =
    tier === undefined ? (score === 0 ? 'with the same score' : `by ${short(score ?? 0)}`) : tierText(tier);
  return `${places === 1 ? 'one place' : counted(places, 'place')} lower than ${by} ${lacking}`;
}

function tierText(tier: number): string {
  return tier === 1 ? 'by one tier' : `by ${counted(tier, 'tier')}`;
}

const FROM: Readonly<Record<KnownPropensity['from'], string>> = {
  VISITOR: 'uploaded for this visitor',
  UPLOADED: 'uploaded for',
  SEGMENT: 'of the offer for',
  OFFER: 'of the offer',
  MEAN: "the mean of the placement's offers",
  NEUTRAL: 'nothing is known',
};

function fromText({ from, segment }: KnownPropensity): string {
  return `${FROM[from]}${segment === undefined ? '' : ` ${segment}`}`;
}

/** Four digits are enough for people; the explanation as JSON has them all. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
