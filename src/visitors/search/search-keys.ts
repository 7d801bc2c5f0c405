import { createHmac, hkdfSync } from 'node:crypto';
import type { SearchForm } from '../../engine/language/search-definition.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import { isBrowsersWord, type TraitWords } from '../memory/trait-words.js';
import { allFormed } from './search-forms.js';

/** Whose word a value is. What pages say, anybody may have said, and as often as they like: it is found apart. */
export type Said = 'server' | 'browser';

const KEY_BYTES = 16;

/**
 * The keys of the index: 128 bits of an HMAC over a value, under a secret of the store. So whoever reads names of keys,
 * as in a slow log of Redis, learns no address, and can't try out numbers either.
 */
export class SearchKeys {
  private readonly secret: Uint8Array;

  /** `secret` is the one of the store, of which another is made for this alone. */
  constructor(secret: string) {
    this.secret = new Uint8Array(hkdfSync('sha256', secret, '', 'usher search index', 32));
  }

  /** The key of a value as it is compared. */
  of(form: SearchForm, said: Said, value: string): string {
    const mac = createHmac('sha256', this.secret).update(`${form} ${said} ${value}`);
    return mac.digest('hex').slice(0, 2 * KEY_BYTES);
  }

  /** All keys that a person is to be found by. */
  ofTraits({ traits }: Pick<TraitWords, 'traits'>, policy: SearchPolicy): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const [name, form] of policy) {
      const trait = Object.hasOwn(traits, name) ? traits[name] : undefined;
      if (!trait) continue;
      const said = isBrowsersWord(trait) ? 'browser' : 'server';
      for (const value of allFormed(trait.value, form)) keys.add(this.of(form, said, value));
    }
    return keys;
  }
}
