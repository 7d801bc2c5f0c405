import type { FactReference } from '../../engine/language/condition-definition.js';
import type { FactDeclaration } from '../../engine/facts/fact-declaration.js';
import { findDeclaration } from '../../engine/facts/facts.js';
import { ANY_VALUE, shapeAt, type SettledBy } from '../../engine/facts/value-shape.js';
import { definiteNames } from '../../engine/match/path.js';
import { domainOf, type Domain } from './domain.js';
import { exactKey } from './exact-key.js';

/** Which interactions a fact is about, and what it says of them. */
export type CountedQuery = ReturnType<NonNullable<FactDeclaration['query']>>;

/** One unknown value that conditions ask for: the same in all conditions of one decision in one placement. */
export interface Term {
  readonly id: number;
  readonly reference: FactReference;
  /** The names along its path, where that leads to one value. */
  readonly names: readonly string[] | undefined;
  /** The fact that it is, or is a part of; undefined for what no fact is. */
  readonly declaration: FactDeclaration | undefined;
  /** What it may turn out to be. */
  readonly domain: Domain;
  /** What of the setting it is asked in settles it. */
  readonly settledBy: SettledBy | undefined;
  /** Which interactions it is about. */
  readonly query: CountedQuery | undefined;
  /** Terms of different families tell nothing about each other. */
  readonly family: string;
}

/** Gives every distinct term its number. */
export class Terms {
  private readonly known = new Map<string, Term>();

  /** The term behind a reference; the same for references that are written differently and mean the same. */
  of({ fact, params = {}, path }: FactReference): Term {
    const names = path === undefined ? [] : definiteNames(path);
    const declaration = findDeclaration(fact);
    const query = declaration?.query?.(params);
    const shape = shapeAt(declaration?.shape(params) ?? ANY_VALUE, names);
    const domain = domainOf(shape);
    // A path into a number leads to the number itself.
    const inside = query && !domain.objects ? [] : (names ?? path);
    const key = exactKey([fact, query ?? params, inside]);
    const known = this.known.get(key);
    if (known) return known;
    const reference = { fact, ...(Object.keys(params).length > 0 && { params }), ...(path !== undefined && { path }) };
    const family = query ? familyOf(fact, query) : key;
    const { settledBy } = shape;
    const term = { id: this.known.size, reference, names, declaration, domain, settledBy, query, family };
    this.known.set(key, term);
    return term;
  }
}

/** The term of an element of a list, of which nothing is known. */
export function elementTerm(): Term {
  return new Terms().of({ fact: 'element' });
}

function familyOf(fact: string, { event }: CountedQuery): string {
  return `${fact} ${typeof event === 'string' ? event : ''}`;
}
