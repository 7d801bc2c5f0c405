import type { Definitions, OfferDefinition, PlacementDefinition, RuleDefinition, Schedule, Status, TreatmentDefinition } from './definitions.js';
import { findFact } from './facts.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { DecisionFacts, Millis, Offer, Placement, Renderer, Rule, Rulebook, Window, WrittenConditions } from './types.js';

/** What compiling needs from outside the engine. */
export interface CompileTools {
  /** Compiles the templates of a treatment. */
  renderer(treatment: TreatmentDefinition): Renderer;
  /** Reads a day or an instant of a rule file. */
  instant(when: string): Millis;
}

type Builder = MatcherBuilder<DecisionFacts>;

/** Compiles checked definitions into a rulebook. What is paused or a draft is left out. */
export function compileRulebook(
  definitions: Definitions,
  tools: CompileTools,
  identity: { readonly version: number; readonly digest: string },
): Rulebook {
  const named = new Map([...definitions.segments].map(([id, segment]) => [id, segment.conditions]));
  const builder: Builder = new MatcherBuilder({ findFact, named });
  const offers = mapLive(definitions.offers, (id, offer) => compileOffer(id, offer, builder, tools));
  const rules = mapLive(definitions.rules, (id, rule) => ({ placements: rule.placements, rule: compileRule(id, rule, builder, tools) }));
  const segments = new Map([...named.keys()].map((id) => [id, builder.addNamed(id)]));
  const placed = byPlacement([...rules.values()]);
  for (const [id, list] of placed) builder.scope(id, list.map((rule) => rule.when));
  const matcher = new Matcher(builder.build(), findFact);
  return Object.freeze({
    ...identity,
    placements: mapLive(definitions.placements, compilePlacement),
    offers,
    segments,
    rules: placed,
    written: writtenIn(definitions),
    startRun: (facts: DecisionFacts) => matcher.run(facts),
  });
}

/** The definitions are kept as they are, so that this costs nothing until somebody asks. */
function writtenIn({ rules, offers, segments }: Definitions): WrittenConditions {
  return {
    rule: (id) => rules.get(id)?.conditions,
    eligibility: (offer) => offers.get(offer)?.eligibility,
    segment: (id) => segments.get(id)?.conditions,
  };
}

function mapLive<T extends { readonly status?: Status }, U>(definitions: ReadonlyMap<string, T>, make: (id: string, definition: T) => U): Map<string, U> {
  const live = [...definitions].filter(([, definition]) => (definition.status ?? 'live') === 'live');
  return new Map(live.map(([id, definition]) => [id, make(id, definition)]));
}

function compilePlacement(id: string, { channel, count, fallback, dedupe, maxPerGroup, timeZone }: PlacementDefinition): Placement {
  return { id, channel, count: count ?? 1, fallback, dedupe, maxPerGroup, timeZone };
}

function compileOffer(id: string, offer: OfferDefinition, builder: Builder, tools: CompileTools): Offer {
  return {
    id,
    group: offer.group,
    value: offer.value ?? 1,
    window: compileWindow(offer.schedule, tools),
    eligible: offer.eligibility && builder.add(offer.eligibility),
    treatments: new Map(Object.entries(offer.treatments).map(([where, treatment]) => [where, tools.renderer(treatment)])),
  };
}

function compileRule(id: string, rule: RuleDefinition, builder: Builder, tools: CompileTools): Rule {
  return {
    id,
    name: rule.name,
    priority: rule.priority ?? 1,
    weight: rule.event.params.weight ?? 1,
    offer: rule.event.params.offer,
    channels: rule.channels && new Set(rule.channels),
    window: compileWindow(rule.schedule, tools),
    when: builder.add(rule.conditions),
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
