import { findDeclaration } from '../../engine/facts/facts.js';
import type { Comparison } from '../../engine/language/condition-definition.js';
import { isFactReference } from '../../engine/language/condition-definition.js';
import type { Address, Proof } from '../logic/proof.js';
import { askingConditions } from './asking-conditions.js';
import type { RuleSet } from './rule-set.js';
import { comparisonsIn } from './written-part.js';

/** Where a name of the business stands. */
interface Mention {
  readonly what: 'trait' | 'event' | 'property';
  readonly name: string;
  readonly at: Address;
}

/**
 * Names of events, properties or traits that differ in nothing but case, blanks, hyphens and the like: most likely one
 * of them is never sent. Told at the spelling that is used less, and names the place of the other.
 */
export function nearNames(set: RuleSet): Proof[] {
  const alike = Map.groupBy(mentionsIn(set), ({ what, name }) => `${what} ${bare(name)}`);
  return [...alike.values()].flatMap((mentions) => {
    const spellings = [...Map.groupBy(mentions, ({ name }) => name).values()].sort(mostUsedFirst);
    const [usual, ...others] = spellings.flatMap(([first]) => first ?? []);
    return usual ? others.map((rare) => nearName(rare, usual)) : [];
  });
}

function nearName(one: Mention, usual: Mention): Proof {
  const { kind, id } = usual.at;
  return {
    kind: 'near-name',
    severity: 'warning',
    at: one.at,
    others: [usual.at],
    message:
      `the ${one.what} "${one.name}" is called "${usual.name}" in ${kind} "${id}"; ` +
      'names must be the same to the letter, so write both the same',
  };
}

/** Of those that are used as often, the one that comes first. */
function mostUsedFirst(some: readonly Mention[], others: readonly Mention[]): number {
  return others.length - some.length;
}

/** What is left of a name without what is easily written otherwise. */
function bare(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase();
  return folded.replace(/[\s\p{P}\p{S}]/gu, '') || folded;
}

function mentionsIn(set: RuleSet): Mention[] {
  const asked = askingConditions(set).flatMap(({ condition, at }) =>
    comparisonsIn(condition, at.path).flatMap(({ condition: one, path }) => {
      const { value } = one as Comparison;
      const references = [{ reference: one as Comparison, path }];
      const both = isFactReference(value)
        ? [...references, { reference: value, path: [...path, 'value'] }]
        : references;
      return both.flatMap(({ reference: { fact, params = {}, path: inside }, path: where }) =>
        (findDeclaration(fact)?.asksFor?.(params, inside) ?? []).map(({ what, name, at: steps }) => ({
          what,
          name,
          at: { ...at, path: [...where, ...steps] },
        })),
      );
    }),
  );
  return [...asked, ...goalsIn(set)];
}

function goalsIn({ offers }: RuleSet): Mention[] {
  return [...offers].flatMap(([id, { definition }]): Mention[] =>
    definition.goal
      ? [{ what: 'event', name: definition.goal.event, at: { kind: 'offers', id, path: ['goal', 'event'] } }]
      : [],
  );
}
