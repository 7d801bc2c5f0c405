import { startRun, type DecideInput } from '../../engine/decision-run.js';
import type { Condition } from '../../engine/language/condition-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import { factNames, findFact } from '../../engine/facts/facts.js';
import { referenceMatch } from '../check/reference-match.js';

/** A rule about which the two matchers say different things. */
export interface Disagreement {
  readonly placement: string;
  readonly rule: string;
  readonly compiled: boolean;
  readonly reference: boolean;
}

/** Decides the same request with json-rules-engine: every rule of its placements on which the two matchers differ. */
export async function findDisagreements(definitions: Definitions, input: DecideInput): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for (const { id } of input.request.placements) found.push(...(await comparePlacement(definitions, input, id)));
  return found;
}

async function comparePlacement(definitions: Definitions, input: DecideInput, id: string): Promise<Disagreement[]> {
  const placement = input.rulebook.placements.get(id);
  if (!placement) return [];
  return startRun(input).in(placement, async (run) => {
    const rules = input.rulebook.rules.get(id) ?? [];
    const conditionOf = (rule: string): Condition => definitions.rules.get(rule)?.conditions ?? { any: [] };
    const held = await referenceMatch(
      rules.map((rule) => ({ name: rule.id, conditions: conditionOf(rule.id) })),
      new Map([...definitions.segments].map(([name, segment]) => [name, segment.conditions])),
      {
        names: factNames,
        read: (fact, params) => findFact(fact, params as never)?.read(run.input, run),
      },
    );
    return rules
      .map((rule) => ({
        placement: id,
        rule: rule.id,
        compiled: run.holds(rule.when),
        reference: held.includes(rule.id),
      }))
      .filter(({ compiled, reference }) => compiled !== reference);
  });
}
