import type { Json } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { Interaction } from './interaction.js';

/** Small whole numbers, one after the other. */
export type Codes = ArrayLike<number>;

/** The values of one property over the interactions of one event, in their order. */
export interface PropertyColumn {
  /** Each distinct value once. */
  readonly values: readonly Json[];
  /** For each interaction, the place of its value counted from 1; 0 where the property is missing. */
  readonly codes: Codes;
}

/**
 * The interactions of one event, in order of timestamp, equal ones in order of arrival. Their number in this order is
 * their position. Rules ask for little of them, so an implementation may decode each part when it is first asked for.
 */
export interface EventColumns {
  readonly length: number;
  timestamp(position: number): Millis;
  /** How many come before an instant, or with `inclusive` not after it. */
  countBefore(instant: Millis, inclusive: boolean): number;
  /** For each, the place of its channel in `channelNames`. */
  readonly channels: Codes;
  messageId(position: number): string;
  /** Undefined when none of them has the property. */
  property(name: string): PropertyColumn | undefined;
  properties(): ReadonlyMap<string, PropertyColumn>;
}

/** Interactions in columns, those of each event by themselves. */
export interface InteractionColumns {
  readonly length: number;
  readonly eventNames: readonly string[];
  readonly channelNames: readonly string[];
  /** For each interaction in the order of all, the place of its event in `eventNames`. */
  readonly order: Codes;
  /** Those of an event, by the place of its name. */
  event(event: number): EventColumns;
}

/** Columns from a list that is in order. */
export function toColumns(interactions: readonly Interaction[]): InteractionColumns {
  const events = new ColumnDictionary<string>();
  const channels = new ColumnDictionary<string>();
  const groups: Interaction[][] = [];
  const order = interactions.map((one) => {
    const event = events.codeOf(one.event) - 1;
    (groups[event] ??= []).push(one);
    return event;
  });
  const columns = groups.map(
    (group) =>
      new ListedEvent(
        group,
        group.map((one) => channels.codeOf(one.channel) - 1),
      ),
  );
  return {
    length: interactions.length,
    eventNames: events.values,
    channelNames: channels.values,
    order,
    event: (event) => columns[event] ?? NO_EVENT,
  };
}

/** The interactions of one event as a list. */
class ListedEvent implements EventColumns {
  private columns: ReadonlyMap<string, PropertyColumn> | undefined;

  constructor(
    private readonly interactions: readonly Interaction[],
    readonly channels: Codes,
  ) {}

  get length(): number {
    return this.interactions.length;
  }

  timestamp(position: number): Millis {
    return this.interactions[position]?.timestamp ?? NaN;
  }

  countBefore(instant: Millis, inclusive: boolean): number {
    const { interactions } = this;
    return bisect(interactions.length, (position) => {
      const timestamp = interactions[position]?.timestamp ?? NaN;
      return timestamp < instant || (inclusive && timestamp === instant);
    });
  }

  messageId(position: number): string {
    return this.interactions[position]?.messageId ?? '';
  }

  property(name: string): PropertyColumn | undefined {
    return this.properties().get(name);
  }

  properties(): ReadonlyMap<string, PropertyColumn> {
    return (this.columns ??= propertyColumns(this.interactions));
  }
}

/** No interactions at all. */
export const NO_EVENT: EventColumns = new ListedEvent([], []);

/** How many of so many positions, of which the first few are before something and the others not, are before it. */
function bisect(length: number, isBefore: (position: number) => boolean): number {
  // Most windows end now, after all there is.
  if (length === 0 || isBefore(length - 1)) return length;
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function propertyColumns(interactions: readonly Interaction[]): Map<string, PropertyColumn> {
  const columns = new Map<
    string,
    { readonly dictionary: ColumnDictionary<Json>; readonly values: readonly Json[]; readonly codes: Uint32Array }
  >();
  for (let position = 0; position < interactions.length; position++) {
    const properties = interactions[position]?.properties ?? {};
    for (const name of Object.keys(properties)) {
      const value = properties[name];
      if (value === undefined) continue;
      let column = columns.get(name);
      if (!column) {
        const dictionary = new ColumnDictionary<Json>();
        columns.set(
          name,
          (column = { dictionary, values: dictionary.values, codes: new Uint32Array(interactions.length) }),
        );
      }
      column.codes[position] = column.dictionary.codeOf(value);
    }
  }
  return columns;
}

/** Numbers distinct values from 1, in the order in which they come. */
export class ColumnDictionary<T extends Json> {
  readonly values: T[] = [];
  private readonly codes = new Map<unknown, number>();
  /** Objects and lists are told apart by their text. */
  private readonly codesByText = new Map<string, number>();

  /** The number of a value, its own from now on if it is new. */
  codeOf(value: T): number {
    return typeof value === 'object' && value !== null
      ? this.find(this.codesByText, JSON.stringify(value), value)
      : this.find(this.codes, value, value);
  }

  private find<K>(codes: Map<K, number>, key: K, value: T): number {
    const known = codes.get(key);
    if (known !== undefined) return known;
    const code = this.values.push(value);
    codes.set(key, code);
    return code;
  }
}
