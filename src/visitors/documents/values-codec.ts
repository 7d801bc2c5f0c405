/** The distinct values of a property as bytes: texts and numbers in order and short, anything else as JSON. */
import type { PropertyColumn } from '../../engine/visitor/interaction-columns.js';
import type { Json } from '../../engine/language/json.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import { isWhole, type ByteWriter } from './byte-writer.js';
import { readTexts, writeTexts } from './texts-codec.js';

/** The first byte: JSON, texts, or numbers with so many decimals, counted from the kind on. */
const JSON_VALUES = 0;
const TEXTS = 1;
const NUMBERS = 2;
const MOST_DECIMALS = 4;

/** The same column with its values in order, if they are all texts or all numbers: neighbours are then alike. */
export function sortedColumn({ values, codes }: PropertyColumn): PropertyColumn {
  if (values.length < 2) return { values, codes };
  const order = Array.from(values, (_value, place) => place);
  if (areTexts(values)) order.sort((a, b) => ((values[a] ?? '') < (values[b] ?? '') ? -1 : 1));
  else if (areNumbers(values)) order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  else return { values, codes };
  const renumbered = new Uint32Array(values.length + 1);
  for (let at = 0; at < order.length; at++) renumbered[(order[at] ?? 0) + 1] = at + 1;
  const sortedCodes = new Uint32Array(codes.length);
  for (let at = 0; at < codes.length; at++) sortedCodes[at] = renumbered[codes[at] ?? 0] ?? 0;
  return { values: order.map((place) => values[place] ?? null), codes: sortedCodes };
}

/** Appends values that are the last of their block. */
export function writeValues(writer: ByteWriter, values: readonly Json[]): void {
  const decimals = areNumbers(values) ? decimalsOf(values) : -1;
  if (areTexts(values)) {
    writer.byte(TEXTS);
    writeTexts(writer, values);
  } else if (areNumbers(values) && decimals >= 0) {
    writer.byte(NUMBERS + decimals);
    writer.varint(values.length);
    writer.numbers(values.map((value) => Math.round(value * 10 ** decimals)));
  } else {
    writer.byte(JSON_VALUES);
    writer.json(values);
  }
}

/** Reads values. */
export function readValues(reader: ByteReader): readonly Json[] {
  const kind = reader.byte();
  if (kind === TEXTS) return readTexts(reader);
  if (kind === JSON_VALUES) return readJson(reader);
  if (kind > NUMBERS + MOST_DECIMALS) throw new CorruptDocument('the values of a property are of no known kind');
  const scale = 10 ** (kind - NUMBERS);
  const values = reader.numbers(reader.count());
  return scale === 1 ? values : values.map((value) => value / scale);
}

function readJson(reader: ByteReader): readonly Json[] {
  const values = reader.json();
  if (!Array.isArray(values)) throw new CorruptDocument('the values of a property are not a list');
  return values as Json[];
}

/** How many decimals bring every value back exactly; -1 when none do. */
function decimalsOf(values: readonly number[]): number {
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals;
    if (values.every((value) => isWhole(Math.round(value * scale)) && Math.round(value * scale) / scale === value))
      return decimals;
  }
  return -1;
}

function areTexts(values: readonly Json[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string');
}

function areNumbers(values: readonly Json[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number');
}
