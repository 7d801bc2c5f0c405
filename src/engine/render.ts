import { type PlacedFacts, type PlacedRun, channelOf } from './decision-run.js';
import type { RenderedTreatment } from './answer.js';
import { NO_CONTENT, OVER_BUDGET } from './gates.js';
import type { Millis } from './language/millis.js';
import type { JsonObject } from './language/json.js';
import type { Offer, Placement, Renderer, TemplateScope } from './rulebook.js';
import type { TextBudget } from './text-budget.js';
import { ToldEvent } from './visitor/told-event.js';

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
  const rendered = treatment(new PlacedScope(run.input, budget), told);
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

/** What the texts of a placement may see. */
class PlacedScope implements TemplateScope {
  constructor(
    private readonly facts: PlacedFacts,
    readonly budget: TextBudget,
  ) {}

  get profile(): JsonObject {
    return this.facts.visitor.traits;
  }

  get context(): JsonObject {
    return this.facts.context;
  }

  get now(): Millis {
    return this.facts.now;
  }

  get placement(): Placement {
    return this.facts.placement;
  }

  interactions(event: string): ToldEvent | undefined {
    return ToldEvent.of(this.facts.visitor.interactions(), event, this.facts.now);
  }
}
