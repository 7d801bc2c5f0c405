import { compileQuery } from './facts/interaction-query.js';
import { tellInteraction } from './visitor/interaction.js';
import { type PlacedFacts, type PlacedRun, channelOf } from './decision-run.js';
import type { RenderedTreatment } from './answer.js';
import type { DecisionFacts } from './facts/decision-facts.js';
import { NO_CONTENT, OVER_BUDGET } from './gates.js';
import type { Offer, Renderer, TemplateScope } from './rulebook.js';
import type { TextBudget } from './text-budget.js';

/** What rendering goes by besides the run. */
export interface Rendering {
  readonly budget: TextBudget;
  /** Hears why there is nothing to show, where a value is missing or too much would have to be done. */
  readonly told?: (why: string) => void;
}

/** How an offer looks in the placement of the run, or the gate that stops it: nothing to show, or too costly. */
export function renderOffer(
  offer: Offer,
  run: PlacedRun,
  { budget, told }: Rendering,
): RenderedTreatment | NothingToShow {
  const treatment = treatmentFor(offer, run.input);
  if (!treatment) return NO_CONTENT.name;
  const rendered = treatment({ ...templateScope(run.input), budget }, told);
  if (rendered) return rendered;
  if (!budget.isOver) return NO_CONTENT.name;
  budget.refused.push(offer.id);
  return OVER_BUDGET.name;
}

/** Why an offer does not look like anything. */
export type NothingToShow = typeof NO_CONTENT.name | typeof OVER_BUDGET.name;

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
