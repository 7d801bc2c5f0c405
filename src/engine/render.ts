import { compileQuery } from './facts/interaction-query.js';
import { tellInteraction } from './visitor/interaction.js';
import { type PlacedFacts, type PlacedRun, channelOf } from './decision-run.js';
import type { RenderedTreatment } from './answer.js';
import type { DecisionFacts } from './facts/decision-facts.js';
import type { Offer, Renderer, TemplateScope } from './rulebook.js';

/**
 * How an offer looks in the placement of the run; undefined when it has no treatment there or a value is missing, of
 * which `told` hears.
 */
export function renderOffer(offer: Offer, run: PlacedRun, told?: (why: string) => void): RenderedTreatment | undefined {
  return treatmentFor(offer, run.input)?.(templateScope(run.input), told);
}

/** The treatment of an offer in the placement of the run: looked up by placement, then by channel, then `*`. */
export function treatmentFor({ treatments }: Offer, facts: PlacedFacts): Renderer | undefined {
  const byPlacement = treatments.get(facts.placement.id);
  return byPlacement ?? treatments.get(channelOf(facts) ?? '*') ?? treatments.get('*');
}

function templateScope({ visitor, context, now, placement }: DecisionFacts): TemplateScope {
  return {
    profile: visitor.traits,
    context,
    now,
    placement,
    interactions(event) {
      const log = visitor.interactions();
      const query = compileQuery({ event });
      const [first, last] = [query.first(log, now), query.last(log, now)];
      if (!first || !last) return undefined;
      return {
        count: query.count(log, now),
        first: tellInteraction(log.interaction(first)),
        last: tellInteraction(log.interaction(last)),
      };
    },
  };
}
