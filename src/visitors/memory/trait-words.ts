/**
 * Words on traits. Of each trait the latest word of a server stands, and where no server said any the latest of a
 * browser; a browser's word that stands below a server's is kept apart, for whoever may only know what browsers said.
 */
import type { Json } from '../../engine/language/json.js';
import { later, nameless, type Said } from './last-word.js';

/** A trait with the moment it was said; null was said to remove it. */
export interface RememberedTrait extends Said {
  readonly value: Json;
  /** Where it was heard: `identify`, `group`, `import`, `api`; of a browser `browser:identify` or `browser:group`. */
  readonly source: string;
}

type Traits = Readonly<Record<string, RememberedTrait>>;

/** What was said of all traits. */
export interface TraitWords {
  /** The words that stand. */
  readonly traits: Traits;
  /** Words of browsers on traits of which a server has its say too; absent where there are none. */
  readonly outranked?: Traits | undefined;
}

const OF_BROWSER = 'browser:';

/** The source of a trait that a browser said. */
export function browserSource(source: string): string {
  return OF_BROWSER + source;
}

/** Whether a browser said it. */
export function isBrowsersWord({ source }: Pick<RememberedTrait, 'source'>): boolean {
  return source.startsWith(OF_BROWSER);
}

/** What either says; whichever comes first, and however often. */
export function mergeWords(a: TraitWords, b: TraitWords): TraitWords {
  const traits = Object.assign(nameless<RememberedTrait>(), a.traits);
  const outranked = Object.assign(nameless<RememberedTrait>(), a.outranked);
  for (const [name, word] of [...Object.entries(b.traits), ...Object.entries(b.outranked ?? {})]) {
    const standing = traits[name];
    if (!standing || isBrowsersWord(standing) === isBrowsersWord(word)) traits[name] = later(standing, word);
    else if (isBrowsersWord(word)) outranked[name] = later(outranked[name], word);
    else [traits[name], outranked[name]] = [word, later(outranked[name], standing)];
  }
  return { traits, ...(Object.keys(outranked).length > 0 && { outranked }) };
}

/** All that browsers said, whether it stands or not. */
export function wordsOfBrowsers({ traits, outranked = {} }: TraitWords): Record<string, RememberedTrait> {
  return Object.assign(
    pick(traits, (_name, trait) => isBrowsersWord(trait)),
    outranked,
  );
}

function pick(traits: Traits, isWanted: (name: string, trait: RememberedTrait) => boolean) {
  const picked = nameless<RememberedTrait>();
  for (const [name, trait] of Object.entries(traits)) if (isWanted(name, trait)) picked[name] = trait;
  return picked;
}
