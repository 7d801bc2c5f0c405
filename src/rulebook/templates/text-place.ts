import type { Definition } from '../../engine/language/definitions.js';

type Treatment = Definition<'offers'>['treatments'][string];

/**
 * How a text of a treatment is read where it is shown, and so what an inserted value must not be able to say: `plain`
 * is characters and nothing else, `html` is markup, `address` is where a link or an image leads.
 */
export type TextPlace = 'plain' | 'html' | 'address';

/** The place of a text by the name it stands under; an address by its last word: `url`, `imageUrl`, `hero-src`. */
export function placeOf(name: string, as: Treatment['as'] = 'plain'): TextPlace {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^\p{L}\p{N}]+/u);
  return ADDRESS.test(words.at(-1) ?? '') ? 'address' : as;
}

const ADDRESS = /^(?:url|uri|href|src|image)s?$/i;
