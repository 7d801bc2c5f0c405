import { StringDecoder } from 'node:string_decoder';
import { CommandFailed } from '../../errors.js';
import { isObject } from '../../engine/language/is-object.js';
import { findInfinite, INFINITE } from '../find-in-json.js';
import type { Json } from '../../engine/language/json.js';
import type { RefusedRow, Row } from './row.js';

type JsonLine = Readonly<Record<string, Json>>;

const MAX_LINE_CHARS = 16 * 1024 * 1024;
const HEAD_LINES = 100;

/** The lines of an NDJSON file, as a stream in constant memory. Empty lines are passed over and not counted. */
export async function* ndjsonRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row | RefusedRow> {
  let number = 0;
  for await (const line of lines(chunks)) {
    if (line !== '') yield toRow(++number, line);
  }
}

/**
 * The columns of the first line that is an object, as dotted paths, with their values, read from the beginning of the
 * text.
 */
export function ndjsonHead(text: string): { columns: readonly string[]; sample: readonly Json[] } {
  if (text.trimStart().startsWith('[')) {
    throw new CommandFailed(
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

async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS)
      throw new CommandFailed('A line is longer than 16 MiB. NDJSON has one object a line.');
    for (const part of parts) yield trimmed(part);
  }
  yield trimmed(rest + decoder.end());
}

/** `trim` takes a byte order mark for white space. */
function trimmed(line: string): string {
  return line.trim();
}

function toRow(number: number, line: string): Row | RefusedRow {
  const object = parseObject(line);
  const infinite = findInfinite(object);
  if (infinite !== undefined) return { number, reason: `${infinite}: ${INFINITE}`, example: line.slice(0, 60) };
  return object
    ? new NdjsonRow(number, line, object)
    : { number, reason: 'is not a JSON object', example: line.slice(0, 60) };
}

function parseObject(line: string): JsonLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

class NdjsonRow implements Row {
  constructor(
    readonly number: number,
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
