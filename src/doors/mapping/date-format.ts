import { instantOf, wallOf } from '../../engine/values/wall-clock.js';

/** Reads a text that is written in a pattern: the day, or with hours the instant; undefined where it is none. */
export type ReadDate = (text: string) => string | undefined;

interface Token {
  readonly source: string;
  readonly part: Part;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
type Parts = Readonly<Record<Part, number>>;

/** Of one letter and of two: a day that is written 3 is read by `dd` too. */
const TOKENS = /y+|m+|d+|h+|s+/gi;

/**
 * A reader for a pattern such as `dd.mm.yyyy` or `dd.mm.yyyy hh:mm`, in which `mm` after hours are minutes. A day is
 * given as `2026-11-20`, or as the instant at which it begins; with hours it is an instant in UTC, read in the time
 * zone (an IANA name). A time that a clock shows twice as summer ends is the first of the two. Undefined for a pattern
 * that does not name a day once.
 */
export function dateFormat(
  pattern: string,
  { timeZone, gives }: { readonly timeZone: string; readonly gives: 'day' | 'instant' },
): ReadDate | undefined {
  const tokens = tokensOf(pattern);
  const parts = tokens?.map(({ part }) => part) ?? [];
  const isClear = new Set(parts).size === parts.length && DAY.every((part) => parts.includes(part));
  if (!tokens || !isClear) return undefined;
  const shape = new RegExp(`^${sourceOf(pattern, tokens)}$`);
  return (text) => {
    const values = shape.exec(text.trim())?.slice(1).map(Number);
    return (
      values && written(partsOf(parts, values), parts.includes('hour') || gives === 'instant' ? timeZone : undefined)
    );
  };
}

const DAY: readonly Part[] = ['year', 'month', 'day'];
const LETTERS: Readonly<Record<string, Part>> = { y: 'year', m: 'month', d: 'day', h: 'hour', s: 'second' };

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (const [word] of pattern.matchAll(TOKENS)) {
    const letter = LETTERS[word.charAt(0).toLowerCase()];
    const part = letter === 'month' && tokens.at(-1)?.part === 'hour' ? 'minute' : letter;
    // Two digits of a year would leave the century to be guessed.
    if (!part || (part === 'year' ? word.length !== 4 : word.length > 2)) return undefined;
    tokens.push({ part, source: part === 'year' ? '(\\d{4})' : '(\\d{1,2})' });
  }
  return tokens;
}

function sourceOf(pattern: string, tokens: readonly Token[]): string {
  const literals = pattern.split(TOKENS).map((text) => text.replace(/[^\w\s]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return literals.map((literal, index) => literal + (tokens[index]?.source ?? '')).join('');
}

function partsOf(parts: readonly Part[], values: readonly number[]): Parts {
  const none: Parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  return { ...none, ...Object.fromEntries(parts.map((part, index) => [part, values[index] ?? 0])) };
}

function written(parts: Parts, timeZone: string | undefined): string | undefined {
  const wall = rolledOver(parts);
  // The 30th of February and 25 o'clock roll over into what was not said.
  if (!isSame(parts, wall)) return undefined;
  if (timeZone === undefined) return new Date(wall).toISOString().slice(0, 10);
  const instant = instantOf(wall, timeZone);
  // What clocks skip as summer begins was never shown.
  return wallOf(instant, timeZone) === wall ? new Date(instant).toISOString() : undefined;
}

function rolledOver({ year, month, day, hour, minute, second }: Parts): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second);
}

function isSame({ year, month, day, hour, minute, second }: Parts, wall: number): boolean {
  const date = new Date(wall);
  const found = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  found.push(date.getUTCMinutes(), date.getUTCSeconds());
  return [year, month, day, hour, minute, second].every((value, index) => value === found[index]);
}
