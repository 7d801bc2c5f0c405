import type { TimeAnswer } from './time-answer.js';

/**
 * The instant that a count of seconds, milliseconds, microseconds or nanoseconds since 1970 means, told apart by its
 * size; undefined where a text is none. The smallest is the first second of 1990, as what is smaller is no time but
 * something else, such as the days of a spreadsheet.
 */
export function epochTime(text: string): TimeAnswer | undefined {
  const [, sign, whole = '', fraction = ''] = EPOCH.exec(text) ?? [];
  if (whole === '') return undefined;
  const digits = whole.replace(/^0+/, '');
  const unit = UNITS.find(({ below }) => digits.length < below);
  if (!unit || sign === '-' || (unit.shift > 0 && Number(digits) < FIRST_SECOND)) return { wrong: OUT_OF_RANGE };
  // Digits are moved and never calculated with: no rounding.
  const moved =
    unit.shift > 0
      ? digits + fraction.padEnd(unit.shift, '0').slice(0, unit.shift)
      : digits.slice(0, unit.shift || undefined);
  return { at: Number(moved) };
}

const EPOCH = /^(-?)(\d+)(?:\.(\d+))?$/;
const FIRST_SECOND = Date.UTC(1990, 0, 1) / 1_000;

/** By how many digits the point is moved to give milliseconds, for counts of fewer digits than `below`. */
const UNITS = [
  { below: 12, shift: 3 },
  { below: 15, shift: 0 },
  { below: 18, shift: -3 },
  { below: 21, shift: -6 },
] as const;

const OUT_OF_RANGE =
  'is a number that is no time: seconds since 1970 have 9 to 11 digits and begin with 1990, ' +
  'milliseconds have 12 to 14, microseconds 15 to 17, nanoseconds 18 to 20; ' +
  'or send an ISO 8601 time, such as "2026-11-21T10:00:00Z"';
