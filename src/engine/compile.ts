import type { Definitions, OfferDefinition, PlacementDefinition, RuleDefinition, Schedule, Status, TreatmentDefinition } from './definitions.js';
import { findFact } from './facts.js';
import { ConditionCompiler } from './match.js';
import type { DecisionFacts, Millis, Offer, Placement, Renderer, Rule, Rulebook, Window } from './types.js';

/** What compiling needs from outside the engine. */
export interface CompileTools {
  /** Compiles the templates of a treatment. */
  renderer(treatment: TreatmentDefinition): Renderer;
  /** Reads a day or an instant of a rule file. */
  instant(when: string): Millis;
}

type Compiler = ConditionCompiler<DecisionFacts>;

/** Compiles checked definitions into a rulebook. What is paused or a draft is left out. */
export function compileRulebook(
  definitions: Definitions,
  tools: CompileTools,
  identity: { readonly version: number; readonly digest: string },
): Rulebook {
  const conditions = new Map([...definitions.segments].map(([id, segment]) => [id, segment.conditions]));
  const compiler: Compiler = new ConditionCompiler(findFact, conditions);
  const offers = mapLive(definitions.offers, (id, offer) => compileOffer(id, offer, compiler, tools));
  const rules = mapLive(definitions.rules, (id, rule) => ({ placements: rule.placements, rule: compileRule(id, rule, compiler, tools) }));
  return Object.freeze({
    ...identity,
    placements: mapLive(definitions.placements, compilePlacement),
    offers,
    segments: new Map([...conditions.keys()].map((id) => [id, compiler.compile({ condition: id })])),
    rules: byPlacement([...rules.values()]),
    startRun: (facts: DecisionFacts) => compiler.run(facts),
  });
}

function mapLive<T extends { readonly status?: Status }, U>(definitions: ReadonlyMap<string, T>, make: (id: string, definition: T) => U): Map<string, U> {
  const live = [...definitions].filter(([, definition]) => (definition.status ?? 'live') === 'live');
  return new Map(live.map(([id, definition]) => [id, make(id, definition)]));
}

function compilePlacement(id: string, { channel, count, fallback, dedupe, maxPerGroup, timeZone }: PlacementDefinition): Placement {
  return { id, channel, count: count ?? 1, fallback, dedupe, maxPerGroup, timeZone };
}

function compileOffer(id: string, offer: OfferDefinition, compiler: Compiler, tools: CompileTools): Offer {
  return {
    id,
    group: offer.group,
    value: offer.value ?? 1,
    window: compileWindow(offer.schedule, tools),
    eligible: offer.eligibility && compiler.compile(offer.eligibility),
    treatments: new Map(Object.entries(offer.treatments).map(([where, treatment]) => [where, tools.renderer(treatment)])),
  };
}

function compileRule(id: string, rule: RuleDefinition, compiler: Compiler, tools: CompileTools): Rule {
  return {
    id,
    name: rule.name,
    priority: rule.priority ?? 1,
    weight: rule.event.params.weight ?? 1,
    offer: rule.event.params.offer,
    channels: rule.channels && new Set(rule.channels),
    window: compileWindow(rule.schedule, tools),
    when: compiler.compile(rule.conditions),
  };
}

function compileWindow(schedule: Schedule | undefined, { instant }: CompileTools): Window {
  return {
    from: schedule?.from === undefined ? -Infinity : instant(schedule.from),
    until: schedule?.until === undefined ? Infinity : instant(schedule.until),
  };
}

function byPlacement(rules: readonly { readonly placements: readonly string[]; readonly rule: Rule }[]): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const { placements, rule } of rules) {
    for (const placement of new Set(placements)) {
      const list = found.get(placement);
      if (list) list.push(rule);
      else found.set(placement, [rule]);
    }
  }
  for (const list of found.values()) list.sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
  return found;
}
