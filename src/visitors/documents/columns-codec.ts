/**
 * Interactions as bytes: those of each event in a block of their own, in which timestamps can be searched as they lie
 * and each property is a column. Nothing is decoded before a rule asks for it.
 */
import {
  type Codes,
  type EventColumns,
  type InteractionColumns,
  type PropertyColumn,
} from '../../engine/visitor/interaction-columns.js';
import type { Millis } from '../../engine/language/millis.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { readTexts, textReader, writeTexts } from './texts-codec.js';
import { StoredTimestamps, writeTimestamps } from './timestamps-codec.js';
import { readValues, sortedColumn, writeValues } from './values-codec.js';

/** Appends columns, all but the names of their events: those are the first of the list that the reader is given. */
export function writeColumns(writer: ByteWriter, columns: InteractionColumns): void {
  writer.varint(columns.length);
  writer.varint(columns.eventNames.length);
  writer.block(() => writeTexts(writer, columns.channelNames));
  for (const event of columns.eventNames.keys()) {
    const block = columns.event(event);
    writer.varint(block.length);
    if (block instanceof StoredEvent) writer.block(() => writer.raw(block.bytes));
    else writer.block(() => writeEvent(writer, block));
  }
  writer.codes(columns.order);
}

/** Columns as they lie in bytes; the names of events are read when asked for, those of the retained ones first. */
export class StoredColumns implements InteractionColumns {
  readonly length: number;
  private readonly lengths: number[];
  private readonly blocks: number[];
  private readonly events: (StoredEvent | undefined)[];
  private readonly channels: ByteReader;
  private readNames: readonly string[] | undefined;
  private readChannelNames: readonly string[] | undefined;
  private readOrder: Codes | undefined;

  constructor(
    private readonly reader: ByteReader,
    private readonly names: () => readonly string[],
  ) {
    this.length = reader.count();
    const events = reader.count();
    this.channels = reader.block();
    this.lengths = new Array<number>(events);
    this.blocks = new Array<number>(events);
    this.events = new Array<StoredEvent | undefined>(events).fill(undefined);
    let length = 0;
    for (let event = 0; event < events; event++) {
      const ofEvent = reader.varint();
      length += ofEvent;
      this.lengths[event] = ofEvent;
      this.blocks[event] = reader.skipBlock();
    }
    if (length !== this.length) throw new CorruptDocument('it has not as many interactions as it says');
  }

  get eventNames(): readonly string[] {
    return (this.readNames ??= firstOf(this.names(), this.lengths.length));
  }

  get channelNames(): readonly string[] {
    return (this.readChannelNames ??= readTexts(this.channels));
  }

  get order(): Codes {
    return (this.readOrder ??= readOrder(this.reader.copy(), this.lengths));
  }

  event(event: number): StoredEvent {
    return (this.events[event] ??= new StoredEvent(
      this.lengths[event] ?? 0,
      this.reader.from(this.blocks[event] ?? 0).block(),
    ));
  }
}

function firstOf(names: readonly string[], count: number): readonly string[] {
  if (names.length < count) throw new CorruptDocument('it does not name all its events');
  return names.length === count ? names : names.slice(0, count);
}

function writeEvent(writer: ByteWriter, event: EventColumns): void {
  const positions = Array.from({ length: event.length }, (_, position) => position);
  writeTimestamps(
    writer,
    positions.map((position) => event.timestamp(position)),
  );
  writer.block(() => writer.codes(event.channels));
  writer.block(() =>
    writeTexts(
      writer,
      positions.map((position) => event.messageId(position)),
    ),
  );
  const properties = [...event.properties()];
  writeTexts(
    writer,
    properties.map(([name]) => name),
  );
  for (const [, column] of properties) writer.block(() => writeColumn(writer, column));
}

function writeColumn(writer: ByteWriter, column: PropertyColumn): void {
  const { codes, values } = sortedColumn(column);
  writer.codes(codes);
  writeValues(writer, values);
}

/** The interactions of one event. */
class StoredEvent implements EventColumns {
  private readonly timestamps: StoredTimestamps;
  private readonly rest: ByteReader;
  private readChannels: Codes | undefined;
  private readId: ((position: number) => string) | undefined;
  private stored: StoredProperties | undefined;
  private columns: ReadonlyMap<string, PropertyColumn> | undefined;

  constructor(
    readonly length: number,
    private readonly whole: ByteReader,
  ) {
    this.rest = whole.copy();
    this.timestamps = new StoredTimestamps(this.rest, length);
  }

  /** All of them as they lie. */
  get bytes(): Uint8Array {
    return this.whole.copy().raw(this.whole.left);
  }

  timestamp(position: number): Millis {
    return this.timestamps.at(position);
  }

  countBefore(instant: Millis, inclusive: boolean): number {
    return this.timestamps.countBefore(instant, inclusive);
  }

  get channels(): Codes {
    return (this.readChannels ??= this.rest.copy().block().codes(this.length));
  }

  messageId(position: number): string {
    if (!this.readId) {
      const reader = this.rest.copy();
      reader.skipBlock();
      this.readId = textReader(reader.block());
    }
    return this.readId(position);
  }

  property(name: string): PropertyColumn | undefined {
    const stored = this.storedProperties();
    const place = stored.names.indexOf(name);
    return place === -1 ? undefined : stored.column(place);
  }

  properties(): ReadonlyMap<string, PropertyColumn> {
    return (this.columns ??= this.allColumns());
  }

  private allColumns(): ReadonlyMap<string, PropertyColumn> {
    const stored = this.storedProperties();
    return new Map(stored.names.map((name, place) => [name, stored.column(place)]));
  }

  private storedProperties(): StoredProperties {
    return (this.stored ??= new StoredProperties(this.rest.copy(), this.length));
  }
}

/** The properties of one event: their names, and the column of each by the place of its name. */
class StoredProperties {
  readonly names: readonly string[];
  private readonly blocks: readonly number[];
  private readonly columns: (StoredColumn | undefined)[];

  constructor(
    private readonly reader: ByteReader,
    private readonly length: number,
  ) {
    reader.skipBlock();
    reader.skipBlock();
    this.names = readTexts(reader);
    this.blocks = this.names.map(() => reader.skipBlock());
    this.columns = this.names.map(() => undefined);
  }

  column(place: number): PropertyColumn {
    return (this.columns[place] ??= new StoredColumn(this.length, this.reader.from(this.blocks[place] ?? 0).block()));
  }
}

/** One property; the values are decoded when asked. */
class StoredColumn implements PropertyColumn {
  private readCodes: Codes | undefined;
  private readValues: PropertyColumn['values'] | undefined;

  constructor(
    private readonly length: number,
    private readonly reader: ByteReader,
  ) {}

  get codes(): Codes {
    return (this.readCodes ??= this.reader.codes(this.length));
  }

  get values(): PropertyColumn['values'] {
    // They lie behind the codes.
    void this.codes;
    return (this.readValues ??= readValues(this.reader));
  }
}

/** The order of all; every event has as many places in it as it has interactions. */
function readOrder(reader: ByteReader, lengths: readonly number[]): Codes {
  const left = [...lengths];
  const order = reader.codes(lengths.reduce((sum, length) => sum + length, 0));
  for (let row = 0; row < order.length; row++) {
    const event = order[row] as number;
    const more = left[event];
    if (more === undefined || more === 0)
      throw new CorruptDocument('the order of its interactions is not what it should be');
    left[event] = more - 1;
  }
  return order;
}
