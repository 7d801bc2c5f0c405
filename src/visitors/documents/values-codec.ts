/** The distinct values of a property as bytes: texts and numbers in order and short, anything else as JSON. */
import type { PropertyColumn } from '../../engine/visitor/interaction-columns.js';
import type { Json } from '../../engine/language/json.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { isWhole, type ByteWriter } from '../bytes/byte-writer.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

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
  const renumbered = new Array<number>(values.length + 1).fill(0);
  for (let at = 0; at < order.length; at++) renumbered[(order[at] ?? 0) + 1] = at + 1;
  const sortedCodes = new Array<number>(codes.length).fill(0);
  for (let at = 0; at < codes.length; at++) sortedCodes[at] = renumbered[codes[at] ?? 0] ?? 0;
  return { values: order.map((place) => values[place] ?? null), codes: sortedCodes };
}

/** Whether values, as they were written, are all texts or all numbers: then they lie in order, each once. */
export function areInOrder(reader: ByteReader): boolean {
  return reader.byte() !== JSON_VALUES;
}

/** A column that can tell whether its values are in order, each once. */
interface OrderedColumn extends PropertyColumn {
  readonly areInOrder: boolean;
}

/**
 * A column with more rows, in all so many: its codes, and its values in order where there are new ones. Undefined where
 * its values do not lie in order, or the new ones are of another kind.
 */
export function growColumn(
  stored: OrderedColumn,
  later: PropertyColumn | undefined,
  length: number,
): { readonly codes: readonly number[]; readonly values?: readonly Json[] } | undefined {
  const codes = new Array<number>(length).fill(0);
  for (let at = 0; at < stored.codes.length; at++) codes[at] = stored.codes[at] as number;
  if (!later) return { codes };
  const merged = mergeValues(stored, later.values);
  if (!merged) return undefined;
  const { values, moved, places } = merged;
  const before = length - later.codes.length;
  if (moved) for (let at = 0; at < before; at++) codes[at] = moved[codes[at] as number] as number;
  for (let at = 0; at < later.codes.length; at++) codes[before + at] = places[later.codes[at] as number] as number;
  return moved ? { codes, values } : { codes };
}

/** Values that lie in order, with others among them. */
interface Merged {
  /** Each once, in order. */
  readonly values: readonly Json[];
  /** For the code of each value that was there its new one; undefined where none is new, and all stay as they are. */
  readonly moved: readonly number[] | undefined;
  /** For the code of each of the others its new one. */
  readonly places: readonly number[];
}

/** Puts values among those of a column that are in order; undefined where they are not, or are of another kind. */
function mergeValues(column: OrderedColumn, others: readonly Json[]): Merged | undefined {
  if (!column.areInOrder) return undefined;
  const { values } = column;
  const kind = typeof values[0];
  const places = [0];
  const known = [false];
  const fresh: number[] = [];
  for (let at = 0; at < others.length; at++) {
    const value = others[at] as string | number;
    if (typeof value !== kind || Number.isNaN(value)) return undefined;
    const place = placeOf(values as readonly string[], value as string);
    const isThere = values[place] === value;
    places.push(isThere ? place + 1 : 0);
    known.push(isThere);
    if (!isThere) fresh.push(at);
  }
  if (fresh.length === 0) return { values, moved: undefined, places };
  fresh.sort((a, b) => ((others[a] as string) < (others[b] as string) ? -1 : 1));
  const moved = [0];
  const merged: Json[] = [];
  let next = 0;
  const takeFresh = (until: Json | undefined) => {
    for (; next < fresh.length; next++) {
      const at = fresh[next] as number;
      if (until !== undefined && (others[at] as string) > (until as string)) return;
      places[at + 1] = merged.push(others[at] as Json);
    }
  };
  for (let at = 0; at < values.length; at++) {
    takeFresh(values[at]);
    moved.push(merged.push(values[at] as Json));
  }
  takeFresh(undefined);
  return {
    values: merged,
    moved,
    places: places.map((place, at) => (known[at] === true ? (moved[place] as number) : place)),
  };
}

/** Where a value stands, or would, among others in order; numbers are compared as numbers, whatever the type says. */
function placeOf(values: readonly string[], value: string): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as string) < value) low = middle + 1;
    else high = middle;
  }
  return low;
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
