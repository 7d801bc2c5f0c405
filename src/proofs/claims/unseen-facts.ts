import { type Comparison, type FactReference, isFactReference } from '../../engine/language/condition-definition.js';
import type { AskedName } from '../../engine/facts/fact-declaration.js';
import { findDeclaration } from '../../engine/facts/facts.js';
import { askingConditions } from './asking-conditions.js';
import type { Proof, Seen } from '../logic/proof.js';
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

function missingIn({ fact, params = {}, path: inside }: FactReference, path: Path, seen: Seen): Missing[] {
  const asked = findDeclaration(fact)?.asksFor?.(params, inside) ?? [];
  const unknown = asked.filter((one) => !isSeen(one, seen));
  // Of an event that was never seen, nothing is known besides.
  const events = unknown.filter(({ what }) => what === 'event');
  return (events.length > 0 ? events : unknown).map((one) => ({ path: [...path, ...one.at], message: unseen(one) }));
}

function isSeen({ what, name, event }: AskedName, { traits, events }: Seen): boolean {
  if (what === 'trait') return traits.includes(name);
  if (what === 'event') return Object.hasOwn(events, name);
  const known =
    event === undefined ? Object.values(events).flatMap((one) => one.properties) : (events[event]?.properties ?? []);
  return known.includes(name);
}

function unseen({ what, name, event }: AskedName): string {
  switch (what) {
    case 'trait':
      return `no visitor seen so far has the trait "${name}"`;
    case 'event':
      return `no event "${name}" was seen so far`;
    case 'property':
      return `${event === undefined ? 'no event seen so far' : `no "${event}" seen so far`} has the property "${name}"`;
  }
}
