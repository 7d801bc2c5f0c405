import { admissionsOf } from './admissions.js';
import { compileConsentPolicy, type ConsentPolicy } from './visitor/consent.js';
import type { RootCondition } from './language/condition-definition.js';
import type { Definitions } from './language/definitions.js';
import type { OfferDefinition, TreatmentDefinition } from './language/offer-definition.js';
import type { PlacementDefinition } from './language/placement-definition.js';
import type { RuleDefinition } from './language/rule-definition.js';
import type { Schedule, Status } from './language/schedule.js';
import type { SearchDefinition } from './language/search-definition.js';
import type { SingleViewDefinition } from './language/single-view-definition.js';
import { compileContactPolicy, compileOwnLimits, type ContactPolicy } from './limits/compile-limits.js';
import type { OfferLimits, OwnLimits } from './limits/offer-limits.js';
import { resolveLimits } from './limits/resolve-limits.js';
import type { KnownOffers } from './visitor/happened.js';
import { compileSearch } from './visitor/search-policy.js';
import { compileSingleView } from './visitor/single-view-policy.js';
import { findFact } from './facts/facts.js';
import { Matcher } from './match/matcher.js';
import { MatcherBuilder } from './match/matcher-builder.js';
import type { MatcherData } from './match/matcher-data.js';
import { compileLevers, compilePropensity, compileScore, propensityMeans } from './compile-score.js';
import type { DecisionFacts } from './facts/decision-facts.js';
import type { Millis } from './language/millis.js';
import type { Lever, Offer, Placement, Renderer, Rule, Rulebook, Window, WrittenConditions } from './rulebook.js';

/** What compiling needs from outside the engine. */
export interface CompileTools {
  /** Compiles the templates of a treatment; called when the treatment is first shown. */
  renderer(treatment: TreatmentDefinition): Renderer;
  /** Reads a day, a time or an instant of a rule file, by the clocks of a zone; by those of UTC where there is none. */
  instant(when: string, timeZone?: string): Millis;
}

/** Which release a rulebook is. */
export interface RulebookIdentity {
  readonly version: number;
  readonly digest: string;
}

/** A compiled rulebook as plain data, which can be made in another thread and handed over in parts. */
export interface RulebookData {
  readonly placements: readonly Placement[];
  readonly offers: readonly OfferData[];
  readonly rules: readonly Rule[];
  /** For each placement, the places of its rules in `rules`, best first. */
  readonly placed: ReadonlyMap<string, Int32Array>;
  readonly segments: ReadonlyMap<string, number>;
  readonly consent: ConsentPolicy;
  /** Undefined where the release has none. */
  readonly contactPolicy: ContactPolicy | undefined;
  /** As it is written; undefined where it is as usual. */
  readonly singleView: SingleViewDefinition | undefined;
  readonly search: SearchDefinition | undefined;
  readonly matcher: MatcherData;
}

/** An offer whose treatments are not compiled yet, and of whose limits only what its own file says is known. */
export interface OfferData extends Omit<Offer, 'treatments' | 'limits'> {
  readonly own: OwnLimits | undefined;
  readonly treatments: OfferDefinition['treatments'];
}

type Builder = MatcherBuilder<DecisionFacts>;

/** Compiles checked definitions into a rulebook. What is paused or a draft is left out. */
export function compileRulebook(definitions: Definitions, tools: CompileTools, identity: RulebookIdentity): Rulebook {
  return assembleRulebook(compileData(definitions, tools), {
    ...identity,
    renderer: (treatment) => tools.renderer(treatment),
    written: writtenIn(definitions),
  }).rulebook;
}

/** The part of compiling that takes time: conditions, their index, and what is looked up by it. */
export function compileData(definitions: Definitions, tools: Pick<CompileTools, 'instant'>): RulebookData {
  const { builder, named } = startBuilding(definitions.segments);
  const levers = compileLevers(definitions, ({ schedule }) => compileWindow(schedule, tools));
  const offers = live(definitions.offers).map(([id, offer]) => compileOffer(id, offer, builder, { ...tools, levers }));
  const definedRules = live(definitions.rules);
  const rules = definedRules.map(([id, rule]) => compileRule(id, rule, builder, tools));
  const placed = byPlacement(
    definedRules.map(([, rule]) => rule.placements),
    rules,
  );
  const segments = numberSegments(builder, named);
  for (const [id, places] of placed)
    builder.scope(
      id,
      Array.from(places, (place) => rules[place]?.when ?? -1),
    );
  const meanOf = propensityMeans(offers, rules);
  const placements = live(definitions.placements).map(([id, placement]) =>
    compilePlacement(id, placement, () => meanOf(placed.get(id))),
  );
  return {
    placements,
    offers,
    rules,
    placed,
    segments,
    consent: compileConsentPolicy(definitions.consent),
    contactPolicy: compileContactPolicy(definitions.contact),
    singleView: definitions.singleView,
    search: definitions.search,
    matcher: builder.build(),
  };
}

/** The rest: lookups over the data. `warmUp` does in small steps what the first decisions would otherwise wait for. */
export function assembleRulebook(
  data: RulebookData,
  {
    version,
    digest,
    renderer,
    written,
  }: RulebookIdentity & Pick<CompileTools, 'renderer'> & { readonly written: WrittenConditions },
): { readonly rulebook: Rulebook; readonly warmUp: () => Generator<void> } {
  const matcher = new Matcher(data.matcher, findFact);
  const rulesAt = (places: Int32Array) =>
    Array.from(places, (place) => data.rules[place]).filter((rule) => rule !== undefined);
  const rules = new Map([...data.placed].map(([id, places]) => [id, rulesAt(places)]));
  const rulebook: Rulebook = Object.freeze({
    version,
    digest,
    placements: new Map(data.placements.map((placement) => [placement.id, placement])),
    offers: assembleOffers(data, resolveLimits({ ...data, rules }), renderer),
    known: knownOffers(data.offers),
    segments: data.segments,
    consent: data.consent,
    singleView: compileSingleView(data.singleView),
    search: compileSearch(data.search),
    rules,
    admissions: admissionsOf(rules),
    written,
    readsVisitor: (condition: number) => data.matcher.readsVisitor[condition] === 1,
    startRun: (facts: DecisionFacts) => matcher.run(facts),
  });
  return { rulebook, warmUp: () => warmUp(rulebook, matcher) };
}

/** Looked up when somebody asks: most rule sets do not. */
function knownOffers(offers: readonly OfferData[]): KnownOffers {
  const goals = new Map(offers.flatMap(({ id, goal }) => (goal ? [[id, goal] as const] : [])));
  let grouped: ReadonlyMap<string | undefined, readonly OfferData[]> | undefined;
  return {
    goalOf: (offer) => goals.get(offer),
    members: (group) => (grouped ??= Map.groupBy(offers, (one) => one.group)).get(group)?.map(({ id }) => id) ?? [],
  };
}

function assembleOffers(
  { offers }: RulebookData,
  limits: ReadonlyMap<string, OfferLimits>,
  renderer: CompileTools['renderer'],
): Map<string, Offer> {
  return new Map(
    offers.map(({ own: _own, treatments, ...offer }) => [
      offer.id,
      { ...offer, treatments: renderers(treatments, renderer), limits: limits.get(offer.id) },
    ]),
  );
}

/** Single conditions, compiled beside those of a rulebook. */
export interface CompiledConditions {
  /** For each condition asked about, its number in a run, in the order given. */
  readonly numbers: readonly number[];
  readonly segments: Rulebook['segments'];
  readonly startRun: Rulebook['startRun'];
}

/** Compiles conditions by themselves, which may name segments. */
export function compileConditions(
  conditions: readonly RootCondition[],
  { segments: defined }: Pick<Definitions, 'segments'>,
): CompiledConditions {
  const { builder, named } = startBuilding(defined);
  const numbers = conditions.map((condition) => builder.add(condition));
  const segments = numberSegments(builder, named);
  const matcher = new Matcher(builder.build(), findFact);
  return { numbers, segments, startRun: (facts) => matcher.run(facts) };
}

/** The same rulebook as another release, for two that are made of the same files. */
export function asVersion(rulebook: Rulebook, version: number): Rulebook {
  return rulebook.version === version ? rulebook : Object.freeze({ ...rulebook, version });
}

function startBuilding(segments: Definitions['segments']): { builder: Builder; named: Map<string, RootCondition> } {
  const named = new Map([...segments].map(([id, { conditions }]) => [id, conditions]));
  return { builder: new MatcherBuilder({ findFact, named }), named };
}

function numberSegments(builder: Builder, named: ReadonlyMap<string, RootCondition>): Map<string, number> {
  return new Map([...named.keys()].map((id) => [id, builder.addNamed(id)]));
}

function* warmUp({ rules, admissions }: Rulebook, matcher: Matcher<DecisionFacts>): Generator<void> {
  for (const placement of rules.keys()) {
    admissions(placement);
    yield;
  }
  yield* matcher.warmUp();
}

function renderers(
  treatments: OfferDefinition['treatments'],
  compile: CompileTools['renderer'],
): Map<string, Renderer> {
  return new Map(Object.entries(treatments).map(([where, treatment]) => [where, whenAsked(() => compile(treatment))]));
}

function whenAsked(make: () => Renderer): Renderer {
  let made: Renderer | undefined;
  return (scope, told) => (made ??= make())(scope, told);
}

/** The conditions as they are written. The definitions are kept as they are: it costs nothing until somebody asks. */
export function writtenIn({ rules, offers, segments }: Definitions): WrittenConditions {
  return {
    rule: (id) => rules.get(id)?.conditions,
    eligibility: (offer) => offers.get(offer)?.eligibility,
    segment: (id) => segments.get(id)?.conditions,
  };
}

function live<T extends { readonly status?: Status }>(definitions: ReadonlyMap<string, T>): [string, T][] {
  return [...definitions].filter(([, definition]) => (definition.status ?? 'live') === 'live');
}

function compilePlacement(id: string, placement: PlacementDefinition, mean: () => number | undefined): Placement {
  const { channel, count = 1, fallback, dedupe, maxPerGroup, lease, timeZone, locale } = placement;
  const leaseMs = lease && lease.minutes * 60_000;
  const score = compileScore(placement, mean);
  return { id, channel, count, fallback, dedupe, maxPerGroup, leaseMs, score, timeZone, locale };
}

function compileOffer(
  id: string,
  offer: OfferDefinition,
  builder: Builder,
  tools: Pick<CompileTools, 'instant'> & { readonly levers: ReadonlyMap<string, readonly Lever[]> },
): OfferData {
  const own = compileOwnLimits(offer);
  return {
    id,
    name: offer.name,
    group: offer.group,
    value: offer.value ?? 1,
    propensity: compilePropensity(offer),
    tier: offer.tier ?? 0,
    levers: tools.levers.get(id) ?? [],
    window: compileWindow(offer.schedule, tools),
    eligible: offer.eligibility && builder.add(offer.eligibility),
    consent: offer.consent,
    own,
    goal: own?.goal,
    treatments: offer.treatments,
  };
}

function compileRule(id: string, rule: RuleDefinition, builder: Builder, tools: Pick<CompileTools, 'instant'>): Rule {
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

function compileWindow(schedule: Schedule | undefined, { instant }: Pick<CompileTools, 'instant'>): Window {
  return {
    from: schedule?.from === undefined ? -Infinity : instant(schedule.from, schedule.timeZone),
    until: schedule?.until === undefined ? Infinity : instant(schedule.until, schedule.timeZone),
  };
}

function byPlacement(placements: readonly (readonly string[])[], rules: readonly Rule[]): Map<string, Int32Array> {
  const found = new Map<string, number[]>();
  for (const [place, ids] of placements.entries()) {
    for (const id of new Set(ids)) {
      const list = found.get(id);
      if (list) list.push(place);
      else found.set(id, [place]);
    }
  }
  return new Map(
    [...found].map(([id, places]) => [id, Int32Array.from(places.sort((a, b) => bestFirst(rules[a], rules[b])))]),
  );
}

function bestFirst(a: Rule | undefined, b: Rule | undefined): number {
  if (!a || !b) return 0;
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
