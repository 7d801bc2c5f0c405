/** Milliseconds since the epoch. */
export type Millis = number;

const UNITS: Readonly<Record<string, Millis>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `30s`, `15m`, `12h`, `7d` or `2w` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): Millis | undefined {
  const [, count, unit] = /^([1-9]\d{0,8})([smhdw])$/.exec(text) ?? [];
  const millis = unit === undefined ? undefined : UNITS[unit];
  return millis === undefined ? undefined : Number(count) * millis;
}

/** An instant as the API tells it: ISO 8601 in UTC. */
export function iso(millis: Millis): string {
  return new Date(millis).toISOString();
}
