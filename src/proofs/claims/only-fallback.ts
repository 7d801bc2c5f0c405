import { decide } from '../../engine/decide.js';
import type { Placement } from '../../engine/rulebook.js';
import { negation } from '../logic/formula.js';
import { inputFor, madeUp, sayWitness, stranger, tellMadeUp, type MadeUp } from '../people/made-up-visitor.js';
import type { Address, Proof } from '../logic/proof.js';
import type { LiveRule, RuleSet } from './rule-set.js';

/**
 * Placements in which no rule can ever win, and those in which a visitor, who is shown, gets nothing but the fallback.
 */
export function onlyFallback(set: RuleSet): Proof[] {
  return [...set.rulebook.placements.values()].flatMap((placement) => {
    const rules = set.placed.get(placement.id) ?? [];
    if (rules.every(({ id }) => set.fates.has(id))) return [nobodyGetsMore(set, placement, rules)];
    const found = withoutRule(set, placement, rules);
    return found ? [somebodyGetsNoMore(placement, found)] : [];
  });
}

function nobodyGetsMore({ fates }: RuleSet, placement: Placement, rules: readonly LiveRule[]): Proof {
  const [first] = rules;
  const others: Address[] = rules.map(({ id }) => ({ kind: 'rules', id, path: [] }));
  const why = !first
    ? 'no live rule speaks for this placement'
    : rules.length === 1
      ? `its only rule "${first.id}" never wins: ${fates.get(first.id)}`
      : `none of its ${rules.length} rules can ever win`;
  // Each of the rules was reported already: this only follows from them.
  return {
    kind: 'fallback-only',
    severity: 'note',
    at: at(placement),
    others,
    message: `every visitor gets ${gets(placement)}: ${why}`,
  };
}

function somebodyGetsNoMore(placement: Placement, found: MadeUp): Proof {
  const witness = tellMadeUp(found);
  return {
    kind: 'fallback-only',
    severity: 'note',
    at: at(placement),
    witness,
    message:
      `the visitor ${sayWitness(witness)} gets ` +
      `nothing${placement.fallback === undefined ? '' : ' but the fallback'}`,
  };
}

function at({ id, fallback }: Placement): Address {
  return { kind: 'placements', id, path: fallback === undefined ? [] : ['fallback'] };
}

function gets({ fallback }: Placement): string {
  return fallback === undefined ? 'nothing, as there is no fallback' : `only the fallback "${fallback}"`;
}

/** Beyond so many rules of a placement, nobody is made up who satisfies none of them. */
const MOST_RULES = 1_000;

function withoutRule(set: RuleSet, placement: Placement, rules: readonly LiveRule[]): MadeUp | undefined {
  const nobody = stranger(placement.id, set.now);
  if (isWithoutRule(set, nobody)) return nobody;
  const speaking = rules.filter((rule) => speaksNow(set, rule, placement));
  if (speaking.length > MOST_RULES) return undefined;
  const setting = {
    placements: [placement.id],
    channels: placement.channel === undefined ? undefined : [placement.channel],
  };
  const outcome = set.solver.solve(
    speaking.map(({ wins }) => negation(wins)),
    setting,
  );
  if (outcome.verdict !== 'open') return undefined;
  const found = madeUp(outcome.literals, {
    placement: placement.id,
    timeZone: placement.timeZone ?? 'UTC',
    window: { from: set.now, until: Infinity },
  });
  return found && isWithoutRule(set, found) ? found : undefined;
}

/** Without any consent, as the stranger is. */
function speaksNow({ now }: RuleSet, { window, offer, written }: LiveRule, { channel = '' }: Placement): boolean {
  return (
    window.from <= now &&
    now < window.until &&
    offer.consent === undefined &&
    (written.channels?.includes(channel) ?? true)
  );
}

function isWithoutRule({ rulebook }: RuleSet, found: MadeUp): boolean {
  const [decision] = decide(inputFor(found, rulebook));
  return decision?.items.every(({ rule }) => rule === undefined) ?? false;
}
