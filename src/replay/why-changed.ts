import { explainAgain } from '../decisions/recorded-decision.js';
import type { ExplainedRule, PlacementExplanation } from '../engine/explain/explanation.js';
import type { DecidedItem, PlacementDecision } from '../engine/answer.js';
import type { Rulebook } from '../engine/rulebook.js';
import { claimText, missText } from '../words/condition-words.js';
import { BECAUSE, scopeText, stoppedText } from '../words/explanation-words.js';
import type { Compared } from './compared.js';
import type { PlacementChange } from './compare-decisions.js';
import type { Why } from './replay-report.js';

/** Why a placement is answered otherwise: what became of the rules that won, and why others win now. */
export function whyChanged(
  { recorded, rulebook, before, after }: Compared,
  change: PlacementChange,
  other: Rulebook,
): Why[] {
  const { placement } = change.before;
  if (!other.placements.has(placement)) return [plain(`there is no placement ${placement} any more`)];
  const at = before.indexOf(change.before);
  const then = {
    rulebook,
    explained: explainAgain(recorded.input, recorded.document, rulebook)[rankOf(before, at, rulebook)],
  };
  const now = {
    rulebook: other,
    explained: explainAgain(recorded.input, recorded.document, other)[rankOf(after, at, other)],
  };
  const isIn = (items: readonly DecidedItem[], wanted: DecidedItem) =>
    items.some(({ offer }) => offer === wanted.offer);
  const lost = change.before.items.filter((item) => !isIn(change.after.items, item));
  const gained = change.after.items.filter((item) => !isIn(change.before.items, item));
  if (lost.length + gained.length === 0) return stayed(change, then.rulebook, now.rulebook);
  return [
    ...lost.map((item) => whyLost(item, placement, now)),
    ...gained.map((item) => whyGained(item, placement, { then, now })),
  ];
}

/** A rulebook, and what it says of the placement. */
interface Side {
  readonly rulebook: Rulebook;
  readonly explained: PlacementExplanation | undefined;
}

/** Only placements that the rulebook knows are explained. */
function rankOf(decisions: Compared['before'], at: number, { placements }: Rulebook): number {
  return decisions.slice(0, at).filter(({ placement }) => placements.has(placement)).length;
}

function whyLost({ offer, rule: id }: DecidedItem, placement: string, now: Side): Why {
  if (id === undefined) return fallbackLost(offer, now);
  const rule = now.rulebook.rules.get(placement)?.find((one) => one.id === id);
  if (!rule)
    return plain(
      isAnywhere(id, now.rulebook) ? `rule ${id} speaks for ${placement} no longer` : `rule ${id} is gone, or not live`,
    );
  if (rule.offer !== offer) return plain(`rule ${id} puts ${rule.offer} forward now, not ${offer}`);
  return fateOf(id, now, { doesNotHold: `rule ${id} holds no longer`, stopped: `rule ${id} holds, but` });
}

function whyGained(
  { offer, rule: id }: DecidedItem,
  placement: string,
  { then, now }: { readonly then: Side; readonly now: Side },
): Why {
  if (id === undefined) return fallbackGained(offer, now);
  const rule = then.rulebook.rules.get(placement)?.find((one) => one.id === id);
  if (!rule)
    return plain(
      isAnywhere(id, then.rulebook) ? `rule ${id} speaks for ${placement} now` : `rule ${id} is new, or live now`,
    );
  if (rule.offer !== offer) return plain(`rule ${id} put ${rule.offer} forward before, not ${offer}`);
  return fateOf(id, then, {
    doesNotHold: `rule ${id} holds now, and did not before`,
    stopped: `rule ${id} held before, but`,
  });
}

interface Words {
  readonly doesNotHold: string;
  readonly stopped: string;
}

/** What became of a rule that is there and did not win. */
function fateOf(id: string, { explained }: Side, { doesNotHold, stopped }: Words): Why {
  const rule = explained?.rules.find((one) => one.rule === id);
  if (!explained || !rule) return plain(doesNotHold);
  if (rule.verdict === 'STOPPED') return plain(`${stopped} ${stoppedText(rule)}`);
  if (rule.verdict === 'OUT_OF_SCOPE')
    return plain(
      `${stopped} ${(rule.outOfScope ?? []).map((reason) => scopeText(reason, rule, explained)).join('; ')}`,
    );
  return rule.verdict === 'WON' ? plain(`${stopped} at place ${rule.position ?? 1}`) : missed(rule, doesNotHold);
}

/** What the rule was told of the visitor is for those who may know, not for a pull request. */
function missed({ nearestMiss, conditions }: ExplainedRule, doesNotHold: string): Why {
  if (conditions.result === 'unknown') return plain(`${doesNotHold}: it asks for a visitor who could not be read`);
  const all = nearestMiss?.conditions ?? [];
  if (all.length === 0) return plain(doesNotHold);
  const claims = all.map(({ valueResult: _known, ...one }) =>
    one.needed ? claimText(one) : `not (${claimText(one)})`,
  );
  return {
    text: `${doesNotHold}, for want of ${claims.join(' and ')}`,
    withValues: `${doesNotHold}: it would, had ${all.map(missText).join(', and ')}`,
  };
}

function fallbackLost(offer: string, { explained }: Side): Why {
  const verdict = explained?.fallback?.offer === offer ? explained.fallback.verdict : undefined;
  if (verdict === 'NOT_NEEDED') return plain(`${offer} was the fallback, and is not needed`);
  return plain(
    verdict === undefined ? `${offer} is the fallback no longer` : `the fallback ${offer} can't be shown any more`,
  );
}

function fallbackGained(offer: string, { explained }: Side): Why {
  const because = explained?.fallback?.because;
  return plain(`the fallback ${offer} is shown${because === undefined ? '' : `, as ${BECAUSE[because]}`}`);
}

/** The same offers: in another order, or with other content. */
function stayed({ kind, before, after }: PlacementChange, then: Rulebook, now: Rulebook): Why[] {
  if (kind === 'content')
    return after.items
      .filter((item, at) => JSON.stringify(item) !== JSON.stringify(before.items[at]))
      .map(({ offer }) => plain(`${offer} says something else`));
  if (now.placements.get(before.placement)?.score) return rescored(before, after);
  const priorityOf = (rulebook: Rulebook, id: string | undefined) =>
    rulebook.rules.get(before.placement)?.find((rule) => rule.id === id)?.priority;
  const moved = after.items.flatMap(({ rule }) => {
    const [was, is] = [priorityOf(then, rule), priorityOf(now, rule)];
    return rule === undefined || was === is
      ? []
      : [plain(`rule ${rule} has priority ${is ?? 'none'}, and had ${was ?? 'none'}`)];
  });
  return moved.length > 0 ? moved : [plain('other rules put the same offers forward, in another order')];
}

function rescored(before: PlacementDecision, after: PlacementDecision): Why[] {
  const moved = after.items.flatMap(({ offer, score }) => {
    const was = before.items.find((item) => item.offer === offer)?.score;
    return was === undefined || was === score ? [] : [plain(`${offer} scores ${score}, and scored ${was}`)];
  });
  return moved.length > 0 ? moved : [plain('the placement goes by scores now')];
}

function isAnywhere(id: string, { rules }: Rulebook): boolean {
  return [...rules.values()].some((placed) => placed.some((rule) => rule.id === id));
}

function plain(text: string): Why {
  return { text, withValues: text };
}
