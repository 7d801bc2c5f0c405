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
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { JoinedEvent } from './joined-columns.js';
import { readTexts, textReader, uuidsOnly, writeMoreTexts, writeTexts } from '../bytes/texts-codec.js';
import { StoredTimestamps, writeTimestamps } from './timestamps-codec.js';
import { areInOrder, growColumn, readValues, sortedColumn, writeValues } from './values-codec.js';

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
      this.reader.blockAt(this.blocks[event] ?? 0),
    ));
  }
}

function firstOf(names: readonly string[], count: number): readonly string[] {
  if (names.length < count) throw new CorruptDocument('it does not name all its events');
  return names.length === count ? names : names.slice(0, count);
}

function writeEvent(writer: ByteWriter, event: EventColumns): void {
  writeTimestamps(writer, timestampsOf(event));
  writer.block(() => writer.codes(event.channels));
  const grown = event instanceof JoinedEvent && event.earlier instanceof StoredEvent ? event.earlier : undefined;
  const later = grown ? idsFrom(event, grown.length) : [];
  writer.block(() => {
    if (!grown || !writeMoreTexts(writer, grown.ids, later)) writeTexts(writer, idsFrom(event, 0));
  });
  if (event instanceof JoinedEvent && grown && writeMoreRows(writer, event, grown)) return;
  const properties = [...event.properties()];
  writeTexts(
    writer,
    properties.map(([name]) => name),
  );
  for (const [, column] of properties) writer.block(() => writeColumn(writer, column));
}

function timestampsOf(event: EventColumns): Millis[] {
  const timestamps: Millis[] = [];
  for (let position = 0; position < event.length; position++) timestamps.push(event.timestamp(position));
  return timestamps;
}

function idsFrom(event: EventColumns, first: number): string[] {
  const ids: string[] = [];
  for (let position = first; position < event.length; position++) ids.push(event.messageId(position));
  return ids;
}

function writeColumn(writer: ByteWriter, column: PropertyColumn): void {
  const { codes, values } = sortedColumn(column);
  writer.codes(codes);
  writeValues(writer, values);
}

/**
 * Appends the properties of an event that has more interactions now, to the same bytes as all together: of a column
 * whose values are none but those that were there these are copied as they lie. False, and nothing is appended, where
 * there are properties that were not there.
 */
function writeMoreRows(writer: ByteWriter, event: JoinedEvent, stored: StoredEvent): boolean {
  const properties = stored.storedProperties();
  const { names } = properties;
  const later = event.later.properties();
  for (const name of later.keys()) if (!names.includes(name)) return false;
  writer.raw(properties.namesAsTheyLie());
  for (let place = 0; place < names.length; place++) {
    const name = names[place] as string;
    writer.block(() => {
      const grown = growColumn(properties.column(place), later.get(name), event.length);
      if (!grown) return writeColumn(writer, event.property(name) ?? NO_COLUMN);
      writer.codes(grown.codes);
      if (grown.values) writeValues(writer, grown.values);
      else writer.raw(properties.column(place).valuesAsTheyLie());
    });
  }
  return true;
}

const NO_COLUMN: PropertyColumn = { values: [], codes: [] };

/** The interactions of one event. */
class StoredEvent implements EventColumns {
  private readonly timestamps: StoredTimestamps;
  private readonly begin: number;
  private readChannels: Codes | undefined;
  private readId: ((position: number) => string) | undefined;
  private stored: StoredProperties | undefined;
  private columns: ReadonlyMap<string, PropertyColumn> | undefined;

  constructor(
    readonly length: number,
    private readonly rest: ByteReader,
  ) {
    this.begin = rest.place;
    this.timestamps = new StoredTimestamps(rest, length);
  }

  /** All of them as they lie. */
  get bytes(): Uint8Array {
    const whole = this.rest.from(this.begin);
    return whole.raw(whole.left);
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
    return (this.readId ??= textReader(this.ids))(position);
  }

  /** All message ids, as one list. */
  get ids(): ByteReader {
    const reader = this.rest.copy();
    reader.skipBlock();
    return reader.block();
  }

  /** The UUIDs that all message ids end with; undefined where some don't. */
  uuids(): Buffer | undefined {
    return uuidsOnly(this.ids);
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

  storedProperties(): StoredProperties {
    return (this.stored ??= new StoredProperties(this.rest.copy(), this.length));
  }
}

/** The properties of one event: their names, and the column of each by the place of its name. */
class StoredProperties {
  readonly names: readonly string[];
  private readonly from: number;
  private readonly until: number;
  private readonly blocks: number[];
  private readonly columns: (StoredColumn | undefined)[];

  constructor(
    private readonly reader: ByteReader,
    private readonly length: number,
  ) {
    reader.skipBlock();
    reader.skipBlock();
    this.from = reader.skip(0);
    this.names = readTexts(reader);
    this.until = reader.skip(0);
    const count = this.names.length;
    this.blocks = new Array<number>(count);
    this.columns = new Array<StoredColumn | undefined>(count);
    for (let place = 0; place < count; place++) this.blocks[place] = reader.skipBlock();
  }

  column(place: number): StoredColumn {
    return (this.columns[place] ??= new StoredColumn(this.length, this.reader.blockAt(this.blocks[place] ?? 0)));
  }

  namesAsTheyLie(): Uint8Array {
    return this.reader.from(this.from).raw(this.until - this.from);
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
    return (this.readValues ??= readValues(this.behindCodes()));
  }

  /** Whether the values lie in order, each once. */
  get areInOrder(): boolean {
    return areInOrder(this.behindCodes());
  }

  valuesAsTheyLie(): Uint8Array {
    const reader = this.behindCodes();
    return reader.raw(reader.left);
  }

  private behindCodes(): ByteReader {
    void this.codes;
    return this.reader.copy();
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
