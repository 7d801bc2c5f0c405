import { hash, hkdfSync } from 'node:crypto';
import type { SearchForm } from '../../engine/language/search-definition.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import { isBrowsersWord, type TraitWords } from '../memory/trait-words.js';
import { allFormed } from './search-forms.js';

/** Whose word a value is. What pages say, anybody may have said, and as often as they like: it is found apart. */
export type Said = 'server' | 'browser';

const KEY_DIGITS = 32;

/** What a value is found by, before it is made a key: equal for values that are the same. */
export function termOf(form: SearchForm, said: Said, value: string): string {
  return `${form} ${said} ${value}`;
}

/** All terms that a person is to be found by. */
export function termsOf({ traits }: Pick<TraitWords, 'traits'>, policy: SearchPolicy): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const [name, form] of policy) {
    const trait = Object.hasOwn(traits, name) ? traits[name] : undefined;
    if (!trait) continue;
    const said = isBrowsersWord(trait) ? 'browser' : 'server';
    for (const value of allFormed(trait.value, form)) terms.add(termOf(form, said, value));
  }
  return terms;
}

/**
 * Makes the keys of the index: 128 bits of SHA-512/256 over a secret of the store and a term, which can't be extended
 * as plain SHA-256 can (FIPS 180-4). So whoever reads names of keys, as in a slow log of Redis, learns no address, and
 * can't try out numbers either.
 */
export class SearchKeys {
  private readonly secret: string;

  /** `secret` is the one of the store, of which another is made for this alone. */
  constructor(secret: string) {
    this.secret = Buffer.from(hkdfSync('sha256', secret, '', 'usher search index', 32)).toString('hex');
  }

  /** The key of a term, in hexadecimal digits. */
  of(term: string): string {
    return hash('sha512-256', `${this.secret} ${term}`, 'hex').slice(0, KEY_DIGITS);
  }
}
