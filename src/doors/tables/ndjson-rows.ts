import { MalformedBody } from '../../errors.js';
import { isObject } from '../../engine/language/is-object.js';
import { exactJson } from '../exact-json.js';
import { findRepeated } from '../find-in-json.js';
import type { Json } from '../../engine/language/json.js';
import { readName } from '../read-name.js';
import { readLines } from './ndjson.js';
import type { RefusedRow, Row } from './row.js';

type JsonLine = Readonly<Record<string, Json>>;

const MAX_LINE_LENGTH = 16 * 1024 * 1024;
const HEAD_LINES = 100;

/** The lines of an NDJSON file in UTF-8, as a stream in constant memory. Empty lines are passed over. */
export async function* ndjsonRows(utf8: AsyncIterable<Buffer>): AsyncGenerator<Row | RefusedRow> {
  let number = 0;
  for await (const { number: line, text, problem } of readLines(utf8, { maxLength: MAX_LINE_LENGTH })) {
    number++;
    yield text === undefined ? { number, line, reason: problem } : toRow(number, line, text);
  }
}

/**
 * The columns of the first line that is an object, as dotted paths, with their values, read from the beginning of the
 * text.
 */
export function ndjsonHead(text: string): { columns: readonly string[]; sample: readonly Json[] } {
  if (text.trimStart().startsWith('[')) {
    throw new MalformedBody(
      "This is a JSON array, and NDJSON has one object a line. Turn it into that with: jq -c '.[]' FILE",
    );
  }
  const first = text
    .split('\n', HEAD_LINES)
    .map((line) => parseObject(line.trim()))
    .find((object) => object !== undefined);
  const leaves = Object.entries(first ?? {}).flatMap(([name, value]) => flatten(name, value));
  return { columns: leaves.map(([path]) => path), sample: leaves.map(([, value]) => value) };
}

function toRow(number: number, line: number, text: string): Row | RefusedRow {
  const object = parseObject(text);
  const refused = { number, line, example: text.slice(0, 60) };
  if (!object) return { ...refused, reason: 'is not a JSON object' };
  const repeated = findRepeated(object);
  if (repeated) return { ...refused, reason: `${repeated.path}: ${repeated.message}` };
  return new NdjsonRow(number, line, text, object);
}

function parseObject(line: string): JsonLine | undefined {
  try {
    const value: unknown = exactJson(line, readName);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

class NdjsonRow implements Row {
  constructor(
    readonly number: number,
    readonly line: number,
    readonly identity: string,
    readonly object: JsonLine,
  ) {}

  /** A name that holds dots goes before a path. */
  cell(column: string): Json | undefined {
    if (Object.hasOwn(this.object, column)) return this.object[column];
    return column.split('.').reduce<Json | undefined>(step, this.object);
  }
}

function step(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function flatten(path: string, value: Json): [string, Json][] {
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => flatten(`${path}.${name}`, inner));
}
