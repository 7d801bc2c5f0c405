import { StringDecoder } from 'node:string_decoder';

/** One line of a stream, counted from 1. `text` is undefined when the line was longer than the limit. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/**
 * The lines of a stream of UTF-8 text, one at a time: a line beyond `maxLength` characters is passed over without ever
 * being held. Empty lines are left out but counted.
 */
export async function* readLines(stream: AsyncIterable<Buffer | string>, maxLength: number): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let tooLong = false;
  let number = 0;
  for await (const chunk of stream) {
    const pieces = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      number++;
      const line = toLine(piece, number, tooLong || piece.length > maxLength);
      tooLong = false;
      if (line) yield line;
    }
    if (rest.length > maxLength) {
      tooLong = true;
      rest = '';
    }
  }
  const last = toLine(rest + decoder.end(), number + 1, tooLong);
  if (last) yield last;
}

function toLine(piece: string, number: number, tooLong: boolean): Line | undefined {
  const text = (number === 1 && piece.startsWith('\uFEFF') ? piece.slice(1) : piece).trim();
  if (tooLong) return { number, text: undefined };
  return text === '' ? undefined : { number, text };
}

/** Groups what a source yields, so that what can be done together is. */
export async function* inGroups<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const one of source) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
