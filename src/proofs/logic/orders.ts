import { findDecorator, findOperator } from '../../engine/match/operators.js';
import { parseDuration } from '../../engine/language/millis.js';
import type { Millis } from '../../engine/language/millis.js';
import { calendarUnitMs, findCalendarWindow } from '../../engine/values/calendar-window.js';
import { findTimeComparison } from '../../engine/values/time-comparisons.js';
import { momentOf } from '../../engine/values/moment.js';
import { DAY_MS } from '../../engine/values/wall-clock.js';
import { compareVersions } from '../../engine/values/version.js';
import type { Atom, Literal } from './formula.js';

/** Whether literals about one value ask it to lie in places of an order that have nothing in common. */
export function contradictInOrder(literals: readonly Literal[]): boolean {
  const holding = literals.filter(({ negated }) => !negated).map(({ atom }) => atom);
  return (
    isEmpty(holding.flatMap(relativeRange)) ||
    isEmpty(holding.flatMap(absoluteRange)) ||
    versionsContradict(literals) ||
    edgesContradict(literals)
  );
}

/** Whether an operator holds of texts only. */
export function asksForText(atom: Atom): boolean {
  return atom.meaning?.asks === 'edge' || comparesVersions(atom);
}

function comparesVersions({ operator }: Atom): boolean {
  return findDecorator(operator.split(':')[0] ?? '')?.does === 'order';
}

/** Whether an operator holds of dates and times only, which are texts and numbers. */
export function asksForMoment({ operator, hangsOnTime }: Atom): boolean {
  return hangsOnTime && !operator.includes(':');
}

type Range = readonly [low: Millis, high: Millis];

/** Days are of other lengths where clocks are set, and begin elsewhere in other zones: what is nearer is not told. */
const BLUR_MS = 3 * DAY_MS;

function isEmpty(ranges: readonly Range[]): boolean {
  return Math.max(...ranges.map(([low]) => low)) > Math.min(...ranges.map(([, high]) => high)) + BLUR_MS;
}

/** Where a date must be, seen from now. */
function relativeRange({ operator, value }: Atom): readonly Range[] {
  const text = typeof value === 'string' ? value : '';
  const [duration, window, at] = [parseDuration(text), findCalendarWindow(value), reckonedFromNow(text)];
  switch (findTimeComparison(operator)?.asks) {
    case 'ahead':
      return duration === undefined ? [] : [[0, duration]];
    case 'behind':
      return duration === undefined ? [] : [[-duration, 0]];
    case 'inside':
      return window ? [[(window.shift - 1) * calendarUnitMs(window), (window.shift + 1) * calendarUnitMs(window)]] : [];
    case 'earlier':
      return at === undefined ? [] : [[-Infinity, at]];
    case 'later':
      return at === undefined ? [] : [[at, Infinity]];
    default:
      return [];
  }
}

function reckonedFromNow(text: string): Millis | undefined {
  const [, from, sign, duration] = /^(now|today)(?:\s?([+-])\s?(\w+))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const away = duration === undefined ? 0 : parseDuration(duration);
  return away === undefined ? undefined : sign === '-' ? -away : away;
}

function absoluteRange({ operator, value }: Atom): readonly Range[] {
  const [asks, moment] = [findTimeComparison(operator)?.asks, momentOf(value, 'UTC')];
  if (!moment || typeof value !== 'string') return [];
  return asks === 'earlier' ? [[-Infinity, moment.first]] : asks === 'later' ? [[moment.last, Infinity]] : [];
}

interface VersionBound {
  readonly version: string;
  readonly side: 'above' | 'below';
  readonly inclusive: boolean;
}

/** What is not older is newer or the same only of a version, which something else must ask for. */
function versionsContradict(literals: readonly Literal[]): boolean {
  const told = literals.filter(({ atom }) => comparesVersions(atom));
  if (told.every(({ negated }) => negated)) return false;
  const bounds = told.flatMap(versionBounds);
  return bounds.some(
    (low) => low.side === 'above' && bounds.some((high) => high.side === 'below' && exclude(low, high)),
  );
}

function exclude(low: VersionBound, high: VersionBound): boolean {
  const order = compareVersions(low.version, high.version) ?? 0;
  return order > 0 || (order === 0 && !(low.inclusive && high.inclusive));
}

function versionBounds({ atom: { operator, value }, negated }: Literal): VersionBound[] {
  if (typeof value !== 'string') return [];
  const meaning = findOperator(operator.slice(operator.indexOf(':') + 1))?.meaning;
  if (meaning?.asks === 'sameness' && !negated)
    return [
      { version: value, side: 'above', inclusive: true },
      { version: value, side: 'below', inclusive: true },
    ];
  if (meaning?.asks !== 'bound') return [];
  const { side, inclusive } = meaning;
  if (!negated) return [{ version: value, side, inclusive }];
  return [{ version: value, side: side === 'above' ? 'below' : 'above', inclusive: !inclusive }];
}

function edgesContradict(literals: readonly Literal[]): boolean {
  return (['start', 'end'] as const).some((end) => {
    const told = literals.filter(({ atom: { meaning } }) => meaning?.asks === 'edge' && meaning.end === end);
    const [wanted, unwanted] = [textsOf(told, false), textsOf(told, true)];
    const has = (text: string, edge: string) => (end === 'start' ? text.startsWith(edge) : text.endsWith(edge));
    return wanted.some(
      (one) =>
        unwanted.some((other) => has(one, other)) || wanted.some((other) => !has(one, other) && !has(other, one)),
    );
  });
}

function textsOf(literals: readonly Literal[], negated: boolean): string[] {
  return literals.flatMap(({ atom: { value }, negated: is }) =>
    is === negated && typeof value === 'string' ? [value] : [],
  );
}
