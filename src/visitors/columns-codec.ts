/**
 * Interactions as bytes, column by column: names, timestamps as they are, and for each event and property the distinct
 * values once, with a small number per row. Nothing is decoded before a rule asks for it, but where each column lies.
 */
import { type Codes, type InteractionColumns, type PropertyColumn, toColumns } from '../engine/interaction-columns.js';
import type { Interaction, Json } from '../engine/types.js';
import { type ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

/** Appends the columns of interactions that are in order. */
export function writeColumns(writer: ByteWriter, interactions: readonly Interaction[]): void {
  const columns = toColumns(interactions);
  writer.varint(columns.length);
  writer.json([columns.eventNames, columns.channelNames]);
  writeCodes(writer, columns.events);
  writeCodes(writer, columns.channels);
  writer.raw(new Uint8Array(Float64Array.from(columns.timestamps).buffer));
  writer.json(columns.messageIds);
  for (const event of columns.eventNames.keys()) writer.block(propertyBytes(columns, event));
}

/** Reads columns where the reader stands; it may be anywhere afterwards. */
export function readColumns(reader: ByteReader): InteractionColumns {
  const length = reader.varint();
  const [eventNames, channelNames] = reader.json() as [string[], string[]];
  const events = readCodes(reader, length);
  const channels = readCodes(reader, length);
  const timestamps = new Float64Array(reader.copy(length * Float64Array.BYTES_PER_ELEMENT));
  const messageIds = reader.laterJson() as () => string[];
  const blocks = eventNames.map(() => reader.skipBlock());
  const properties: (StoredProperties | undefined)[] = [];
  const propertiesOf = (event: number): StoredProperties | undefined => {
    const at = blocks[event];
    return at === undefined ? undefined : (properties[event] ??= new StoredProperties(reader.from(at)));
  };
  return {
    length,
    timestamps,
    eventNames,
    events,
    channelNames,
    channels,
    get messageIds() {
      return messageIds();
    },
    propertyNames: (event) => propertiesOf(event)?.names ?? [],
    property: (event, name) => propertiesOf(event)?.column(name),
  };
}

function propertyBytes(columns: InteractionColumns, event: number): Uint8Array {
  const writer = new ByteWriter();
  const names = columns.propertyNames(event);
  writer.json(names);
  for (const name of names) {
    const column = columns.property(event, name);
    if (!column) continue;
    writer.varint(column.codes.length);
    writeCodes(writer, column.codes);
    writer.json(column.values);
  }
  return writer.finish();
}

/** The properties of one event: where each lies is known at once, what it says when first asked. */
class StoredProperties {
  readonly names: readonly string[];
  private readonly columns = new Map<string, () => PropertyColumn>();

  constructor(reader: ByteReader) {
    this.names = reader.json() as string[];
    for (const name of this.names) this.columns.set(name, laterColumn(reader));
  }

  column(name: string): PropertyColumn | undefined {
    return this.columns.get(name)?.();
  }
}

/** Passes over a column, and reads it when asked. */
function laterColumn(reader: ByteReader): () => PropertyColumn {
  const at = reader.position;
  const length = reader.varint();
  reader.skip(reader.byte() * length);
  reader.skipBlock();
  let column: PropertyColumn | undefined;
  return () => (column ??= readColumn(reader.from(at)));
}

function readColumn(reader: ByteReader): PropertyColumn {
  const codes = readCodes(reader, reader.varint());
  return { codes, values: reader.json() as Json[] };
}

function writeCodes(writer: ByteWriter, codes: Codes): void {
  writer.byte(codes.BYTES_PER_ELEMENT);
  writer.raw(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength));
}

/** Bytes are read in place; wider numbers are copied to where they may lie. */
function readCodes(reader: ByteReader, length: number): Codes {
  const width = reader.byte();
  if (width === 1) return reader.raw(length);
  const aligned = reader.copy(width * length);
  return width === 2 ? new Uint16Array(aligned) : new Uint32Array(aligned);
}
