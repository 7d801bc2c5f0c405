import type { Condition } from '../../engine/language/condition-definition.js';
import type { Address, Proof } from '../logic/proof.js';
import { deadParts } from './dead-parts.js';
import type { LiveRule, RuleSet } from './rule-set.js';
import type { Setting } from '../logic/setting.js';
import { excludingParts, whyNotAll } from './why-not-all.js';
import { partsOfAll } from './written-part.js';

/**
 * Conditions of segments, eligibilities and rules that never hold, and rules that never hold together with their offer.
 */
export function neverHolding(set: RuleSet): Proof[] {
  return [
    ...[...set.definitions.segments].flatMap(([id, { conditions }]) =>
      provenOf(set, conditions, { kind: 'segments', id, path: ['conditions'] }),
    ),
    ...[...set.offers].flatMap(([id, { definition }]) =>
      definition.eligibility
        ? provenOf(set, definition.eligibility, { kind: 'offers', id, path: ['eligibility'] })
        : [],
    ),
    ...set.rules.flatMap((rule) => provenOfRule(set, rule)),
  ];
}

type ConditionAddress = Address & { readonly kind: keyof typeof SUBJECT };

const SUBJECT = {
  segments: 'this segment can never hold',
  offers: 'nobody can ever be eligible for this offer',
  rules: 'this rule can never hold',
} as const;

function provenOf(set: RuleSet, condition: Condition, at: ConditionAddress): Proof[] {
  const isImpossible = set.solver.isImpossible([set.vocabulary.formula(condition)]);
  return isImpossible ? [neverHolds(set, condition, at)] : deadParts(set, condition, at);
}

function provenOfRule(set: RuleSet, rule: LiveRule): Proof[] {
  const { id, when, setting, written } = rule;
  const at = { kind: 'rules', id, path: ['conditions'] } as const;
  if (!set.solver.isImpossible([when], setting))
    return [...deadParts(set, written.conditions, at), ...neverWinning(set, rule)];
  set.fates.set(id, 'it never holds');
  return [neverHolds(set, written.conditions, at, setting)];
}

function neverHolds(set: RuleSet, condition: Condition, at: ConditionAddress, setting?: Setting): Proof {
  const parts = excludingParts(set, partsOfAll(condition, at.path), setting);
  const only = parts.length === 1 ? parts[0]?.condition : undefined;
  const why = only && 'condition' in only ? `the segment "${only.condition}" never does` : whyNotAll(parts);
  return {
    kind: 'never-holds',
    severity: 'warning',
    at: { ...at, path: parts[0]?.path ?? at.path },
    message: `${SUBJECT[at.kind]}: ${why}`,
  };
}

function neverWinning(set: RuleSet, rule: LiveRule): Proof[] {
  const { window, offer, definition, id } = rule;
  if (!(window.from < window.until)) {
    set.fates.set(id, 'its schedule and that of its offer have no time in common');
    return [neverWins(rule, 'schedule', `its schedule and that of its offer "${offer.id}" have no time in common`)];
  }
  const setting = { ...rule.setting, window };
  if (!definition.eligibility || !set.solver.isImpossible([rule.wins], setting)) return [];
  set.fates.set(id, 'nobody for whom it holds is eligible for its offer');
  // What nobody is ever eligible for is reported at the offer.
  if (set.solver.isImpossible([rule.eligible])) return [];
  return [
    neverWins(
      rule,
      'conditions',
      `nobody for whom it holds is eligible for its offer "${offer.id}": ` +
        `${whyNotEligible(set, rule, definition.eligibility)}`,
    ),
  ];
}

function neverWins({ id, offer }: LiveRule, part: 'schedule' | 'conditions', why: string): Proof {
  const others: Address[] = [{ kind: 'offers', id: offer.id, path: [part === 'schedule' ? part : 'eligibility'] }];
  return {
    kind: 'never-wins',
    severity: 'warning',
    at: { kind: 'rules', id, path: [part] },
    others,
    message: `this rule can never win: ${why}`,
  };
}

function whyNotEligible(
  set: RuleSet,
  { written, setting: { placements, channels }, window }: LiveRule,
  eligibility: Condition,
): string {
  const setting = { placements, channels, window };
  return whyNotAll(
    excludingParts(
      set,
      [...partsOfAll(written.conditions, ['conditions']), ...partsOfAll(eligibility, ['eligibility'])],
      setting,
    ),
  );
}
