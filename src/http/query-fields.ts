import { Refused, type Field } from './read-fields.js';

/** The largest whole number that is read. */
export const LARGEST = 999_999_999_999_999;

/** A whole number from `min` to `max`, written in digits; `fallback` where it is absent or empty. */
export function wholeNumber<T>({ min = 0, max = LARGEST, fallback }: NumberLimits<T>): Field<number | T> {
  const upTo = max === LARGEST ? 'on' : `to ${max}`;
  return (given) => {
    if (isAbsent(given)) return fallback;
    const value = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return value >= min && value <= max ? value : new Refused(`must be a whole number from ${min} ${upTo}`);
  };
}

/** What a whole number may be. */
export interface NumberLimits<T> {
  readonly min?: number;
  readonly max?: number;
  readonly fallback: T;
}

/** `true` or `false`: false where it is absent, true where only its name is there. */
export const flag: Field<boolean> = (given) => {
  if (given === undefined || given === 'false') return false;
  return given === 'true' || given === '' ? true : new Refused('must be true or false');
};

/** A text that comes once and within `maxLength`, as `field` reads it; undefined where it is absent or empty. */
export function once<T>(field: (text: string) => T | Refused, maxLength: number): Field<T | undefined> {
  return (given) => {
    if (isAbsent(given)) return undefined;
    if (typeof given !== 'string') return new Refused('must be said once');
    return given.length > maxLength ? new Refused('is longer than it can be') : field(given);
  };
}

function isAbsent(given: unknown): boolean {
  return given === undefined || given === '';
}
