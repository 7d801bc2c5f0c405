import { negation, type Formula } from '../logic/formula.js';
import { precedes, type Hold } from './precedence.js';
import type { Address, Proof } from '../logic/proof.js';
import { RelatedRules } from './related-rules.js';
import type { LiveRule, RuleSet } from './rule-set.js';
import type { Setting } from '../logic/setting.js';

/** What keeps a rule from winning in one placement. */
interface Shadow {
  readonly placement: string;
  readonly rules: readonly LiveRule[];
}

/** A rule that comes before another. */
interface Blocker {
  readonly rule: LiveRule;
  readonly hold: Hold;
}

/** Rules that never win, as others come before them for every visitor, in each of their placements. */
export function shadowedRules(set: RuleSet): Proof[] {
  const related = new Map([...set.placed].map(([placement, rules]) => [placement, new RelatedRules(set, rules)]));
  return set.rules.flatMap((rule) => {
    if (set.fates.has(rule.id) || set.budget.isSpent) return [];
    const shadows: Shadow[] = [];
    for (const placement of rule.placements) {
      const rules = shadowIn(set, placement, rule, related.get(placement)?.before(rule) ?? []);
      if (!rules) return [];
      shadows.push({ placement, rules });
    }
    return [shadowProof(set, rule, shadows)];
  });
}

function shadowProof(set: RuleSet, rule: LiveRule, shadows: readonly Shadow[]): Proof {
  const rules = [...new Set(shadows.flatMap((shadow) => shadow.rules))];
  set.fates.set(rule.id, `${namesOf(rules)} always ${rules.length === 1 ? 'comes' : 'come'} before it`);
  const others: Address[] = rules.map(({ id }) => ({ kind: 'rules', id, path: ['conditions'] }));
  const why =
    rules.length === 1
      ? `it holds only where ${namesOf(rules)} does too, which always comes before it`
      : `wherever it holds, one of ${namesOf(rules)} does too and comes before it`;
  return {
    kind: 'shadowed',
    severity: 'warning',
    at: { kind: 'rules', id: rule.id, path: ['conditions'] },
    others,
    message: `this rule can never win: ${why} in ${shadows.map(({ placement }) => placement).join(', ')}`,
  };
}

function namesOf(rules: readonly LiveRule[]): string {
  return rules.map(({ id }) => `"${id}"`).join(', ');
}

/** The rules without which it might win in a placement; undefined where it may win. */
function shadowIn(
  set: RuleSet,
  placement: string,
  rule: LiveRule,
  related: readonly LiveRule[],
): readonly LiveRule[] | undefined {
  const setting = { placements: [placement], channels: rule.written.channels, window: rule.window };
  const blockers = related.flatMap((other): Blocker[] => {
    const hold = precedes(set, placement, other, rule);
    return hold ? [{ rule: other, hold }] : [];
  });
  const implied: Blocker[] = [];
  for (const blocker of blockers.sort(firstPlaced)) {
    if (!set.solver.isImpossible([rule.wins, negation(blockingWhen(blocker))], setting)) continue;
    if (blocker.hold === 'same-offer') return [blocker.rule];
    implied.push(blocker);
    if (areEnough(set, placement, rule, implied)) return implied.map((one) => one.rule);
  }
  return placesOf(set, placement) === 1
    ? togetherShadowing(set, blockers.slice(0, MOST_TOGETHER), [rule.wins], setting)
    : undefined;
}

/** Beyond so many rules, whether they cover another together is not looked at. */
const MOST_TOGETHER = 12;

function firstPlaced(a: Blocker, b: Blocker): number {
  return b.rule.rule.priority - a.rule.rule.priority || (a.rule.id < b.rule.id ? -1 : 1);
}

/** Where its conditions are implied, it comes before. The rule of the same offer needs no more to hold. */
function blockingWhen({ rule, hold }: Blocker): Formula {
  return hold === 'same-offer' ? rule.when : rule.wins;
}

/** Several rules of which one always holds; those that are not needed for that are left out. */
function togetherShadowing(
  set: RuleSet,
  blockers: readonly Blocker[],
  wins: readonly Formula[],
  setting: Setting,
): readonly LiveRule[] | undefined {
  const cover = (some: readonly Blocker[]) =>
    set.solver.isImpossible([...wins, ...some.map((one) => negation(blockingWhen(one)))], setting);
  if (blockers.length < 2 || !cover(blockers)) return undefined;
  let needed = blockers;
  for (const one of blockers) {
    const without = needed.filter((other) => other !== one);
    if (cover(without)) needed = without;
  }
  return needed.map(({ rule }) => rule);
}

/** Whether offers that always come before leave no place, or none for the rule's group. */
function areEnough(set: RuleSet, placement: string, rule: LiveRule, implied: readonly Blocker[]): boolean {
  const { maxPerGroup } = set.rulebook.placements.get(placement) ?? {};
  const groups = new Map(
    [...new Map(implied.map((one) => [one.rule.offer.id, one.rule.offer]))].map(([id, { group }]) => [
      id,
      maxPerGroup === undefined ? undefined : group,
    ]),
  );
  const grouped = Map.groupBy(groups.keys(), (id) => groups.get(id));
  const taken = [...grouped].reduce(
    (sum, [group, ids]) => sum + (group === undefined ? ids.length : Math.min(ids.length, maxPerGroup ?? 0)),
    0,
  );
  if (taken >= placesOf(set, placement)) return true;
  const { group } = rule.offer;
  return maxPerGroup !== undefined && group !== undefined && (grouped.get(group)?.length ?? 0) >= maxPerGroup;
}

function placesOf({ rulebook }: RuleSet, placement: string): number {
  return rulebook.placements.get(placement)?.count ?? 1;
}
