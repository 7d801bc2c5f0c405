import type { ValueShape } from '../../engine/facts/value-shape.js';
import { ALL_NUMBERS, between, NO_NUMBER, type NumberSet } from './number-set.js';
import { ALL_TEXTS, type TextRange } from './text-range.js';

/** What a value may be. More than it really may be is allowed: then less is claimed. */
export interface Domain {
  readonly missing: boolean;
  readonly nothing: boolean;
  readonly booleans: boolean;
  readonly numbers: NumberSet;
  /** Its numbers are whole. */
  readonly isWhole: boolean;
  readonly texts: 'none' | TextRange | readonly string[];
  readonly lists: boolean;
  readonly objects: boolean;
}

/** Any JSON value, or none. */
export const ANYTHING: Domain = {
  missing: true,
  nothing: true,
  booleans: true,
  numbers: ALL_NUMBERS,
  isWhole: false,
  texts: ALL_TEXTS,
  lists: true,
  objects: true,
};

const NOTHING: Domain = {
  missing: false,
  nothing: false,
  booleans: false,
  numbers: NO_NUMBER,
  isWhole: false,
  texts: 'none',
  lists: false,
  objects: false,
};

/** One of these texts. */
export function oneOfTexts(texts: readonly string[]): Domain {
  return { ...NOTHING, texts };
}

/** What a value of a shape may be. */
export function domainOf(shape: ValueShape): Domain {
  const domain = presentValues(shape);
  return shape.missing ? { ...domain, missing: true } : domain;
}

function presentValues({ kind, min = -Infinity, max = Infinity, whole, ...shape }: ValueShape): Domain {
  switch (kind) {
    case 'boolean':
      return { ...NOTHING, booleans: true };
    case 'number':
      return { ...NOTHING, numbers: between(min, max), isWhole: whole === true };
    case 'text':
      return { ...NOTHING, texts: textsOf(shape) };
    case 'list':
      return { ...NOTHING, lists: true };
    case 'object':
      return { ...NOTHING, objects: true };
    case 'anything':
      return ANYTHING;
  }
}

function textsOf({ texts, from, to }: Pick<ValueShape, 'texts' | 'from' | 'to'>): Exclude<Domain['texts'], 'none'> {
  if (texts) return texts;
  return from === undefined && to === undefined ? ALL_TEXTS : { low: from, lowOpen: false, high: to, highOpen: false };
}
