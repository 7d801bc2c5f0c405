import {
  ColumnDictionary,
  NO_EVENT,
  type Codes,
  type EventColumns,
  type InteractionColumns,
  type PropertyColumn,
} from '../../engine/visitor/interaction-columns.js';
import type { Json } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';

/**
 * Columns of interactions and of others that all come after them, as one: each part is joined when it is first asked
 * for.
 */
export class JoinedColumns implements InteractionColumns {
  readonly length: number;
  readonly eventNames: readonly string[];
  /** For each event of the second, its number in both. */
  private readonly numbers: readonly number[];
  private readonly events: (EventColumns | undefined)[] = [];
  private names: readonly string[] | undefined;
  private rows: Codes | undefined;

  constructor(
    private readonly first: InteractionColumns,
    private readonly second: InteractionColumns,
  ) {
    this.length = first.length + second.length;
    this.eventNames = union(first.eventNames, second.eventNames);
    this.numbers = second.eventNames.map((name) => this.eventNames.indexOf(name));
  }

  get channelNames(): readonly string[] {
    return (this.names ??= union(this.first.channelNames, this.second.channelNames));
  }

  get order(): Codes {
    return (this.rows ??= joinCodes(this.first.order, this.second.order, (event) => this.numbers[event] ?? 0));
  }

  event(event: number): EventColumns {
    return (this.events[event] ??= this.join(event));
  }

  private join(event: number): EventColumns {
    const { first, second } = this;
    const later = this.numbers.indexOf(event);
    if (later === -1) return first.event(event);
    const earlier = event < first.eventNames.length ? first.event(event) : NO_EVENT;
    return new JoinedEvent(earlier, second.event(later), (channel) =>
      this.channelNames.indexOf(second.channelNames[channel] ?? ''),
    );
  }
}

/** The interactions of one event that lie in two places. */
export class JoinedEvent implements EventColumns {
  readonly length: number;
  private readonly joined = new Map<string, PropertyColumn | undefined>();
  private joinedChannels: Codes | undefined;

  /** `channelOf` gives the number in both of a channel of the later ones. */
  constructor(
    readonly earlier: EventColumns,
    readonly later: EventColumns,
    private readonly channelOf: (channel: number) => number,
  ) {
    this.length = earlier.length + later.length;
  }

  timestamp(position: number): Millis {
    const { earlier, later } = this;
    return position < earlier.length ? earlier.timestamp(position) : later.timestamp(position - earlier.length);
  }

  countBefore(instant: Millis, inclusive: boolean): number {
    const before = this.earlier.countBefore(instant, inclusive);
    return before < this.earlier.length ? before : before + this.later.countBefore(instant, inclusive);
  }

  get channels(): Codes {
    return (this.joinedChannels ??= joinCodes(this.earlier.channels, this.later.channels, this.channelOf));
  }

  messageId(position: number): string {
    const { earlier, later } = this;
    return position < earlier.length ? earlier.messageId(position) : later.messageId(position - earlier.length);
  }

  property(name: string): PropertyColumn | undefined {
    if (!this.joined.has(name)) this.joined.set(name, this.joinProperty(name));
    return this.joined.get(name);
  }

  properties(): ReadonlyMap<string, PropertyColumn> {
    const names = union([...this.earlier.properties().keys()], [...this.later.properties().keys()]);
    return new Map(names.map((name) => [name, this.property(name) ?? EMPTY]));
  }

  private joinProperty(name: string): PropertyColumn | undefined {
    const [before, after] = [this.earlier.property(name), this.later.property(name)];
    if (!before && !after) return undefined;
    const dictionary = new ColumnDictionary<Json>();
    const codes = zeros(this.length);
    // Those of the first, too, are numbered anew: of its values some may have become the same, as numbers beyond all
    // bounds are null in a store.
    if (before) renumber(before, dictionary, codes, 0);
    if (after) renumber(after, dictionary, codes, this.earlier.length);
    return { values: dictionary.values, codes };
  }
}

const EMPTY: PropertyColumn = { values: [], codes: [] };

/** Puts the codes of a column into others from a place on, as the dictionary numbers its values. */
function renumber(
  { values, codes }: PropertyColumn,
  dictionary: ColumnDictionary<Json>,
  into: number[],
  from: number,
): void {
  const numbers = [0, ...values.map((value) => dictionary.codeOf(value))];
  for (let at = 0; at < codes.length; at++) into[from + at] = numbers[codes[at] as number] ?? 0;
}

function joinCodes(first: Codes, second: Codes, numberOf: (code: number) => number): Codes {
  const codes = zeros(first.length + second.length);
  for (let at = 0; at < first.length; at++) codes[at] = first[at] as number;
  for (let at = 0; at < second.length; at++) codes[first.length + at] = numberOf(second[at] as number);
  return codes;
}

/** Not a typed array: short ones cost more to make, and to collect, than all that is done with them here. */
function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return second.every((name) => first.includes(name)) ? first : [...new Set([...first, ...second])];
}
