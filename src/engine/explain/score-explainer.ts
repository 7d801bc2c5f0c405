import type { DecidedPlacement } from './decided-placement.js';
import type { ExplainedRule, Outscored } from './explanation.js';
import { OUTRANKED, type Gate } from '../gates.js';
import type { Rule } from '../rulebook.js';
import { scoreOf } from '../score.js';

/** Tells what the candidates of a placement by score score, and how much those left out lacked. */
export class ScoreExplainer {
  constructor(private readonly decided: DecidedPlacement) {}

  /** Of a rule that put an offer forward, stopped by this gate or by none; nothing of any other. */
  of(rule: Rule, gate: Gate | undefined): Pick<ExplainedRule, 'scored' | 'outscored'> {
    const { run, trace } = this.decided;
    const candidate = run.input.placement.score && trace.candidates.find((one) => one.rule === rule);
    if (!candidate) return {};
    const outscored = gate === OUTRANKED.name ? this.outscored(rule) : undefined;
    return { scored: scoreOf(candidate, run), ...(outscored && { outscored }) };
  }

  /** Whatever is outranked stands below the last offer in the answer. */
  private outscored(rule: Rule): Outscored | undefined {
    const { run, trace, decision } = this.decided;
    const { ordered } = trace;
    const last = ordered.findIndex((one) => one.rule.id === decision.items.at(-1)?.rule);
    const own = ordered.findIndex((one) => one.rule === rule);
    const [winner, loser] = [ordered[last], ordered[own]];
    if (!winner || !loser) return undefined;
    const [ahead, behind] = [scoreOf(winner, run), scoreOf(loser, run)];
    const gap = ahead.tier === behind.tier ? { score: ahead.score - behind.score } : { tier: ahead.tier - behind.tier };
    return { by: winner.offer.id, places: own - last, ...gap };
  }
}
