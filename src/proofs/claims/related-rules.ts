import { conjuncts, familiesOf, negation } from '../logic/formula.js';
import type { LiveRule, RuleSet } from './rule-set.js';

/** So many rules looked at cost as much as a step of a search. */
const RULES_PER_STEP = 20;

/** A rule, and for each thing that it demands the numbers of the families of which that speaks. */
interface Demanding {
  readonly rule: LiveRule;
  readonly demands: readonly (readonly number[])[];
}

/**
 * Finds the rules of a placement that may come before another and hold wherever it does. A rule that demands something
 * of a value that the other does not speak of is none of them, so that nearly all pairs of a large placement are never
 * looked at.
 */
export class RelatedRules {
  private readonly numbers = new Map<string, number>();
  private readonly byFamily: Demanding[][] = [];
  private readonly undemanding: LiveRule[] = [];
  /** By number of a family, 1 for those that the rule speaks of for which others are looked for. */
  private readonly spoken: number[] = [];

  /** `rules` come in the order of their priority, the highest first. */
  constructor(
    private readonly set: RuleSet,
    rules: readonly LiveRule[],
  ) {
    for (const rule of rules) this.add(rule);
  }

  /**
   * Those that may come before this one wherever it holds, of its priority or a higher one: in placements by score a
   * rule of a lower priority may too, when it weighs more, and is not looked for.
   */
  before(one: LiveRule): LiveRule[] {
    const families = this.numbersOf(familiesOf(one.wins));
    for (const family of families) this.spoken[family] = 1;
    const found = [
      ...this.undemanding.filter((rule) => mayPrecede(rule, one)),
      ...families.flatMap((family) => this.demanding(family, one)),
    ];
    for (const family of families) this.spoken[family] = 0;
    return [...new Set(found)];
  }

  private demanding(family: number, one: LiveRule): LiveRule[] {
    const found: LiveRule[] = [];
    const list = this.byFamily[family] ?? [];
    let looked = 0;
    for (const { rule, demands } of list) {
      // Those behind it are of no higher priority.
      if (rule.rule.priority < one.rule.priority) break;
      looked++;
      if (rule !== one && demands.every((demand) => demand.some((number) => this.spoken[number] === 1)))
        found.push(rule);
    }
    this.set.budget.spend(looked / RULES_PER_STEP);
    return found;
  }

  private add(rule: LiveRule): void {
    const demands = conjuncts(rule.wins)
      .filter((part) => !this.set.solver.isImpossible([negation(part)], rule.setting))
      .map((part) => this.numbersOf(familiesOf(part)))
      .sort((a, b) => a.length - b.length);
    const [narrowest] = demands;
    if (!narrowest) this.undemanding.push(rule);
    for (const family of narrowest ?? []) (this.byFamily[family] ??= []).push({ rule, demands });
  }

  private numbersOf(families: ReadonlySet<string>): number[] {
    return [...families].map((family) => {
      const known = this.numbers.get(family);
      if (known === undefined) this.numbers.set(family, this.numbers.size);
      return known ?? this.numbers.size - 1;
    });
  }
}

function mayPrecede(rule: LiveRule, one: LiveRule): boolean {
  return rule !== one && rule.rule.priority >= one.rule.priority;
}
