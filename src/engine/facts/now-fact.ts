import type { JsonObject } from '../language/json.js';
import { plainFact } from './fact-declaration.js';
import type { ValueShape } from './value-shape.js';
import type { DecisionFacts } from './decision-facts.js';
import { iso, type Millis } from '../language/millis.js';

/** The time of a decision on a wall clock. */
export interface Now {
  /** `2026-11-21` */
  readonly date: string;
  /** `10:05` */
  readonly time: string;
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** `monday` to `sunday` */
  readonly weekday: string;
  /** The instant as ISO 8601 in UTC. */
  readonly timestamp: string;
}

/** `now`: the parts of the time by the visitor's clock, see {@link zoneOf}. */
export const nowFact = plainFact({
  name: 'now',
  hint: 'the clock of the visitor, else of the request, else of the placement, else UTC',
  source: 'clock',
  traits: ['timezone'],
  shape: {
    kind: 'object',
    parts: {
      date: { kind: 'text', settledBy: 'day' },
      time: { kind: 'text', from: '00:00', to: '23:59' },
      year: { kind: 'number', whole: true, settledBy: 'year' },
      month: { ...between(1, 12), settledBy: 'month' },
      day: between(1, 31),
      hour: between(0, 23),
      minute: between(0, 59),
      weekday: {
        kind: 'text',
        texts: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      },
      timestamp: { kind: 'text', settledBy: 'instant' },
    },
  },
  // The visitor's zone is a refinement: without it the placement's stands, so a rule on the time still runs.
  readsVisitor: false,
  scoped: true,
  cost: 10,
  compile: () => (facts) => nowIn(zoneOf(facts), facts.now),
  readClock: (timeZone, now) => ({ ...nowIn(timeZone, now) }) satisfies JsonObject,
});

function between(min: number, max: number): ValueShape {
  return { kind: 'number', min, max, whole: true };
}

/**
 * The time zone of a decision: the visitor's trait `timezone`, else the request's `context.timezone`, else that of the
 * placement, else UTC. One that is not known is passed over.
 */
export function zoneOf({ visitor, context, placement }: DecisionFacts): string {
  return knownZone(visitor.traits['timezone']) ?? knownZone(context['timezone']) ?? placement?.timeZone ?? 'UTC';
}

function knownZone(said: unknown): string | undefined {
  return typeof said === 'string' && clockOf(said) ? said : undefined;
}

/** The parts of an instant in a time zone; in UTC where the zone is not known. */
export function nowIn(timeZone: string, now: Millis): Now {
  const clock = clockOf(timeZone) ?? clockOf('UTC');
  return clock?.tell(now) as Now;
}

/** As {@link iso}, for instants that come one after another: most have their minute in common with the one before. */
function timestampOf(now: Millis): string {
  const whole = Math.trunc(now);
  const minute = Math.floor(whole / 60_000);
  if (minute !== lastMinute.number) lastMinute = { number: minute, text: iso(now).slice(0, -'00.000Z'.length) };
  const millis = whole - minute * 60_000;
  const [second, fraction] = [Math.floor(millis / 1_000), millis % 1_000];
  return `${lastMinute.text}${DIGITS[second]}.${DIGITS[Math.floor(fraction / 10)]}${fraction % 10}Z`;
}

let lastMinute = { number: NaN, text: '' };
/** The numbers from 0 to 99, in two digits each. */
const DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/**
 * Reads the wall clock of one zone. Decisions come thousands to the minute, so its last minute is kept; and the last
 * instant, which the placements of a decision have in common.
 */
class Clock {
  private minute = NaN;
  private parts: Omit<Now, 'timestamp'> | undefined;
  private instant = NaN;
  private told: Now | undefined;

  constructor(private readonly format: Intl.DateTimeFormat) {}

  tell(now: Millis): Now {
    if (this.told && now === this.instant) return this.told;
    this.told = Object.freeze({ ...this.read(now), timestamp: timestampOf(now) });
    this.instant = now;
    return this.told;
  }

  private read(now: Millis): Omit<Now, 'timestamp'> {
    const minute = Math.floor(now / 60_000);
    if (this.parts && minute === this.minute) return this.parts;
    this.minute = minute;
    return (this.parts = partsOf(this.format, now));
  }
}

function partsOf(format: Intl.DateTimeFormat, now: Millis): Omit<Now, 'timestamp'> {
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const text = (name: string) => part[name] ?? '';
  return {
    date: `${text('year')}-${text('month')}-${text('day')}`,
    time: `${text('hour')}:${text('minute')}`,
    year: Number(text('year')),
    month: Number(text('month')),
    day: Number(text('day')),
    hour: Number(text('hour')),
    minute: Number(text('minute')),
    weekday: text('weekday').toLowerCase(),
  };
}

const MAX_CLOCKS = 600;
const clocks = new Map<string, Clock | undefined>();

/** A formatter costs tens of microseconds to make: one is kept per zone. There are fewer than 600 real zones. */
function clockOf(timeZone: string): Clock | undefined {
  const known = clocks.get(timeZone);
  if (known || clocks.has(timeZone)) return known;
  const format = makeFormat(timeZone);
  const clock = format && new Clock(format);
  if (clocks.size < MAX_CLOCKS) clocks.set(timeZone, clock);
  return clock;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'long',
    });
  } catch {
    return undefined;
  }
}
