import type { Json } from '../../engine/language/json.js';
import type { Domain } from '../logic/domain.js';
import type { Literal } from '../logic/formula.js';
import { intersection, points, samples } from '../logic/number-set.js';
import { numbersFor, satisfies } from '../logic/possible-values.js';
import { holdsText } from '../logic/text-range.js';

/**
 * A value that satisfies literals, none first; undefined where none is at hand as well, which whoever asks must try
 * out.
 */
export function chosenValue(domain: Domain, literals: readonly Literal[]): Json | undefined {
  return candidates(domain, literals).find((value) => isIn(domain, value) && satisfies(value, literals)) as
    Json | undefined;
}

function candidates(domain: Domain, literals: readonly Literal[]): unknown[] {
  const named = literals.flatMap(({ atom: { value } }) =>
    Array.isArray(value) ? (value as readonly Json[]) : [value],
  );
  const elements = literals
    .filter(({ negated }) => !negated)
    .flatMap(({ atom: { value } }) => (Array.isArray(value) ? [] : [value]));
  const nearTexts = named
    .filter((value) => typeof value === 'string')
    .flatMap((text) => [text, `${text}0`, text.slice(0, -1)]);
  return [
    undefined,
    ...named,
    ...samples(numbersFor(domain, literals)),
    elements,
    [elements[0] ?? null],
    ...named.map((value) => [value]),
    ...nearTexts,
    ...PLAIN,
  ];
}

const PLAIN: readonly Json[] = [true, false, null, 1, 0, 'a', '1', 'monday', [], {}];

function isIn(
  { missing, nothing, booleans, numbers, isWhole, texts, lists, objects }: Domain,
  value: unknown,
): boolean {
  switch (typeof value) {
    case 'undefined':
      return missing;
    case 'boolean':
      return booleans;
    case 'number':
      return intersection(numbers, points([value])).length > 0 && (!isWhole || Number.isInteger(value));
    case 'string':
      return texts !== 'none' && ('low' in texts ? holdsText(texts, value) : texts.includes(value));
    default:
      return value === null ? nothing : Array.isArray(value) ? lists : objects;
  }
}
