/** The tone of what a person said, where an event carries it in `properties.sentiment`. */
import type { Json } from '../language/json.js';
import type { Interaction } from './interaction.js';
import { meanOf, whereOf } from './single-view-satisfaction.js';

/** From -1, very negative, to 1, very positive. */
export interface SentimentProfile {
  readonly count: number;
  readonly mean?: number;
  readonly latest?: { readonly value: number; readonly event: string; readonly channel: string; readonly at: string };
}

/** From interactions in order of timestamp. */
export function tellSentiment(interactions: readonly Interaction[]): SentimentProfile {
  const said = interactions.flatMap((one) => {
    const value = valueOf(Object.hasOwn(one.properties, 'sentiment') ? one.properties['sentiment'] : undefined);
    return value === undefined ? [] : [{ value, one }];
  });
  const latest = said.at(-1);
  return {
    count: said.length,
    ...(latest && {
      mean: meanOf(said.map(({ value }) => value)),
      latest: { value: latest.value, ...whereOf(latest.one) },
    }),
  };
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['very negative', -1],
  ['negative', -0.5],
  ['neutral', 0],
  ['mixed', 0],
  ['positive', 0.5],
  ['very positive', 1],
]);

function valueOf(said: Json | undefined): number | undefined {
  if (typeof said === 'number') return said >= -1 && said <= 1 ? said : undefined;
  return typeof said === 'string'
    ? WORDS.get(
        said
          .trim()
          .toLowerCase()
          .replaceAll(/[\s_-]+/g, ' '),
      )
    : undefined;
}
