import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest, type Problem } from '../errors.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import type { DecisionAsk } from './decision-request.js';

/**
 * Throws {@link InvalidRequest} for placements that no rulebook here knows. One that only the canary knows is answered
 * empty for those whom it does not serve.
 */
export function refuseUnknownPlacements(
  { placements }: Pick<DecisionAsk, 'placements'>,
  serving: ServingRulebooks,
): void {
  if (placements.every(({ id }) => serving.hasPlacement(id))) return;
  const problems = placements.flatMap(({ id }, index) =>
    serving.hasPlacement(id) ? [] : [unknownPlacement(id, index, serving.live)],
  );
  if (problems.length > 0) throw new InvalidRequest(problems);
}

function unknownPlacement(id: string, index: number, { placements }: Rulebook): Problem {
  return {
    path: `placements[${index}]`,
    message:
      `there is no placement "${id.slice(0, 64)}"; the placements are ` + `${[...placements.keys()].sort().join(', ')}`,
  };
}
