import {
  type Comparison,
  type Condition,
  isFactReference,
  isConditionTree,
} from '../../engine/language/condition-definition.js';
import { isObject } from '../../engine/language/is-object.js';
import type { JsonObject } from '../../engine/language/json.js';
import { negation } from '../logic/formula.js';
import type { Address, Proof } from '../logic/proof.js';
import type { RuleSet } from './rule-set.js';
import { said } from './said.js';
import { comparisonsIn, listedParts, type ListedPart, type Path } from './written-part.js';

/**
 * Of a condition that may hold: the parts of its `any` that never do, the parts of its `all` that always do, and
 * `where` that no interaction satisfies.
 */
export function deadParts(set: RuleSet, condition: Condition, at: Address): Proof[] {
  const proven: Proof[] = [];
  for (const part of listedParts(condition, at.path)) {
    const proof = proven.some((one) => isInside(part.path, one.at.path)) ? undefined : partProof(set, part, at);
    if (proof) proven.push(proof);
  }
  return [
    ...proven,
    ...comparisonsIn(condition, at.path).flatMap((part) =>
      whereProofs(set, part.condition as Comparison, { ...at, path: part.path }),
    ),
  ];
}

function partProof(
  { vocabulary, solver }: RuleSet,
  { condition, path, list }: ListedPart,
  { kind, id }: Address,
): Proof | undefined {
  // A segment that never holds is reported at its own file.
  if ('condition' in condition || ('all' in condition && condition.all.length === 0)) return undefined;
  const formula = vocabulary.formula(condition);
  const at = { kind, id, path };
  if (list === 'any') {
    if (!solver.isImpossible([formula])) return undefined;
    return {
      kind: 'never-holds',
      severity: 'warning',
      at,
      message: `this part of "any" can never hold: ${said(condition)}`,
    };
  }
  if (!solver.isImpossible([negation(formula)])) return undefined;
  return {
    kind: 'always-holds',
    severity: 'note',
    at,
    message: `this part of "all" always holds and could be left out: ${said(condition)}`,
  };
}

function whereProofs({ vocabulary, solver }: RuleSet, comparison: Comparison, at: Address): Proof[] {
  const places: [Path, JsonObject | undefined][] = [
    [[], comparison.params],
    [['value'], isFactReference(comparison.value) ? comparison.value.params : undefined],
  ];
  return places.flatMap(([path, params]) => {
    const where = params?.['where'];
    if (!isObject(where) || !isConditionTree(where)) return [];
    const condition = ofProperties(where as unknown as Condition);
    if (!solver.isImpossible([vocabulary.formula(condition)])) return [];
    return [
      {
        kind: 'never-holds',
        severity: 'warning',
        at: { ...at, path: [...at.path, ...path, 'params', 'where'] },
        message: `no interaction can ever satisfy this "where": ${said(where as unknown as Condition)}`,
      },
    ] as const;
  });
}

/** In `where`, facts are properties, which may go by the names of facts. */
function ofProperties(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(ofProperties) };
  if ('any' in condition) return { any: condition.any.map(ofProperties) };
  if ('not' in condition) return { not: ofProperties(condition.not) };
  if ('condition' in condition) return condition;
  const value: unknown = condition.value;
  const right = isFactReference(value) ? { ...value, fact: `property ${value.fact}` } : value;
  return { ...condition, fact: `property ${condition.fact}`, value: right } as Comparison;
}

function isInside(path: Path, outer: Path): boolean {
  return path.length > outer.length && outer.every((step, index) => path[index] === step);
}
