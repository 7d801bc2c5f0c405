import type { Millis } from '../../engine/language/millis.js';
import { keptFew } from '../values/kept-few.js';
import { wallOf } from '../../engine/values/wall-clock.js';

/** Where a moment is told: on whose clock, and in which language. Both must be known. */
export interface MomentSetting {
  readonly timeZone: string;
  readonly locale: string;
}

/**
 * A moment as text by a pattern of strftime, with the flags and codes of LiquidJS and the same on every host: clocks
 * and names come from the setting alone. A code that is not known stays as it is.
 */
export function formatMoment(at: Millis, pattern: string, setting: MomentSetting): string {
  const wall = wallOf(at, setting.timeZone);
  const moment: Moment = { ...setting, at, offset: wall - at, wall: new Date(wall) };
  return pattern.replace(CODE, (...found: (string | undefined)[]) => {
    const [input = '', flags = '', width = '', modifier = '', code = ''] = found;
    const tell = modifier === 'O' && code === 'B' ? monthAlone : CODES[code];
    return tell ? padded(tell(moment, { flags, width }), { flags, width, code }) : input;
  });
}

/**
 * Why a pattern would tell something else than a moment: a code that is not known, which would stay as it is, or no
 * code at all. Undefined where nothing is wrong with it.
 */
export function patternProblem(pattern: string): string | undefined {
  const rest = pattern.replace(CODE, (...found: (string | undefined)[]) =>
    CODES[found[4] ?? ''] ? '' : (found[0] ?? ''),
  );
  const [unknown] = /%[-_0^#:]*\d*[EO]?.?/s.exec(rest) ?? [];
  if (unknown !== undefined)
    return `the date pattern ${JSON.stringify(pattern)} has "${unknown}", which is no code; ${CODE_REMEDY}`;
  if (rest !== pattern || pattern === '') return undefined;
  return `the date pattern ${JSON.stringify(pattern)} has no code, and says the same of every date; ${CODE_REMEDY}`;
}

const CODE_REMEDY = 'write one such as "%d.%m.%Y" or "%e %B %Y", and %% for a percent sign';

const CODE = /%([-_0^#:]+)?(\d{1,3})?([EO])?([a-zA-Z%])/g;

interface Moment extends MomentSetting {
  readonly at: Millis;
  /** How far the zone is ahead of UTC, in milliseconds. */
  readonly offset: number;
  /** What its clocks show, as if it were UTC. */
  readonly wall: Date;
}

type Tell = (moment: Moment, how: { readonly flags: string; readonly width: string }) => string | number;

const CODES: Readonly<Record<string, Tell>> = {
  __proto__: null as unknown as Tell,
  a: (moment) => name(moment, { weekday: 'short' }),
  A: (moment) => name(moment, { weekday: 'long' }),
  b: (moment) => month(moment, 'short'),
  B: (moment) => month(moment, 'long'),
  h: (moment) => month(moment, 'short'),
  c: (moment) => name(moment, { dateStyle: 'short', timeStyle: 'medium' }),
  x: (moment) => name(moment, { dateStyle: 'short' }),
  X: (moment) => name(moment, { timeStyle: 'medium' }),
  C: ({ wall }) => Math.floor(wall.getUTCFullYear() / 100),
  y: ({ wall }) => wall.getUTCFullYear() % 100,
  Y: ({ wall }) => wall.getUTCFullYear(),
  m: ({ wall }) => wall.getUTCMonth() + 1,
  d: ({ wall }) => wall.getUTCDate(),
  e: ({ wall }) => wall.getUTCDate(),
  q: ({ wall }) => ordinal(wall.getUTCDate()),
  H: ({ wall }) => wall.getUTCHours(),
  k: ({ wall }) => wall.getUTCHours(),
  I: ({ wall }) => wall.getUTCHours() % 12 || 12,
  l: ({ wall }) => wall.getUTCHours() % 12 || 12,
  p: ({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: ({ wall }) => (wall.getUTCHours() < 12 ? 'am' : 'pm'),
  M: ({ wall }) => wall.getUTCMinutes(),
  S: ({ wall }) => wall.getUTCSeconds(),
  L: ({ wall }) => wall.getUTCMilliseconds(),
  N: ({ wall }, { width }) => fraction(wall.getUTCMilliseconds(), Number(width) || 9),
  s: ({ at }) => Math.floor(at / 1_000),
  u: ({ wall }) => wall.getUTCDay() || 7,
  w: ({ wall }) => wall.getUTCDay(),
  j: ({ wall }) => dayOfYear(wall),
  U: ({ wall }) => weekOfYear(wall, 0),
  W: ({ wall }) => weekOfYear(wall, 1),
  z: offsetText,
  Z: ({ timeZone }) => timeZone,
  t: () => '\t',
  n: () => '\n',
  '%': () => '%',
};

const WIDTHS: Readonly<Record<string, number>> = {
  ...{ C: 2, d: 2, e: 2, H: 2, I: 2, j: 3, k: 2, l: 2, L: 3, m: 2, M: 2, S: 2, U: 2, W: 2, y: 2, Y: 4 },
};

function padded(
  told: string | number,
  { flags, width, code }: { readonly flags: string; readonly width: string; readonly code: string },
): string {
  const text = flags.includes('^') ? `${told}`.toUpperCase() : flags.includes('#') ? otherCase(`${told}`) : `${told}`;
  if (flags.includes('-')) return text;
  const isBlank = flags.includes('_') || (!flags.includes('0') && 'aAbBcehklpPxX'.includes(code));
  return text.padStart(Number(width) || (WIDTHS[code] ?? 0), isBlank ? ' ' : '0');
}

/** As LiquidJS has it: small letters if there is no other, else capitals. */
function otherCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

function name({ locale, wall }: Moment, parts: Intl.DateTimeFormatOptions): string {
  return formatFor(locale, parts).format(wall);
}

/** As it stands beside a day, which some languages write otherwise than by itself: `5 grudnia`. */
function month(moment: Moment, month: 'long' | 'short'): string {
  const parts = formatFor(moment.locale, { month, day: 'numeric' }).formatToParts(moment.wall);
  const beside = parts.find(({ type }) => type === 'month')?.value ?? '';
  return /\p{L}/u.test(beside) ? beside : name(moment, { month });
}

function formatFor(locale: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return formatOf(JSON.stringify([locale, { ...parts, calendar: 'gregory', timeZone: 'UTC' }]));
}

/** A formatter costs tens of microseconds to make. */
const formatOf = keptFew(500, (key) => {
  return new Intl.DateTimeFormat(...(JSON.parse(key) as [string, Intl.DateTimeFormatOptions]));
});

/** `grudzień` */
function monthAlone(moment: Moment): string {
  return name(moment, { month: 'long' });
}

function ordinal(day: number): string {
  if (day > 10 && day < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

function fraction(millis: number, width: number): string {
  return `${millis}`.padStart(3, '0').slice(0, width).padEnd(width, '0');
}

function dayOfYear(wall: Date): number {
  return Math.floor((wall.getTime() - new Date(wall).setUTCMonth(0, 1)) / 86_400_000) + 1;
}

/** Days before the first start of a week belong to week 0. */
function weekOfYear(wall: Date, firstDay: 0 | 1): number {
  return Math.floor((dayOfYear(wall) + 6 - ((wall.getUTCDay() - firstDay + 7) % 7)) / 7);
}

function offsetText({ offset }: Moment, { flags }: { readonly flags: string }): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const part = (value: number) => `${value}`.padStart(2, '0');
  const between = flags.includes(':') ? ':' : '';
  return `${offset < 0 ? '-' : '+'}${part(Math.floor(minutes / 60))}${between}${part(minutes % 60)}`;
}
