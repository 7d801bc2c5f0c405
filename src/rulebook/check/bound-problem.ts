import type { ValueShape } from '../../engine/facts/value-shape.js';
import { whenProblem } from '../read/instant.js';
import { shown } from './shape-message.js';

/** As a whole: `parseFloat`, by which the operators go, is content with a beginning. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$|^24:00(?::00)?$/;
const DAY = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+))?$/;
const TIME_AND_ZONE = /^(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;
/** A month, a quarter and a week: their order as texts is that of time, too. */
const PERIOD = /^\d{4}-(?:0[1-9]|1[0-2]|Q[1-4]|W(?:0[1-9]|[1-4]\d|5[0-3]))$/;
const YEAR = /^\d{4}$/;

/**
 * Why a value is no bound that a fact of this shape can sensibly be less or more than, and what to write instead;
 * undefined where it is one: a number, or a text whose order is that of time.
 */
export function boundProblem(operator: string, bound: unknown, shape: ValueShape): string | undefined {
  if (typeof bound === 'number') return undefined;
  if (typeof bound !== 'string') return `${shown(bound)} is no number for "${operator}" to compare with; write one`;
  if (NUMBER.test(bound)) return numberProblem(operator, bound, shape);
  const time = timeProblem(operator, bound);
  if (time !== undefined) return time;
  if (shape.kind !== 'number') return undefined;
  return `"${operator}" never holds with ${shown(bound)}, as this fact is a number; write a number without quotes`;
}

/** Beside a number it counts as one; beside a text the order of texts decides, where "10" comes before "9". */
function numberProblem(operator: string, bound: string, { kind }: ValueShape): string | undefined {
  if (kind !== 'text' || YEAR.test(bound)) return undefined;
  return (
    `"${operator}" goes by the order of texts here, as this fact is a text and ${shown(bound)} another; ` +
    'write it as the fact is written, such as "09:30" or "2026-11-20"'
  );
}

function timeProblem(operator: string, bound: string): string | undefined {
  if (TIME.test(bound) || PERIOD.test(bound)) return undefined;
  const [, day, rest] = DAY.exec(bound) ?? [];
  if (day === undefined)
    return (
      `${shown(bound)} is neither a number nor a date, and would go by the order of texts; ` +
      remedyFor(operator, bound)
    );
  const time = rest === undefined ? '00:00' : (TIME_AND_ZONE.exec(rest)?.[1] ?? '');
  return whenProblem(day) ?? (TIME.test(time) ? undefined : `${shown(bound)} has no such time of day; ${INSTANT}`);
}

const INSTANT = 'write an instant such as "2026-11-01T09:00:00Z"';

/** What people write, and what was meant. */
const REMEDIES: readonly (readonly [RegExp, (found: RegExpExecArray, operator: string) => string])[] = [
  [/^\s*$/, () => 'it is empty; write the number, or remove the condition'],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})\b/, ([, day = '', month = '', year = '']) => isoRemedy(year, month, day)],
  [
    /^(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})\b/,
    () => 'write the year first, and two digits each: "2026-11-20"',
  ],
  [/^v?\d+(?:\.\d+){2,}/, (_found, operator) => `versions are compared by "semver:${operator}"`],
  [
    /^[1-9]\d*[smhdw]$/,
    ([duration]) =>
      `durations go with "withinNext" and "withinLast", or as "now+${duration}" with "before" and "after"`,
  ],
  [/^(\d):(\d\d)/, ([, hour = '', minute = '']) => `write "0${hour}:${minute}"`],
  [
    /^(?:now|today|tomorrow|yesterday|(?:this|next|last) (?:week|month|year))\b/i,
    ([word]) =>
      /^(?:now|today)$/i.test(word)
        ? 'what is reckoned from now goes with the operators "before" and "after"'
        : `"${word}" goes with the operator "during"`,
  ],
  [/^[+-]?[\d., ]*\d\s*\S{0,3}$/, () => 'write a number without quotes, with a point and no unit, such as 1234.5'],
];

function remedyFor(operator: string, bound: string): string {
  for (const [pattern, remedy] of REMEDIES) {
    const found = pattern.exec(bound);
    if (found) return remedy(found, operator);
  }
  return 'write a number without quotes, or a date such as "2026-11-20"';
}

/** The day that was meant, as it is to be written. */
export function isoRemedy(year: string, month: string, day: string): string {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return whenProblem(iso) === undefined ? `write "${iso}"` : 'write a date such as "2026-11-20"';
}
