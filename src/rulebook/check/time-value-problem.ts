import { calendarWords, findCalendarWindow } from '../../engine/values/calendar-window.js';
import { findTimeComparison, type TimeComparison } from '../../engine/values/time-comparisons.js';
import { durationRemedy, iso, parseDuration } from '../../engine/language/millis.js';
import { readTime } from '../../engine/values/read-time.js';
import { didYouMean } from '../read/suggest.js';
import { isoRemedy } from './bound-problem.js';
import { shown } from './shape-message.js';

/** Why a value means nothing to an operator on time, and what to write instead; undefined where it means something. */
export function timeValueProblem(operator: string, value: unknown): string | undefined {
  const comparison = findTimeComparison(operator);
  if (!comparison || comparison.reckon(value)) return undefined;
  const wanted = comparison.takes === 'window' ? 'window of the calendar' : comparison.takes;
  return `${shown(value)} is no ${wanted} for "${operator}"; ${remedyFor(comparison, value)}`;
}

function remedyFor({ takes }: TimeComparison, value: unknown): string {
  if (takes !== 'window' && findCalendarWindow(value) && value !== 'today') return 'it goes with the operator "during"';
  if (takes !== 'duration' && typeof value === 'string' && parseDuration(value) !== undefined)
    return `durations go with "withinNext" and "withinLast", or as "now+${value}" with "before" and "after"`;
  return EXAMPLES[takes](String(value));
}

const EXAMPLES: Readonly<Record<TimeComparison['takes'], (value: string) => string>> = {
  duration: (value) => durationRemedy(value, '30d'),
  window: (value) => {
    const near = didYouMean(value, calendarWords);
    return near.startsWith('; did')
      ? near.slice(2)
      : `write one of ${calendarWords.map((one) => `"${one}"`).join(', ')}`;
  },
  date: (value) => {
    const [, shift] = /^(?:now|today)\s?[+-]\s?(\d+[smhdw])$/.exec(value) ?? [];
    if (shift !== undefined && parseDuration(shift) === undefined) return durationRemedy(shift, '30d');
    if (/^-?\d+(?:\.\d+)?$/.test(value)) return numberRemedy(value);
    const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})\b/.exec(value) ?? [];
    return day === undefined || month === undefined || year === undefined ? A_DATE : isoRemedy(year, month, day);
  },
};

/** Numbers are times at doors, where programs send them; rule files are for people to read. */
function numberRemedy(digits: string): string {
  const read = readTime(digits);
  if ('at' in read) return `write it as people read it: "${iso(read.at)}"`;
  return 'a number means a time only from 1990 on, in seconds since 1970; write a day such as "1985-04-04"';
}

const A_DATE =
  'write a day such as "2026-12-24", a time such as "2026-12-24T09:00", ' +
  'or one reckoned from now, such as "now+12h" or "today-30d"';
