/** The tone of what a person said, by the words of a {@link SentimentPolicy}. */
import type { Json } from '../language/json.js';
import type { HeardInteraction } from './interaction.js';
import { moodWord, USUAL_POLICY, type SentimentPolicy } from './single-view-policy.js';
import { meanOf, whereOf } from './single-view-satisfaction.js';

/** From -1, very negative, to 1, very positive. */
export interface SentimentProfile {
  readonly count: number;
  readonly mean?: number;
  readonly latest?: { readonly value: number; readonly event: string; readonly channel: string; readonly at: string };
}

/** From interactions in order of timestamp. */
export function tellSentiment(
  interactions: readonly HeardInteraction[],
  policy: SentimentPolicy = USUAL_POLICY.sentiment,
): SentimentProfile {
  const said = interactions.flatMap((one) => {
    const name = policy.properties.find((known) => Object.hasOwn(one.properties, known));
    const value = name === undefined ? undefined : valueOf(one.properties[name], policy);
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

function valueOf(said: Json | undefined, { words }: SentimentPolicy): number | undefined {
  if (typeof said === 'number') return said >= -1 && said <= 1 ? said : undefined;
  return typeof said === 'string' ? words.get(moodWord(said)) : undefined;
}
