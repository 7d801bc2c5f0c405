import { decide } from '../../engine/decide.js';
import { OUTRANKED } from '../../engine/gates.js';
import type { Window } from '../../engine/rulebook.js';
import { inputFor, madeUp, sayWitness, tellMadeUp, type MadeUp } from '../people/made-up-visitor.js';
import type { Proof } from '../logic/proof.js';
import type { LiveRule, RuleSet } from './rule-set.js';

/**
 * Rules of a placement with one priority and different offers that are both in force for a while, and both hold for a
 * visitor, who is shown. Where a placement goes by scores, equal priorities decide nothing.
 */
export function overlaps(set: RuleSet): Proof[] {
  const proofs = new Map<string, Proof>();
  for (const [placement, rules] of set.placed) {
    if (set.rulebook.placements.get(placement)?.score) continue;
    const scheduled = rules.filter(({ id, window }) => !set.fates.has(id) && isScheduled(window));
    for (const rivals of Map.groupBy(scheduled, ({ rule }) => rule.priority).values()) {
      for (const [first, second] of pairs(rivals)) {
        if (set.budget.isSpent) return [...proofs.values()];
        const key = `${first.id} ${second.id}`;
        const proof = proofs.has(key) ? undefined : overlap(set, placement, first, second);
        if (proof) proofs.set(key, proof);
      }
    }
  }
  return [...proofs.values()];
}

function isScheduled({ from, until }: Window): boolean {
  return Number.isFinite(from) || Number.isFinite(until);
}

function* pairs(rivals: readonly LiveRule[]): Generator<readonly [LiveRule, LiveRule]> {
  for (const [index, first] of rivals.entries()) for (const second of rivals.slice(index + 1)) yield [first, second];
}

function overlap(set: RuleSet, placement: string, first: LiveRule, second: LiveRule): Proof | undefined {
  const window = {
    from: Math.max(first.window.from, second.window.from),
    until: Math.min(first.window.until, second.window.until),
  };
  const isOver = window.until <= Math.max(window.from, set.now);
  if (isOver || first.offer.id === second.offer.id) return undefined;
  const found = somebodyForBoth(set, placement, [first, second], {
    from: Math.max(window.from, set.now),
    until: window.until,
  });
  if (!found) return undefined;
  const witness = tellMadeUp(found);
  const [ahead] = [first.offer.id, second.offer.id].sort();
  return {
    kind: 'overlap',
    severity: 'warning',
    at: { kind: 'rules', id: first.id, path: [first.written.schedule ? 'schedule' : 'conditions'] },
    others: [{ kind: 'rules', id: second.id, path: [second.written.schedule ? 'schedule' : 'conditions'] }],
    witness,
    message:
      `the schedules of "${first.id}" and "${second.id}" overlap ${duringText(window)}, ` +
      `with the same priority ${first.rule.priority} in ${placement}; ` +
      `both hold for ${sayWitness(witness)} at ${witness.now}, and "${ahead}" goes first by its id alone`,
  };
}

function duringText({ from, until }: Window): string {
  const words = [
    ...(Number.isFinite(from) ? [`from ${day(from)}`] : []),
    ...(Number.isFinite(until) ? [`until ${day(until)}`] : []),
  ];
  return words.join(' ');
}

function day(at: number): string {
  return new Date(at).toISOString().replace(/T00:00:00\.000Z$/, '');
}

/** Somebody for whom both rules put their offers forward, and no gate stops either: found by the decision itself. */
function somebodyForBoth(
  set: RuleSet,
  placement: string,
  rules: readonly [LiveRule, LiveRule],
  window: Window,
): MadeUp | undefined {
  const [first, second] = rules;
  const channels = common(first.written.channels, second.written.channels);
  if (channels?.length === 0) return undefined;
  const outcome = set.solver.solve([first.wins, second.wins], { placements: [placement], channels, window });
  if (outcome.verdict !== 'open') return undefined;
  const asked = set.rulebook.placements.get(placement);
  const found = madeUp(outcome.literals, { placement, timeZone: asked?.timeZone ?? 'UTC', window });
  if (!found) return undefined;
  const channel = found.channel ?? (channels?.includes(asked?.channel ?? '') === false ? channels[0] : undefined);
  const granted = [
    ...new Set([
      ...set.rulebook.consent.guards.map(({ purpose }) => purpose),
      ...rules.map(({ offer }) => offer.consent),
    ]),
  ].filter((one) => one !== undefined);
  return [[], granted]
    .map((consents) => ({ ...found, channel, granted: consents }))
    .find((one) => holdBoth(set, one, rules));
}

function holdBoth({ rulebook }: RuleSet, found: MadeUp, rules: readonly LiveRule[]): boolean {
  let both = false;
  decide(inputFor(found, rulebook), ({ candidates, gates }) => {
    both = rules.every(
      ({ id }) => candidates.some(({ rule }) => rule.id === id) && (gates.get(id) ?? OUTRANKED.name) === OUTRANKED.name,
    );
  });
  return both;
}

function common(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  return a && b ? a.filter((one) => b.includes(one)) : (a ?? b);
}
