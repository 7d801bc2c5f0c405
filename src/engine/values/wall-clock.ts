/**
 * Wall clocks: what the clocks of a time zone show, written as the milliseconds at which a clock in UTC shows the same.
 * So calendars are reckoned with in UTC, whose days all have 24 hours, and then set back into the zone.
 */
import type { Millis } from '../language/millis.js';

/** The length of a day on a wall clock. */
export const DAY_MS = 86_400_000;

/** What the clocks of a zone show at an instant; those of UTC where the zone is not known. */
export function wallOf(at: Millis, timeZone: string): Millis {
  return at + offsetAt(at, timeZone);
}

/**
 * The instant at which the clocks of a zone show this. What they show twice, as they are set back, is the first of the
 * two; what they never show, as they are set forward, is as long after the gap's beginning as it would have been.
 */
export function instantOf(wall: Millis, timeZone: string): Millis {
  return instantsOf(wall, timeZone)[0] ?? wall - offsetAt(wall - DAY_MS, timeZone);
}

/** Every instant at which the clocks of a zone show this, the first one first: one, or none, or two. */
export function instantsOf(wall: Millis, timeZone: string): readonly Millis[] {
  // Clocks are not set twice within two days: one of these offsets holds, or both do.
  const [before, after] = [offsetAt(wall - DAY_MS, timeZone), offsetAt(wall + DAY_MS, timeZone)];
  const possible =
    before === after ? [wall - before] : [wall - Math.max(before, after), wall - Math.min(before, after)];
  return possible.filter((at) => at + offsetAt(at, timeZone) === wall);
}

/** Whether this names a time zone that the runtime knows, such as `Europe/Berlin`, or an offset, `+01:00`. */
export function isTimeZone(name: string): boolean {
  return zoneOf(name).format !== undefined;
}

const MOST_INSTANT = 8.64e15;
const SLOT_MS = 900_000;
/** Before it no zone changes, and calendars would show years before the first as if after it. */
const FIRST_CLOCK = Date.parse('0001-01-03T00:00:00Z');
const MOST_SLOTS = 4_096;
const MOST_ZONES = 600;

interface Zone {
  readonly format: Intl.DateTimeFormat | undefined;
  /** By quarter of an hour, at the beginnings of which clocks are set. */
  readonly offsets: Map<number, Millis>;
}

const zones = new Map<string, Zone>();

/** How far the clocks of a zone are ahead of UTC. */
function offsetAt(at: Millis, timeZone: string): Millis {
  if (timeZone === 'UTC' || !(Math.abs(at) < MOST_INSTANT - DAY_MS)) return 0;
  const { format, offsets } = zoneOf(timeZone);
  if (!format) return 0;
  const slot = Math.floor(Math.max(at, FIRST_CLOCK) / SLOT_MS);
  const known = offsets.get(slot);
  if (known !== undefined) return known;
  const found = shownAt(slot * SLOT_MS, format) - slot * SLOT_MS;
  if (offsets.size >= MOST_SLOTS) offsets.clear();
  offsets.set(slot, found);
  return found;
}

function shownAt(at: Millis, format: Intl.DateTimeFormat): Millis {
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = part;
  return Date.parse(`${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const made = { format: makeFormat(timeZone), offsets: new Map<number, Millis>() };
  if (zones.size >= MOST_ZONES) zones.clear();
  zones.set(timeZone, made);
  return made;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const [numeric, digits] = ['numeric', '2-digit'] as const;
  const parts = { year: numeric, month: digits, day: digits, hour: digits, minute: digits, second: digits };
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...parts });
  } catch {
    return undefined;
  }
}
