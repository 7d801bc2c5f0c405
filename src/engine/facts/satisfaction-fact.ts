import type { Json } from '../language/json.js';
import { tellSatisfaction } from '../visitor/single-view-satisfaction.js';
import { plainFact, type WantedInteraction } from './fact-declaration.js';
import type { ValueShape } from './value-shape.js';

/** How satisfied a person says they are, as rules see it. */
export interface Satisfaction {
  /** How many ratings they gave. */
  readonly ratings: number;
  /** From 0, the worst, to 1, the best; absent without ratings. */
  readonly mean?: number;
  readonly latest?: number;
  /** How often they said that something was helpful, and that it was not. */
  readonly helpful: number;
  readonly unhelpful: number;
}

const COUNT: ValueShape = { kind: 'number', min: 0, whole: true };
const SHARE: ValueShape = { kind: 'number', min: 0, max: 1, missing: true };

/** `satisfaction`: ratings and answers to "was this helpful?", told from the same words as the single view. */
export const satisfactionFact = plainFact({
  name: 'satisfaction',
  hint: 'how satisfied the person says they are, as the single view tells it; ratings from 0 to 1',
  source: 'history',
  shape: {
    kind: 'object',
    parts: { ratings: COUNT, mean: SHARE, latest: SHARE, helpful: COUNT, unhelpful: COUNT },
  },
  readsVisitor: true,
  scoped: false,
  cost: 60,
  compile:
    () =>
    ({ visitor, now, singleView }): Satisfaction => {
      const policy = singleView.satisfaction;
      const heard = visitor
        .interactions()
        .until(now, policy.looksAt, (event, mayHave) => policy.isRating(event) || policy.helpful.some(mayHave));
      const { ratings, helpful } = tellSatisfaction(heard, policy);
      const { count, mean, latest } = ratings;
      return {
        ratings: count,
        ...(mean !== undefined && { mean }),
        ...(latest && { latest: latest.value }),
        helpful: helpful.yes,
        unhelpful: helpful.no,
      };
    },
  bringAbout,
});

/** In the usual words: with others it is tried in vain. */
function bringAbout([part]: readonly string[], value: Json | undefined): readonly WantedInteraction[] {
  if (typeof value !== 'number') return [];
  if (part === 'mean' || part === 'latest')
    return [{ ageMs: 60_000, event: 'Service Rated', properties: { score: value * 10, best: 10 } }];
  if (value <= 0) return [];
  if (part === 'ratings') return [{ ageMs: 60_000, event: 'Service Rated', properties: { score: 9 } }];
  return [{ ageMs: 60_000, properties: { helpful: part === 'helpful' } }];
}
