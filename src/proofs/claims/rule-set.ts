import type { Definition, Definitions } from '../../engine/language/definitions.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Offer, Rule, Rulebook, Window } from '../../engine/rulebook.js';
import { Budget } from '../logic/budget.js';
import { branch, type Formula } from '../logic/formula.js';
import type { Seen } from '../logic/proof.js';
import type { Setting } from '../logic/setting.js';
import { Solver } from '../logic/solver.js';
import { Vocabulary } from './vocabulary.js';

/** What is looked at. */
export interface ProofInput {
  readonly definitions: Definitions;
  /** The same, compiled. */
  readonly rulebook: Rulebook;
  /** What lies before it is over. */
  readonly now: Millis;
  /** Without it nothing is said of facts and purposes that were never seen. */
  readonly seen?: Seen;
  /** How many steps may be spent in all; a million take about two seconds. */
  readonly steps?: number;
}

/** An offer that is live. */
export interface LiveOffer {
  readonly definition: Definition<'offers'>;
  readonly offer: Offer;
  /** Who may get it. */
  readonly eligible: Formula;
}

/** A rule that is live, speaks for a placement that is, and puts an offer forward that is. */
export interface LiveRule extends LiveOffer {
  readonly id: string;
  readonly written: Definition<'rules'>;
  readonly rule: Rule;
  /** The ids of its live placements. */
  readonly placements: readonly string[];
  readonly setting: Setting;
  /** When its conditions hold. */
  readonly when: Formula;
  /** What holds when it wins: its conditions, and that its offer is for this visitor. */
  readonly wins: Formula;
  /** When it is in force and its offer is too. */
  readonly window: Window;
  /** Whether its conditions depend on what is remembered of the visitor. */
  readonly readsVisitor: boolean;
  /** Whether it needs to know the visitor to win. */
  readonly needsVisitor: boolean;
}

/** A rule set as proofs look at it. */
export interface RuleSet extends ProofInput {
  readonly vocabulary: Vocabulary;
  readonly solver: Solver;
  readonly budget: Budget;
  readonly offers: ReadonlyMap<string, LiveOffer>;
  readonly rules: readonly LiveRule[];
  /** By placement, its rules: the highest priority first, equal ones by id. */
  readonly placed: ReadonlyMap<string, readonly LiveRule[]>;
  /** By rule, why it never wins: filled as that is found out. */
  readonly fates: Map<string, string>;
}

const STEPS = 2_000_000;

/** Reads a rule set. */
export function readRuleSet(input: ProofInput): RuleSet {
  const { definitions, rulebook, steps = STEPS } = input;
  const vocabulary = new Vocabulary(definitions);
  const budget = new Budget(steps);
  const offers = new Map([...rulebook.offers.values()].flatMap((offer) => liveOffer(offer, definitions, vocabulary)));
  const rules = liveRules(input, offers, vocabulary);
  const byId = new Map(rules.map((one) => [one.id, one]));
  const ordered = (list: readonly Rule[]) => list.map(({ id }) => byId.get(id)).filter((one) => one !== undefined);
  const placed = new Map([...rulebook.placements.keys()].map((id) => [id, ordered(rulebook.rules.get(id) ?? [])]));
  return { ...input, vocabulary, budget, solver: new Solver(budget), offers, rules, placed, fates: new Map() };
}

function liveOffer(offer: Offer, { offers }: Definitions, vocabulary: Vocabulary): [string, LiveOffer][] {
  const definition = offers.get(offer.id);
  return definition ? [[offer.id, { definition, offer, eligible: vocabulary.formula(definition.eligibility) }]] : [];
}

function liveRules(
  { definitions, rulebook }: ProofInput,
  offers: ReadonlyMap<string, LiveOffer>,
  vocabulary: Vocabulary,
): LiveRule[] {
  const distinct = new Map([...rulebook.rules.values()].flat().map((rule) => [rule.id, rule]));
  const rules = [...distinct.values()].flatMap((rule) => {
    const written = definitions.rules.get(rule.id);
    const offer = offers.get(rule.offer);
    const placements = [...new Set(written?.placements)].filter((id) => rulebook.placements.has(id));
    if (!written || !offer || placements.length === 0) return [];
    const reads = {
      when: rulebook.readsVisitor(rule.when),
      eligible: offer.offer.eligible !== undefined && rulebook.readsVisitor(offer.offer.eligible),
    };
    return [liveRule(rule, written, { ...offer, placements, reads, when: vocabulary.formula(written.conditions) })];
  });
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface RuleParts extends LiveOffer {
  readonly placements: readonly string[];
  readonly reads: { readonly when: boolean; readonly eligible: boolean };
  readonly when: Formula;
}

function liveRule(rule: Rule, written: Definition<'rules'>, { reads, ...parts }: RuleParts): LiveRule {
  const { offer, eligible, when, placements } = parts;
  return {
    ...parts,
    id: rule.id,
    written,
    rule,
    setting: { placements, channels: written.channels, window: rule.window },
    wins: branch('all', [when, eligible]),
    window: {
      from: Math.max(rule.window.from, offer.window.from),
      until: Math.min(rule.window.until, offer.window.until),
    },
    readsVisitor: reads.when,
    needsVisitor: reads.when || reads.eligible || offer.consent !== undefined,
  };
}
