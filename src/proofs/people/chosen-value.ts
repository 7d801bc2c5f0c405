import type { Millis } from '../../engine/language/millis.js';
import { reckonedValue } from '../../engine/match/operators.js';
import { reckonedFrame } from '../../engine/values/time-comparisons.js';
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
export function chosenValue(domain: Domain, literals: readonly Literal[], now: Millis): Json | undefined {
  const timed = literals.filter(({ atom }) => atom.hangsOnTime);
  const all = [...candidates(domain, literals), ...(timed.length > 0 ? datesNear(now) : [])];
  return all.find((value) => isIn(domain, value) && satisfies(value, literals) && areTrueAt(now, value, timed)) as
    Json | undefined;
}

/** Days from now, of which one is likely to be wanted; in lists too, as decorators go through them. */
const DAYS = [0, 1, -1, 2, -2, 5, -5, 8, -8, 20, -20, 40, -40, 100, -100, 400, -400, 4_000, -4_000];

function datesNear(now: Millis): Json[] {
  const days = DAYS.map((day) => new Date(now + day * 86_400_000).toISOString());
  return [...days, ...days.map((day) => [day])];
}

/** By the clocks of UTC: whoever asks tries it out by those of the placement. */
function areTrueAt(now: Millis, value: unknown, literals: readonly Literal[]): boolean {
  return literals.every(({ atom, negated }) => {
    const params = reckonedValue(atom.operator, atom.value)?.params;
    return atom.test(value, params && reckonedFrame(params)?.(now, 'UTC')) !== negated;
  });
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
