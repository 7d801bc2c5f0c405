import { compileRulebook } from '../src/engine/compile.js';
import type { Condition, RootCondition } from '../src/engine/language/condition-definition.js';
import type { Definitions } from '../src/engine/language/definitions.js';
import type { OfferDefinition } from '../src/engine/language/offer-definition.js';
import type { PlacementDefinition } from '../src/engine/language/placement-definition.js';
import type { RuleDefinition } from '../src/engine/language/rule-definition.js';
import type { Rulebook } from '../src/engine/rulebook.js';
import { instant } from '../src/rulebook/read/instant.js';
import { renderer } from '../src/rulebook/templates/templates.js';

/**
 * A rule of which only what matters is given; it speaks for the placement `home` and puts `one` forward where
 * nothing else is said.
 */
export type RuleTold = Partial<Omit<RuleDefinition, 'event' | 'conditions'>> & {
  readonly when?: readonly Condition[] | RootCondition;
  readonly offer?: string;
  readonly weight?: number;
};

/** A rule set of which only what matters is given, by id. */
export interface ShelfTold {
  readonly placements?: Readonly<Record<string, Partial<PlacementDefinition>>>;
  readonly offers?: Readonly<Record<string, Partial<OfferDefinition>>>;
  readonly segments?: Readonly<Record<string, readonly Condition[] | RootCondition>>;
  readonly rules?: Readonly<Record<string, RuleTold>>;
  readonly consent?: Definitions['consent'];
}

/** A rule set, and compiled. */
export interface Shelf {
  readonly definitions: Definitions;
  readonly rulebook: Rulebook;
}

/** Makes a rule set of what is given. What rules and placements name is there without being given. */
export function shelf({ placements = {}, offers = {}, segments = {}, rules = {}, consent }: ShelfTold): Shelf {
  const given = Object.values(rules);
  const placed = named(['home', ...given.flatMap((rule) => rule.placements ?? [])], placements);
  const offered = named(
    [
      ...(given.length > 0 ? given.map(({ offer = 'one' }) => offer) : []),
      ...Object.values(placed).flatMap(({ fallback }) => fallback ?? []),
    ],
    offers,
  );
  const definitions: Definitions = {
    placements: mapOf(placed, (id, one) => ({ name: id, ...one })),
    offers: mapOf(offered, (id, one) => ({ name: id, treatments: { '*': { content: { title: id } } }, ...one })),
    segments: mapOf(segments, (id, one) => ({ name: id, conditions: rooted(one) })),
    rules: mapOf(rules, (id, { when = [], offer = 'one', weight, ...rule }) => ({
      name: id,
      placements: ['home'],
      ...rule,
      conditions: rooted(when),
      event: { type: 'offer' as const, params: { offer, ...(weight !== undefined && { weight }) } },
    })),
    cases: new Map(),
    ...(consent && { consent }),
  };
  return { definitions, rulebook: compileRulebook(definitions, { renderer, instant }, { version: 1, digest: '' }) };
}

function rooted(when: readonly Condition[] | RootCondition): RootCondition {
  return Array.isArray(when) ? { all: when as readonly Condition[] } : (when as RootCondition);
}

function named<T extends object>(ids: readonly string[], given: Readonly<Record<string, T>>): Record<string, T> {
  return { ...Object.fromEntries(ids.map((id) => [id, {} as T])), ...given };
}

function mapOf<T, R>(given: Readonly<Record<string, T>>, make: (id: string, one: T) => R): Map<string, R> {
  return new Map(Object.entries(given).map(([id, one]) => [id, make(id, one)]));
}
