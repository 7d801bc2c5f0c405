import type { Interaction } from './interaction.js';
import type { SingleViewPolicy } from './single-view-policy.js';
import { tellSatisfaction, type SatisfactionProfile } from './single-view-satisfaction.js';
import { tellSentiment, type SentimentProfile } from './single-view-sentiment.js';
import { tellSupport, type SupportProfile } from './single-view-support.js';

/** What a person's interactions say of how things stand with them. */
export interface SingleView {
  readonly satisfaction: SatisfactionProfile;
  readonly sentiment: SentimentProfile;
  readonly support: SupportProfile;
}

/** From interactions in order of timestamp, by the same words as the facts of these names. */
export function singleViewOf(interactions: readonly Interaction[], policy: SingleViewPolicy): SingleView {
  return {
    satisfaction: tellSatisfaction(interactions, policy.satisfaction),
    sentiment: tellSentiment(interactions, policy.sentiment),
    support: tellSupport(interactions, policy.support),
  };
}
