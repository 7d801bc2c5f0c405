import type { Json } from '../language/json.js';
import { tellSentiment } from '../visitor/single-view-sentiment.js';
import { plainFact, type WantedInteraction } from './fact-declaration.js';
import type { ValueShape } from './value-shape.js';

/** The tone of what a person said, as rules see it. */
export interface Sentiment {
  /** How often a tone was told. */
  readonly count: number;
  /** From -1, very negative, to 1, very positive; absent where none was told. */
  readonly mean?: number;
  readonly latest?: number;
}

const MOOD: ValueShape = { kind: 'number', min: -1, max: 1, missing: true };

/** `sentiment`: the tone of what a person said, told from the same words as the single view. */
export const sentimentFact = plainFact({
  name: 'sentiment',
  hint: 'the mood of the person, as the single view tells it, from -1, very negative, to 1, very positive',
  source: 'history',
  shape: { kind: 'object', parts: { count: { kind: 'number', min: 0, whole: true }, mean: MOOD, latest: MOOD } },
  readsVisitor: true,
  scoped: false,
  cost: 60,
  compile:
    () =>
    ({ visitor, now, singleView }): Sentiment => {
      const policy = singleView.sentiment;
      const heard = visitor
        .interactions()
        .until(now, policy.looksAt, (_event, mayHave) => policy.properties.some(mayHave));
      const { count, mean, latest } = tellSentiment(heard, policy);
      return { count, ...(mean !== undefined && { mean }), ...(latest && { latest: latest.value }) };
    },
  bringAbout,
});

/** In the usual words: with others it is tried in vain. */
function bringAbout([part]: readonly string[], value: Json | undefined): readonly WantedInteraction[] {
  if (typeof value !== 'number') return [];
  return [{ ageMs: 60_000, properties: { sentiment: part === 'mean' || part === 'latest' ? value : 0 } }];
}
