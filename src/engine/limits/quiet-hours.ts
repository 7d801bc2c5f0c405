import type { QuietHoursDefinition, Weekday } from '../language/contact-definition.js';
import type { Millis } from '../language/millis.js';
import { DAY_MS, wallOf } from '../values/wall-clock.js';

/** A time of day at which nothing is offered. Plain data. */
export interface QuietHours {
  /** In which part of the policy it stands. */
  readonly at: string;
  readonly written: QuietHoursDefinition;
  readonly channels: readonly string[] | undefined;
  /** Since midnight, as clocks show it. */
  readonly from: Millis;
  readonly until: Millis;
  /** The days on which it begins, 0 for Sunday; undefined for every day. */
  readonly days: readonly number[] | undefined;
  readonly timeZone: string | undefined;
}

/** What the rule files say of quiet hours, ready to be asked; `at` is where it stands in them. */
export function compileQuietHours(written: QuietHoursDefinition, at: string): QuietHours {
  const { channels, from, until, days, timeZone } = written;
  return {
    at,
    written,
    channels,
    from: sinceMidnight(from),
    until: sinceMidnight(until),
    days: days?.map((day) => WEEKDAYS.indexOf(day)),
    timeZone,
  };
}

const WEEKDAYS: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MINUTE_MS = 60_000;

function sinceMidnight(time: string): Millis {
  const [hours, minutes] = time.split(':').map(Number);
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE_MS;
}

/** Where and when it is asked for. */
export interface QuietAsk {
  readonly channel: string | undefined;
  /** By whose clocks, where the quiet hours name none. */
  readonly timeZone: string;
}

/**
 * The first of the quiet hours that it is; undefined where it is none of them. It is quiet while the clocks show so: an
 * hour that they show twice is quiet twice, and one that they skip is none.
 */
export function quietAt(hours: readonly QuietHours[], now: Millis, ask: QuietAsk): QuietHours | undefined {
  return hours.find((one) => isQuiet(one, now, ask));
}

function isQuiet({ channels, from, until, days, timeZone }: QuietHours, now: Millis, ask: QuietAsk): boolean {
  if (channels && (ask.channel === undefined || !channels.includes(ask.channel))) return false;
  const wall = wallOf(now, timeZone ?? ask.timeZone);
  const day = Math.floor(wall / DAY_MS);
  const time = wall - day * DAY_MS;
  if (from < until) return time >= from && time < until && beginsOn(day, days);
  return (time >= from && beginsOn(day, days)) || (time < until && beginsOn(day - 1, days));
}

/** `day` counts from 1970-01-01, a Thursday. */
function beginsOn(day: number, days: readonly number[] | undefined): boolean {
  return !days || days.includes((((day + 4) % 7) + 7) % 7);
}

/** Longer than a week, with which quiet hours repeat. */
const LONGEST_MS = 8 * DAY_MS;

/**
 * The first instant from `now` on at which it is none of the quiet hours; undefined where it always is one of them.
 * Looked for minute by minute, as clocks show no shorter time of day in the rule files, and are set at minutes.
 */
export function quietUntil(hours: readonly QuietHours[], now: Millis, ask: QuietAsk): Millis | undefined {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  for (let at = minute + MINUTE_MS; at < now + LONGEST_MS; at += MINUTE_MS) if (!quietAt(hours, at, ask)) return at;
  return undefined;
}
