import { tellInteraction } from './interactions-fact.js';
import type { Run } from './run.js';
import { channelOf } from './match-rules.js';
import type { DecisionFacts, Offer, Renderer, RenderedTreatment, TemplateScope } from './types.js';

/** How an offer looks in the placement of the run; undefined when it has no treatment there or a value is missing. */
export function renderOffer(offer: Offer, run: Run<DecisionFacts>): RenderedTreatment | undefined {
  return treatmentFor(offer, run.input)?.(templateScope(run.input));
}

/** Looked up by placement, then by channel, then `*`. */
function treatmentFor({ treatments }: Offer, facts: DecisionFacts): Renderer | undefined {
  const byPlacement = treatments.get(facts.placement?.id ?? '*');
  return byPlacement ?? treatments.get(channelOf(facts) ?? '*') ?? treatments.get('*');
}

function templateScope({ visitor, context, now }: DecisionFacts): TemplateScope {
  return {
    profile: visitor.traits,
    context,
    now,
    interactions(event) {
      const found = visitor.interactions().filter((one) => one.event === event && one.timestamp <= now);
      const [first, last] = [found[0], found.at(-1)];
      return first && last && { count: found.length, first: tellInteraction(first), last: tellInteraction(last) };
    },
  };
}
