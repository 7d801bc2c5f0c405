import {
  type Comparison,
  type Condition,
  type FactReference,
  type SegmentReference,
  isFactReference,
} from '../../engine/language/condition-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Json } from '../../engine/language/json.js';
import { findDeclaration } from '../../engine/facts/facts.js';
import type { Rulebook } from '../../engine/rulebook.js';

/** What a condition stands in: a rule, the eligibility of an offer, or a segment. */
export type LeafOwner = 'rules' | 'offers' | 'segments';

/** A condition that holds no others: a comparison, or the name of a segment. */
export interface ConditionLeaf {
  readonly kind: LeafOwner;
  readonly id: string;
  /** Where it stands in its file: `['conditions', 'all', 0]`. */
  readonly path: readonly (string | number)[];
  readonly condition: Comparison | SegmentReference;
  /** The segments that are judged for its sake. */
  readonly segments: readonly string[];
}

/**
 * The leaves of everything that can bear on a decision, by what they stand in: the rules that are live with their offer
 * and a placement, the eligibility of those offers, and the segments that any of these names, itself or through others.
 */
export function conditionLeaves(
  definitions: Definitions,
  rulebook: Rulebook,
): ReadonlyMap<string, readonly ConditionLeaf[]> {
  const found = new Map<string, readonly ConditionLeaf[]>();
  const named = [...definitions.segments.keys()];
  const add = (kind: LeafOwner, id: string, condition: Condition | undefined): void => {
    if (!condition || found.has(ownerKey(kind, id))) return;
    const leaves = leavesIn(condition, [kind === 'offers' ? 'eligibility' : 'conditions']).map((leaf) => ({
      kind,
      id,
      ...leaf,
      segments: segmentsOf(leaf.condition, named),
    }));
    found.set(ownerKey(kind, id), leaves);
    for (const segment of leaves.flatMap((leaf) => leaf.segments))
      add('segments', segment, definitions.segments.get(segment)?.conditions);
  };
  for (const rule of rulesInPlay(rulebook)) {
    add('rules', rule.id, definitions.rules.get(rule.id)?.conditions);
    add('offers', rule.offer, definitions.offers.get(rule.offer)?.eligibility);
  }
  return found;
}

/** The rules that can put something forward: live, with a live offer and at least one live placement; sorted by id. */
export function rulesInPlay({
  rules,
  offers,
  placements,
}: Rulebook): { readonly id: string; readonly offer: string }[] {
  const placed = [...rules].flatMap(([placement, list]) => (placements.has(placement) ? list : []));
  const distinct = new Map(placed.filter(({ offer }) => offers.has(offer)).map((rule) => [rule.id, rule]));
  return [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** By what leaves are found together. */
export function ownerKey(kind: LeafOwner, id: string): string {
  return `${kind}/${id}`;
}

function leavesIn(
  condition: Condition,
  path: readonly (string | number)[],
): Pick<ConditionLeaf, 'path' | 'condition'>[] {
  if ('all' in condition) return condition.all.flatMap((child, index) => leavesIn(child, [...path, 'all', index]));
  if ('any' in condition) return condition.any.flatMap((child, index) => leavesIn(child, [...path, 'any', index]));
  if ('not' in condition) return leavesIn(condition.not, [...path, 'not']);
  return [{ path, condition }];
}

function segmentsOf(condition: Comparison | SegmentReference, all: readonly string[]): readonly string[] {
  if ('condition' in condition) return [condition.condition];
  const { value } = condition;
  if (isFactReference(value) && asksSegments(value)) return all;
  return asksSegments(condition) ? segmentsNamed(value, all) : [];
}

function asksSegments({ fact }: FactReference): boolean {
  return findDeclaration(fact)?.isSegmentList === true;
}

/** Of the list of segments, only those that it is compared with matter; all of them, where that is not known. */
function segmentsNamed(value: Json, all: readonly string[]): readonly string[] {
  const names = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return names.every((name) => typeof name === 'string') ? all.filter((id) => names.includes(id)) : all;
}
