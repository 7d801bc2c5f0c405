import type { FactReference } from '../../engine/language/condition-definition.js';
import type { JsonObject } from '../../engine/language/json.js';
import { definiteNames } from '../../engine/match/path.js';
import { interactionQuery, type CountedQuery } from './counted-query.js';
import { domainOf, type Domain } from './domain.js';
import { exactKey } from './exact-key.js';

/** One unknown value that conditions ask for: the same in all conditions of one decision in one placement. */
export interface Term {
  readonly id: number;
  readonly reference: FactReference;
  /** The names along its path, where that leads to one value. */
  readonly names: readonly string[] | undefined;
  /** What it may turn out to be. */
  readonly domain: Domain;
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
    const query = fact === 'interactions' ? interactionQuery(params) : undefined;
    const domain = domainOf(fact, names, query);
    // A path into a number leads to the number itself.
    const inside = query && !domain.objects ? [] : (names ?? path);
    const key = exactKey([fact, query ?? params, inside]);
    const known = this.known.get(key);
    if (known) return known;
    const reference = { fact, ...(Object.keys(params).length > 0 && { params }), ...(path !== undefined && { path }) };
    const term = { id: this.known.size, reference, names, domain, query, family: query ? familyOf(query) : key };
    this.known.set(key, term);
    return term;
  }
}

/** The term of an element of a list, of which nothing is known. */
export function elementTerm(): Term {
  return new Terms().of({ fact: 'element' });
}

function familyOf({ event }: Pick<JsonObject, 'event'> | CountedQuery): string {
  return `interactions ${typeof event === 'string' ? event : ''}`;
}
