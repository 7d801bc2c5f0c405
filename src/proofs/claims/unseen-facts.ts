import type { Comparison, Condition, FactReference } from '../../engine/language/condition-definition.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { isFactReference } from '../../engine/match/fact-reader.js';
import { isConditionTree } from '../../engine/facts/interaction-query.js';
import { definiteNames, firstName } from '../../engine/match/path.js';
import type { Address, Proof, Seen } from '../logic/proof.js';
import type { RuleSet } from './rule-set.js';
import { comparisonsIn, type Path } from './written-part.js';

/**
 * Events, properties and traits that conditions ask for, and that nothing seen so far had. Nothing is said where
 * nothing was seen.
 */
export function unseenFacts(set: RuleSet): Proof[] {
  const { seen } = set;
  if (!seen || (Object.keys(seen.events).length === 0 && seen.traits.length === 0)) return [];
  return askingConditions(set).flatMap(({ condition, at }) => {
    const missing = comparisonsIn(condition, at.path).flatMap((part) =>
      missingOf(part.condition as Comparison, part.path, seen),
    );
    const once = new Map(missing.toReversed().map((one) => [one.message, one]));
    return [...once.values()]
      .reverse()
      .map(({ path, message }): Proof => ({ kind: 'unseen-fact', severity: 'warning', at: { ...at, path }, message }));
  });
}

interface Asking {
  readonly condition: Condition;
  readonly at: Address;
}

function askingConditions({ definitions, offers, rules }: RuleSet): Asking[] {
  return [
    ...rules.map(({ id, written }): Asking => ({
      condition: written.conditions,
      at: { kind: 'rules', id, path: ['conditions'] },
    })),
    ...[...definitions.segments].map(([id, { conditions }]): Asking => ({
      condition: conditions,
      at: { kind: 'segments', id, path: ['conditions'] },
    })),
    ...[...offers].flatMap(([id, { definition }]): Asking[] =>
      definition.eligibility
        ? [{ condition: definition.eligibility, at: { kind: 'offers', id, path: ['eligibility'] } }]
        : [],
    ),
  ];
}

interface Missing {
  readonly path: Path;
  readonly message: string;
}

function missingOf(comparison: Comparison, path: Path, seen: Seen): Missing[] {
  const { value } = comparison;
  return [
    ...missingIn(comparison, path, seen),
    ...(isFactReference(value) ? missingIn(value, [...path, 'value'], seen) : []),
  ];
}

function missingIn(reference: FactReference, path: Path, seen: Seen): Missing[] {
  const { fact, params = {}, path: inside } = reference;
  switch (fact) {
    case 'profile': {
      const trait = inside === undefined ? undefined : firstName(inside);
      return trait === undefined || seen.traits.includes(trait)
        ? []
        : [{ path: [...path, 'path'], message: `no visitor seen so far has the trait "${trait}"` }];
    }
    case 'session': {
      const [events, event] = definiteNames(inside ?? '') ?? [];
      return events === 'events' && event !== undefined ? missingEvent(event, [...path, 'path'], seen) : [];
    }
    case 'interactions':
      return missingInteractions(params, inside, path, seen);
    default:
      return [];
  }
}

function missingEvent(event: string, path: Path, { events }: Seen): Missing[] {
  return Object.hasOwn(events, event) ? [] : [{ path, message: `no event "${event}" was seen so far` }];
}

function missingInteractions(
  { event, property, where, aggregate }: JsonObject,
  inside: string | undefined,
  path: Path,
  seen: Seen,
): Missing[] {
  const params = [...path, 'params'];
  const unknown = typeof event === 'string' ? missingEvent(event, [...params, 'event'], seen) : [];
  if (unknown.length > 0) return unknown;
  const [properties, name] =
    property === undefined && (aggregate === 'first' || aggregate === 'last')
      ? (definiteNames(inside ?? '') ?? [])
      : [];
  const asked: (readonly [string, Path])[] = [
    ...(typeof property === 'string' ? [[property, [...params, 'property']] as const] : []),
    ...(properties === 'properties' && name !== undefined ? [[name, [...path, 'path']] as const] : []),
    ...propertiesOf(where).map((one) => [one, [...params, 'where']] as const),
  ];
  const known =
    typeof event === 'string'
      ? (seen.events[event]?.properties ?? [])
      : Object.values(seen.events).flatMap((one) => one.properties);
  const whose = typeof event === 'string' ? `no "${event}" seen so far` : 'no event seen so far';
  return asked
    .filter(([one]) => !known.includes(one))
    .map(([one, at]) => ({ path: at, message: `${whose} has the property "${one}"` }));
}

function propertiesOf(where: Json | undefined): string[] {
  if (!isObject(where)) return [];
  if (!isConditionTree(where)) return Object.keys(where);
  return comparisonsIn(where as unknown as Condition, []).map(({ condition }) => (condition as Comparison).fact);
}
