import type { Definitions } from './language/definitions.js';
import type { LeverDefinition } from './language/levers-definition.js';
import type { OfferDefinition } from './language/offer-definition.js';
import type { PlacementDefinition } from './language/placement-definition.js';
import type { Lever, Offer, OfferPropensities, PlacementScore, Rule, Window } from './rulebook.js';

/** What the score of a placement is made of; undefined where it goes by priority. */
export function compileScore(
  { arbitration, score = {} }: PlacementDefinition,
  mean: () => number | undefined,
): PlacementScore | undefined {
  if (arbitration !== 'score') return undefined;
  const { propensity = true, weight = true, value = true, lever = true } = score;
  return { propensity, weight, value, lever, mean: mean() };
}

/** A number is the same for everybody. */
export function compilePropensity({ propensity }: OfferDefinition): OfferPropensities | undefined {
  if (typeof propensity !== 'object')
    return propensity === undefined ? undefined : { segments: [], otherwise: propensity };
  return { segments: Object.entries(propensity.segments), otherwise: propensity.otherwise };
}

/** By offer, the levers on it in the order written. */
export function compileLevers(
  { levers, offers }: Definitions,
  windowOf: (lever: LeverDefinition) => Window,
): Map<string, Lever[]> {
  const found = new Map<string, Lever[]>();
  for (const [at, lever] of (levers?.levers ?? []).entries()) {
    const compiled = compileLever(lever, `lever ${at + 1}`, windowOf(lever));
    const groups = new Set(lever.groups);
    const named = new Set(lever.offers);
    for (const [id, { group }] of offers) {
      if (!named.has(id) && (group === undefined || !groups.has(group))) continue;
      const list = found.get(id);
      if (list) list.push(compiled);
      else found.set(id, [compiled]);
    }
  }
  return found;
}

function compileLever({ name, placements, factor = 1, tier }: LeverDefinition, ordinal: string, window: Window): Lever {
  return { name: name ?? ordinal, placements: placements && new Set(placements), factor, tier, window };
}

/**
 * Reckons the mean propensity of the offers that rules put forward in a placement, each once, by the places of those
 * rules. An offer counts by its own number; one that has a table without `otherwise` by the mean of the table.
 * Undefined where nothing is known of any.
 */
export function propensityMeans(
  offers: readonly Pick<Offer, 'id' | 'propensity'>[],
  rules: readonly Rule[],
): (places: Int32Array | undefined) => number | undefined {
  const known = new Map(offers.map(({ id, propensity }) => [id, propensity && typical(propensity)]));
  return (places = new Int32Array()) => {
    const proposed = new Set(Array.from(places, (place) => rules[place]?.offer ?? ''));
    return meanOf([...proposed].map((offer) => known.get(offer)).filter((one) => one !== undefined));
  };
}

function typical({ segments, otherwise }: OfferPropensities): number | undefined {
  return otherwise ?? meanOf(segments.map(([, propensity]) => propensity));
}

function meanOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
