import type { PlacementScore, Window } from '../../engine/rulebook.js';
import type { LiveRule, RuleSet } from './rule-set.js';

/**
 * How a rule keeps another from winning wherever both hold: by putting the same offer forward first, or by taking a
 * place with another.
 */
export type Hold = 'same-offer' | 'place';

/**
 * Whether a rule, where its conditions hold too and its offer is for the visitor, comes before another in a placement
 * for certain: its offer passes every gate, is never shown already, always has content, and goes first. As `decide`
 * does it.
 */
export function precedes(set: RuleSet, placement: string, first: LiveRule, second: LiveRule): Hold | undefined {
  if (first === second || !coversChannels(first, second) || (first.readsVisitor && !second.needsVisitor))
    return undefined;
  const score = set.rulebook.placements.get(placement)?.score;
  if (first.offer.id === second.offer.id)
    return speaksFor(first, second, score) && contains(first.rule.window, second.window) ? 'same-offer' : undefined;
  // Of different offers the scores decide, of which a part is known of each visitor only.
  if (score || !goesFirst(first, second) || !contains(first.window, second.window)) return undefined;
  if (first.needsVisitor && !second.needsVisitor) return undefined;
  // A limit may stop it at any time, whatever is known of the visitor.
  if (first.offer.limits) return undefined;
  if (first.offer.consent !== undefined && first.offer.consent !== second.offer.consent) return undefined;
  return isShownElsewhere(set, placement, first) || !alwaysHasContent(first, placement, second.written.channels)
    ? undefined
    : 'place';
}

/** Whether, of two rules of one offer, the first speaks for it: where weights count the heavier, else the first. */
function speaksFor(first: LiveRule, second: LiveRule, score: PlacementScore | undefined): boolean {
  const isHeavier = first.rule.weight - second.rule.weight;
  return score?.weight && isHeavier !== 0 ? isHeavier > 0 : isMatchedFirst(first, second);
}

/** Rules are matched in this order. */
function isMatchedFirst(first: LiveRule, second: LiveRule): boolean {
  return first.rule.priority === second.rule.priority
    ? first.id < second.id
    : first.rule.priority > second.rule.priority;
}

/** Offers are put into this order. */
function goesFirst(first: LiveRule, second: LiveRule): boolean {
  return first.rule.priority === second.rule.priority
    ? first.offer.id < second.offer.id
    : first.rule.priority > second.rule.priority;
}

function contains(outer: Window, inner: Window): boolean {
  return outer.from <= inner.from && outer.until >= inner.until;
}

function coversChannels(first: LiveRule, second: LiveRule): boolean {
  const { channels } = first.written;
  return channels === undefined || (second.written.channels?.every((channel) => channels.includes(channel)) ?? false);
}

/** Whether another placement of the same call may have taken the offer. */
function isShownElsewhere({ rulebook, placed }: RuleSet, placement: string, { offer }: LiveRule): boolean {
  const word = rulebook.placements.get(placement)?.dedupe;
  if (word === undefined) return false;
  const others = [...rulebook.placements.values()].filter(({ id, dedupe }) => id !== placement && dedupe === word);
  return others.some(
    ({ id, fallback }) => fallback === offer.id || (placed.get(id) ?? []).some((rule) => rule.offer.id === offer.id),
  );
}

/** Whether every treatment that may be looked up is there and is no template: a template may lack a value. */
function alwaysHasContent(
  { definition }: LiveRule,
  placement: string,
  channels: readonly string[] | undefined,
): boolean {
  const { treatments } = definition;
  const own = Object.hasOwn(treatments, placement) ? [treatments[placement]] : undefined;
  const names = channels?.includes('') === false ? channels : [...Object.keys(treatments), '*'];
  const looked = own ?? names.map((name) => (Object.hasOwn(treatments, name) ? treatments[name] : treatments['*']));
  return looked.every((treatment) => treatment !== undefined && !isTemplate(JSON.stringify(treatment)));
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
