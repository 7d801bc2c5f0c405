import type { FactReference } from '../language/condition-definition.js';
import { firstName } from '../match/path.js';
import { GUARDED, type Guard } from '../visitor/consent.js';
import { findDeclaration } from '../facts/facts.js';

/**
 * The purposes for lack of which a fact is not what it would be, or may not be: whether there was anything to withhold
 * is not looked at.
 */
export function lackingFor({ fact, path }: FactReference, withheld: readonly Guard[]): readonly string[] {
  return withheld.filter((guard) => isBehind(fact, path, guard)).map(({ purpose }) => purpose);
}

function isBehind(fact: string, path: string | undefined, { facts, traits }: Guard): boolean {
  const { source, traits: used = [] } = findDeclaration(fact) ?? {};
  if (source === 'history') return facts.includes(GUARDED.history);
  const trait = source === 'traits' && path !== undefined ? firstName(path) : undefined;
  if (source === 'traits' && trait === undefined) return facts.includes(GUARDED.traits) || traits.length > 0;
  const looked = trait === undefined ? used : [trait, ...used];
  return looked.length > 0 && (facts.includes(GUARDED.traits) || looked.some((name) => traits.includes(name)));
}
