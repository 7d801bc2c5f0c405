import type { Interaction, Json } from './types.js';

/** Small whole numbers, one per row, in as few bytes as they need. */
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** The values of one property over the interactions of one event, in their order. */
export interface PropertyColumn {
  /** Each distinct value once. */
  readonly values: readonly Json[];
  /** Per row, the place of its value counted from 1; 0 where the property is missing. */
  readonly codes: Codes;
}

/**
 * Interactions in columns, in order of timestamp, equal ones in order of arrival. Rules ask for few of the columns, so an
 * implementation may decode each when it is first asked for.
 */
export interface InteractionColumns {
  readonly length: number;
  /** Milliseconds, in order. */
  readonly timestamps: ArrayLike<number>;
  readonly eventNames: readonly string[];
  /** Per row, the place of its event in `eventNames`. */
  readonly events: Codes;
  readonly channelNames: readonly string[];
  readonly channels: Codes;
  readonly messageIds: readonly string[];
  /** The names of all properties that interactions of this event have. */
  propertyNames(event: number): readonly string[];
  /** Undefined when no interaction of this event has the property. */
  property(event: number, name: string): PropertyColumn | undefined;
}

/** Columns from a list that is in order. */
export function toColumns(interactions: readonly Interaction[]): InteractionColumns {
  const events = new Dictionary<string>();
  const channels = new Dictionary<string>();
  const eventCodes = interactions.map((one) => events.codeOf(one.event) - 1);
  const channelCodes = interactions.map((one) => channels.codeOf(one.channel) - 1);
  const properties = propertyColumns(interactions, eventCodes);
  return {
    length: interactions.length,
    timestamps: interactions.map((one) => one.timestamp),
    eventNames: events.values,
    events: narrow(eventCodes),
    channelNames: channels.values,
    channels: narrow(channelCodes),
    messageIds: interactions.map((one) => one.messageId),
    propertyNames: (event) => [...(properties[event]?.keys() ?? [])],
    property: (event, name) => properties[event]?.get(name),
  };
}

function propertyColumns(interactions: readonly Interaction[], eventCodes: readonly number[]): ReadonlyMap<string, PropertyColumn>[] {
  const builders: EventProperties[] = [];
  for (const [row, { properties }] of interactions.entries()) {
    const event = eventCodes[row] as number;
    (builders[event] ??= new EventProperties()).add(properties);
  }
  return builders.map((builder) => builder.columns());
}

/** Gathers the properties of one event, row by row. */
class EventProperties {
  private rows = 0;
  private readonly gathered = new Map<string, { readonly dictionary: Dictionary<Json>; readonly codes: number[] }>();

  add(properties: Interaction['properties']): void {
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined) continue;
      let column = this.gathered.get(name);
      if (!column) this.gathered.set(name, (column = { dictionary: new Dictionary(), codes: [] }));
      while (column.codes.length < this.rows) column.codes.push(0);
      column.codes.push(column.dictionary.codeOf(value));
    }
    this.rows++;
  }

  columns(): ReadonlyMap<string, PropertyColumn> {
    const finished = [...this.gathered].map(([name, { dictionary, codes }]) => {
      while (codes.length < this.rows) codes.push(0);
      return [name, { values: dictionary.values, codes: narrow(codes) }] as const;
    });
    return new Map(finished);
  }
}

/** Numbers distinct values from 1, in the order in which they come. */
class Dictionary<T extends Json> {
  readonly values: T[] = [];
  private readonly codes = new Map<unknown, number>();

  codeOf(value: T): number {
    // Objects are told apart by their text; the prefix keeps them from equal strings.
    const key = typeof value === 'object' && value !== null ? `o${JSON.stringify(value)}` : typeof value === 'string' ? `s${value}` : value;
    const known = this.codes.get(key);
    if (known !== undefined) return known;
    const code = this.values.push(value);
    this.codes.set(key, code);
    return code;
  }
}

function narrow(codes: readonly number[]): Codes {
  const most = codes.reduce((a, b) => Math.max(a, b), 0);
  if (most < 256) return Uint8Array.from(codes);
  return most < 65_536 ? Uint16Array.from(codes) : Uint32Array.from(codes);
}
