/** Milliseconds since the epoch. */
export type Millis = number;

/**
 * The longest duration, about 100,000 years: what is reckoned from now with it is still a time that a computer knows.
 */
const LONGEST_DAYS = 36_525_000;

/** `30s`, `15m`, `12h`, `7d` or `2w` in milliseconds; undefined for anything else, and for what is too long. */
export function parseDuration(text: string): Millis | undefined {
  const millis = millisIn(text);
  return millis !== undefined && millis <= LONGEST_DAYS * DAY_MS ? millis : undefined;
}

/** What to write in place of a text that {@link parseDuration} does not read, such as `example`. */
export function durationRemedy(text: string, example: string): string {
  if (millisIn(text) !== undefined) return `the longest there may be is "${LONGEST_DAYS}d"; write a shorter one`;
  const number = /^[\d.,]+[smhdw]$/.test(text) ? 'whole number of 1 or more' : 'number';
  return `write a ${number} and s, m, h, d or w, such as "${example}"`;
}

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, Millis>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

function millisIn(text: string): Millis | undefined {
  const [, count, unit] = /^([1-9]\d*)([smhdw])$/.exec(text) ?? [];
  const millis = unit === undefined ? undefined : UNITS[unit];
  return millis === undefined ? undefined : Number(count) * millis;
}

/** An instant as the API tells it: ISO 8601 in UTC. */
export function iso(millis: Millis): string {
  return new Date(millis).toISOString();
}
