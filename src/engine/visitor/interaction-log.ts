import { toColumns, type Codes, type InteractionColumns, type PropertyColumn } from './interaction-columns.js';
import type { Json, JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { HeardInteraction, Interaction } from './interaction.js';

/** Where an interaction is: its event, and its position among those of that event. */
export interface Place {
  readonly event: number;
  readonly position: number;
}

/** What a person did, in order of timestamp: a window is found by bisection, a property read from its column. */
export class InteractionLog {
  /** How many of each event, the oldest, are not seen though they lie in the columns. */
  private readonly unseen: readonly number[];

  /** What lies in the columns from before `since` is not seen, nor what comes before the latest `most`. */
  constructor(
    readonly columns: InteractionColumns,
    private readonly since: Millis = -Infinity,
    most = Infinity,
  ) {
    this.unseen = columns.length > most ? countOldest(columns, columns.length - most) : NONE;
  }

  /** From a list in order of timestamp, equal ones in order of arrival. */
  static of(interactions: readonly Interaction[], since?: Millis): InteractionLog {
    return new InteractionLog(toColumns(interactions), since);
  }

  get length(): number {
    if (this.since === -Infinity && this.unseen === NONE) return this.columns.length;
    return this.columns.eventNames.reduce((sum, _name, event) => {
      const [from, until] = this.window(event, -Infinity, Infinity);
      return sum + until - from;
    }, 0);
  }

  /** The number of an event's name; -1 when nothing of that name is retained. */
  eventNumber(name: string): number {
    return this.columns.eventNames.indexOf(name);
  }

  /** The positions of an event with `since` <= timestamp <= `until`, as the first and the one after the last. */
  window(event: number, since: Millis, until: Millis): readonly [number, number] {
    return [this.begin(event, since), this.end(event, until)];
  }

  /** The position of the first of an event with `since` <= timestamp; the number of positions where there is none. */
  begin(event: number, since: Millis): number {
    const before = this.columns.event(event).countBefore(Math.max(since, this.since), false);
    return Math.max(this.unseen[event] ?? 0, before);
  }

  /** The position behind the last of an event with timestamp <= `until`. */
  end(event: number, until: Millis): number {
    return Math.max(this.unseen[event] ?? 0, this.columns.event(event).countBefore(until, true));
  }

  /** A property of an interaction; undefined when it has none of that name. */
  value({ event, position }: Place, name: string): Json | undefined {
    const column = this.columns.event(event).property(name);
    const code = column?.codes[position] ?? 0;
    return code === 0 ? undefined : column?.values[code - 1];
  }

  timestamp({ event, position }: Place): Millis {
    return this.columns.event(event).timestamp(position);
  }

  channel({ event, position }: Place): string {
    return this.columns.channelNames[this.columns.event(event).channels[position] ?? -1] ?? '';
  }

  /** Whether an interaction comes before another: by timestamp, then by arrival. */
  precedes(a: Place, b: Place): boolean {
    if (a.event === b.event) return a.position < b.position;
    const [first, second] = [this.timestamp(a), this.timestamp(b)];
    return first === second ? this.rowOf(a) < this.rowOf(b) : first < second;
  }

  /** The whole interaction. */
  interaction(place: Place): Interaction {
    const { columns } = this;
    const event = columns.event(place.event);
    return {
      event: columns.eventNames[place.event] ?? '',
      timestamp: event.timestamp(place.position),
      channel: this.channel(place),
      properties: propertiesAt(place.position, event.properties()),
      messageId: event.messageId(place.position),
    };
  }

  /** All interactions, in order. */
  *[Symbol.iterator](): Generator<Interaction> {
    for (const place of this.places()) yield this.interaction(place);
  }

  /**
   * The interactions that are not later than `now`, in order, of the events that matter, with the properties that are
   * looked at. Each event is asked once, by its name and by whether any of it may have a property.
   */
  until(
    now: Millis,
    looksAt: ReadonlySet<string>,
    matters: (event: string, mayHave: (property: string) => boolean) => boolean,
  ): HeardInteraction[] {
    const { columns } = this;
    const wanted = columns.eventNames.map((name, event) =>
      matters(name, (property) => columns.event(event).property(property) !== undefined)
        ? [...columns.event(event).properties()].filter(([property]) => looksAt.has(property))
        : undefined,
    );
    const heard: HeardInteraction[] = [];
    if (wanted.every((properties) => properties === undefined)) return heard;
    const next = wanted.map(() => 0);
    const { order } = columns;
    for (let row = 0; row < order.length; row++) {
      const event = order[row] as number;
      const position = next[event] ?? 0;
      next[event] = position + 1;
      const properties = wanted[event];
      if (!properties || !this.isRetained(event, position)) continue;
      const timestamp = columns.event(event).timestamp(position);
      if (timestamp <= now)
        heard.push({
          event: columns.eventNames[event] ?? '',
          timestamp,
          channel: this.channel({ event, position }),
          properties: propertiesAt(position, properties),
        });
    }
    return heard;
  }

  /** Where each is, in order. */
  *places(): Generator<Place> {
    const { order, eventNames } = this.columns;
    const next = new Int32Array(eventNames.length);
    for (let row = 0; row < order.length; row++) {
      const event = order[row] as number;
      const position = next[event] ?? 0;
      next[event] = position + 1;
      if (this.isRetained(event, position)) yield { event, position };
    }
  }

  /** Goes through all, the latest first. */
  latestFirst(): LatestFirst {
    return new LatestFirst(this);
  }

  /** Whether what lies at a position in the columns is seen. */
  isRetained(event: number, position: number): boolean {
    if (position < (this.unseen[event] ?? 0)) return false;
    return this.since === -Infinity || this.columns.event(event).timestamp(position) >= this.since;
  }

  /** The place of an interaction in the order of all. Only equal timestamps of two events need it. */
  private rowOf({ event, position }: Place): number {
    const { order } = this.columns;
    let before = 0;
    for (let row = 0; row < order.length; row++) if (order[row] === event && before++ === position) return row;
    return -1;
  }
}

/** A walk through a log. Each time `next` says that there is one more, it stands at that one. */
export class LatestFirst {
  event = -1;
  position = -1;
  timestamp: Millis = NaN;
  private readonly order: Codes;
  private row: number;
  /** How many are left of each event that was met. */
  private readonly left: (number | undefined)[];

  constructor(private readonly log: InteractionLog) {
    const { order, eventNames } = log.columns;
    this.order = order;
    this.row = order.length;
    this.left = new Array<number | undefined>(eventNames.length);
  }

  next(): boolean {
    if (this.row === 0) return false;
    const event = this.order[--this.row] as number;
    const columns = this.log.columns.event(event);
    const position = (this.left[event] ?? columns.length) - 1;
    this.left[event] = position;
    this.event = event;
    this.position = position;
    this.timestamp = columns.timestamp(position);
    return this.log.isRetained(event, position);
  }
}

const NONE: readonly number[] = [];

/** The properties at a position, of those whose columns are given. */
function propertiesAt(position: number, columns: Iterable<readonly [string, PropertyColumn]>): JsonObject {
  const properties: Record<string, Json> = {};
  for (const [name, { codes, values }] of columns) {
    const code = codes[position] ?? 0;
    const value = code === 0 ? undefined : values[code - 1];
    if (value !== undefined) define(properties, name, value);
  }
  return properties;
}

/** Of each event, how many are among so many of the oldest. */
function countOldest({ order, eventNames }: InteractionColumns, oldest: number): readonly number[] {
  const counts = eventNames.map(() => 0);
  for (let row = 0; row < oldest; row++) counts[order[row] as number] = (counts[order[row] as number] ?? 0) + 1;
  return counts;
}

/** Names come from outside: `__proto__` is a name like any other. */
export function define(object: Record<string, Json>, name: string, value: Json): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
