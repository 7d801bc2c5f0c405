import { compileConditions } from '../../engine/compile.js';
import { decide } from '../../engine/decide.js';
import { startRun, type DecideInput, type PlacedRun, channelOf } from '../../engine/decision-run.js';
import type { Definitions } from '../../engine/language/definitions.js';
import { type Rule, type Rulebook, isWithin } from '../../engine/rulebook.js';
import { conditionLeaves, ownerKey, type ConditionLeaf } from './condition-leaves.js';

/** A condition, and what became of it in the cases. */
export interface SeenCondition extends ConditionLeaf {
  readonly sawTrue: boolean;
  readonly sawFalse: boolean;
}

/**
 * For every condition that can bear on a decision, whether some input saw it true and some saw it false. Seen are the
 * conditions of a rule when its placement is asked, in its channels and its schedule; those of an eligibility when a
 * rule puts the offer forward; those of a segment when one of these names it. Conditions beside a decisive one are seen
 * too.
 */
export function seenConditions(
  definitions: Definitions,
  rulebook: Rulebook,
  inputs: readonly DecideInput[],
): SeenCondition[] {
  const onlooker = new Onlooker(definitions, rulebook);
  for (const input of inputs) onlooker.watch(input);
  return onlooker.seen();
}

const SAW_TRUE = 1;
const SAW_FALSE = 2;

/** Judges each leaf by itself, over the facts of a decision. */
class Onlooker {
  private readonly leaves: ReadonlyMap<string, readonly ConditionLeaf[]>;
  private readonly numbers = new Map<ConditionLeaf, number>();
  private readonly found = new Map<ConditionLeaf, number>();
  private readonly rulebook: Rulebook;

  constructor(definitions: Definitions, rulebook: Rulebook) {
    this.leaves = conditionLeaves(definitions, rulebook);
    const leaves = [...this.leaves.values()].flat();
    const conditions = leaves.map(({ condition }) => ({ all: [condition] }));
    const { numbers, ...compiled } = compileConditions(conditions, definitions);
    for (const [place, leaf] of leaves.entries()) this.numbers.set(leaf, numbers[place] ?? -1);
    this.rulebook = { ...rulebook, ...compiled };
  }

  watch(input: DecideInput): void {
    const candidates = candidatesOf(input);
    const run = startRun({ ...input, rulebook: this.rulebook });
    for (const { id } of input.request.placements) {
      const placement = input.rulebook.placements.get(id);
      if (!placement) continue;
      run.in(placement, (placed) => {
        const rules = (input.rulebook.rules.get(id) ?? []).filter((rule) => speaks(rule, placed));
        const offers = [...(candidates.get(id) ?? [])];
        const owners = [
          ...rules.map((rule) => ownerKey('rules', rule.id)),
          ...offers.map((offer) => ownerKey('offers', offer)),
        ];
        this.look(owners, placed);
      });
    }
    run.end();
  }

  seen(): SeenCondition[] {
    return [...this.leaves.values()].flat().map((leaf) => {
      const found = this.found.get(leaf) ?? 0;
      return { ...leaf, sawTrue: (found & SAW_TRUE) > 0, sawFalse: (found & SAW_FALSE) > 0 };
    });
  }

  /** Looks at all leaves of these owners, and of the segments that they lead to. */
  private look(owners: readonly string[], run: PlacedRun): void {
    const due = new Set(owners);
    // A set that grows while it is gone through is gone through to its new end.
    for (const owner of due) {
      for (const leaf of this.leaves.get(owner) ?? []) {
        const holds = run.holds(this.numbers.get(leaf) ?? -1);
        this.found.set(leaf, (this.found.get(leaf) ?? 0) | (holds ? SAW_TRUE : SAW_FALSE));
        for (const segment of leaf.segments) due.add(ownerKey('segments', segment));
      }
    }
  }
}

/** For each placement, the offers whose eligibility counted: those put forward while they are in their schedule. */
function candidatesOf(input: DecideInput): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  decide(input, (trace, { placement }) => {
    const offers = trace.candidates
      .filter(({ offer }) => isWithin(offer.window, input.now))
      .map(({ offer }) => offer.id);
    found.set(placement, new Set([...(found.get(placement) ?? []), ...offers]));
  });
  return found;
}

function speaks({ window, channels }: Rule, { input }: PlacedRun): boolean {
  return isWithin(window, input.now) && (!channels || channels.has(channelOf(input) ?? ''));
}
