import { toColumns, type InteractionColumns } from './interaction-columns.js';
import type { Interaction, Json, JsonObject, Millis } from './types.js';

/** Where an interaction is: its row in the whole log, and its position among those of the same event. */
export interface Place {
  readonly event: number;
  readonly position: number;
  readonly row: number;
}

/** What a person did, in order of timestamp: a window is found by bisection, a property read from its column. */
export class InteractionLog {
  private rowsByEvent: readonly Int32Array[] | undefined;

  constructor(readonly columns: InteractionColumns) {}

  /** From a list in order of timestamp, equal ones in order of arrival. */
  static of(interactions: readonly Interaction[]): InteractionLog {
    return new InteractionLog(toColumns(interactions));
  }

  get length(): number {
    return this.columns.length;
  }

  /** The number of an event's name; -1 when nothing of that name is retained. */
  eventNumber(name: string): number {
    return this.columns.eventNames.indexOf(name);
  }

  /** The rows of an event, in order. */
  rowsOf(event: number): Int32Array {
    return (this.rowsByEvent ??= groupRows(this.columns))[event] ?? NO_ROWS;
  }

  /** The positions of an event with `since` <= timestamp <= `until`, as the first and the one after the last. */
  window(event: number, since: Millis, until: Millis): readonly [number, number] {
    const rows = this.rowsOf(event);
    return [this.countBefore(rows, since, false), this.countBefore(rows, until, true)];
  }

  /** A property of an interaction; undefined when it has none of that name. */
  value(event: number, position: number, name: string): Json | undefined {
    const column = this.columns.property(event, name);
    const code = column?.codes[position] ?? 0;
    return code === 0 ? undefined : column?.values[code - 1];
  }

  timestamp(row: number): Millis {
    return this.columns.timestamps[row] ?? NaN;
  }

  channel(row: number): string {
    return this.columns.channelNames[this.columns.channels[row] ?? -1] ?? '';
  }

  /** The whole interaction. */
  interaction({ event, position, row }: Place): Interaction {
    const { columns } = this;
    const properties = columns.propertyNames(event).map((name) => [name, this.value(event, position, name)] as const);
    return {
      event: columns.eventNames[event] ?? '',
      timestamp: this.timestamp(row),
      channel: this.channel(row),
      properties: Object.fromEntries(properties.filter(([, value]) => value !== undefined)) as JsonObject,
      messageId: columns.messageIds[row] ?? '',
    };
  }

  /** All interactions, in order. */
  *[Symbol.iterator](): Generator<Interaction> {
    const positions = new Int32Array(this.columns.eventNames.length);
    for (let row = 0; row < this.length; row++) {
      const event = this.columns.events[row] ?? 0;
      const position = positions[event] ?? 0;
      positions[event] = position + 1;
      yield this.interaction({ event, position, row });
    }
  }

  /** How many of the rows come before an instant, or with `inclusive` not after it. */
  private countBefore(rows: Int32Array, instant: Millis, inclusive: boolean): number {
    const { timestamps } = this.columns;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const timestamp = timestamps[rows[middle] as number] as number;
      if (timestamp < instant || (inclusive && timestamp === instant)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NO_ROWS = new Int32Array(0);

/** The rows of every event, in one pass and one table (a counting sort). */
function groupRows({ events, eventNames }: InteractionColumns): Int32Array[] {
  const counts = new Array<number>(eventNames.length).fill(0);
  for (let row = 0; row < events.length; row++) counts[events[row] as number] = (counts[events[row] as number] as number) + 1;
  let start = 0;
  const starts = counts.map((count) => (start += count) - count);
  const next = [...starts];
  const table = new Int32Array(events.length);
  for (let row = 0; row < events.length; row++) {
    const event = events[row] as number;
    table[next[event] as number] = row;
    next[event] = (next[event] as number) + 1;
  }
  return starts.map((from, event) => table.subarray(from, next[event]));
}
