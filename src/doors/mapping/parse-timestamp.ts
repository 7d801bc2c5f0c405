/**
 * The instant that a cell of a file means, in ISO form in UTC; undefined when it means none for certain.
 *
 * Understood: `2019-10-01`, `20191001`, `2019-10-01 08:30:00`, `2019/10/01T08:30:00.5+02:00`, `… UTC` (UTC when no zone
 * is named), and epoch seconds, milliseconds or microseconds, told apart by their size. Day and month in the order of
 * one country or the other (`01/02/2019`) are never guessed.
 */
export function parseTimestamp(text: string): string | undefined {
  const trimmed = text.trim();
  const dated = DATED.exec(trimmed);
  if (dated) return fromParts(dated);
  return NUMBER.test(trimmed) ? fromEpoch(Number(trimmed)) : undefined;
}

const NUMBER = /^\d{9,17}(\.\d+)?$/;
const DATED =
  /^(\d{4})(?:([-/])(\d\d)\2(\d\d)|(\d\d)(\d\d))(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d)?)?$/i;

function fromParts(match: RegExpExecArray): string | undefined {
  const [, year, , dashedMonth, dashedDay, plainMonth, plainDay, ...time] = match;
  const [hour = '00', minute = '00', second = '00', fraction = '', , zoneHour, zoneMinute = '00'] = time;
  const date = `${year}-${dashedMonth ?? plainMonth}-${dashedDay ?? plainDay}`;
  const zone = zoneHour === undefined ? 'Z' : `${zoneHour}:${zoneMinute}`;
  if (!isDay(date)) return undefined;
  return iso(Date.parse(`${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`));
}

/** `Date.parse` rolls the 30th of February over into March. */
function isDay(date: string): boolean {
  return iso(Date.parse(`${date}T00:00:00Z`))?.startsWith(date) === true;
}

function fromEpoch(value: number): string | undefined {
  if (value < 1e11) return iso(Math.round(value * 1000));
  return iso(Math.floor(value < 1e14 ? value : value / 1000));
}

function iso(millis: number): string | undefined {
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString();
}
