import { InvalidRequest } from '../errors.js';

/** Parts of a query, as texts; what comes twice is a list. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * A whole number from `min` to `max` of a query or a path; `fallback` where it is absent. Throws {@link InvalidRequest}
 * otherwise.
 */
export function readNumber<F>(
  given: unknown,
  path: string,
  { min = 0, max, fallback }: { min?: number; max: number; fallback: F },
): number | F {
  if (given === undefined || given === '') return fallback;
  const value = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidRequest([
    {
      path,
      message:
        max === LARGEST ? `must be a whole number from ${min} on` : `must be a whole number from ${min} to ${max}`,
    },
  ]);
}

/** The version of a release. Throws {@link InvalidRequest} where it is none. */
export function readVersion(given: unknown, path: string): number {
  const version = readNumber(given, path, { min: 1, max: LARGEST, fallback: undefined });
  if (version !== undefined) return version;
  throw new InvalidRequest([{ path, message: 'must be the version of a release, such as 42' }]);
}

/** `true` or `false`, and false where it is absent. Throws {@link InvalidRequest} otherwise. */
export function readFlag(given: unknown, path: string): boolean {
  if (given === undefined || given === 'false') return false;
  if (given === 'true' || given === '') return true;
  throw new InvalidRequest([{ path, message: 'must be true or false' }]);
}

/** The largest number that is read. */
export const LARGEST = 999_999_999_999_999;
