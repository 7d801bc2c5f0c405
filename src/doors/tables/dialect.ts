import { MalformedBody } from '../../errors.js';

/** How a CSV is written. */
export interface Dialect {
  readonly delimiter: string;
  /** The line in which its table begins, counted from 1. */
  readonly firstLine: number;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** As Excel reads and writes it, before the header. */
const SEP = /^sep=(.)[^\S\r\n]*(\r\n|\n|\r|$)/i;
const LONGEST_HEADER_BYTES = 16 * 1024 * 1024;

/**
 * Finds the delimiter: as declared, else as the line `sep=;` says, else the most frequent of `,` `;` tab and `|` in the
 * header, outside quotes. Hands on what comes after that line. Throws {@link MalformedBody} where two are as frequent,
 * and where file and declaration contradict each other.
 */
export async function findDialect(
  utf8: AsyncGenerator<Buffer>,
  declared: string | undefined,
): Promise<{ dialect: Dialect; rest: AsyncIterable<Buffer> }> {
  const head = await readHead(utf8);
  const text = head.toString();
  const [line = '', said] = SEP.exec(text) ?? [];
  if (declared !== undefined && said !== undefined && declared !== said)
    throw new MalformedBody(
      `The delimiter is declared as ${quoted(declared)}, but the file says sep=${said}. Correct one.`,
    );
  const delimiter = declared ?? said ?? detectDelimiter(headerOf(text));
  const rest = joined(head.subarray(Buffer.byteLength(line)), utf8);
  return { dialect: { delimiter, firstLine: line === '' ? 1 : 2 }, rest };
}

/** Read on until the header is there whole, and the line after `sep=`. */
async function readHead(utf8: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < LONGEST_HEADER_BYTES && !isWhole(head.toString())) {
    const next = await utf8.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

function isWhole(text: string): boolean {
  return /[^\s][^]*[\r\n]/.test(unquoted(text.replace(SEP, '')));
}

function headerOf(text: string): string {
  return (
    unquoted(text)
      .replace(/^(\s*[\r\n])+/, '')
      .split(/[\r\n]/, 1)[0] ?? ''
  );
}

/** What stands in quotes is left out, also in those that are still open. */
function unquoted(text: string): string {
  return text.replace(/"[^"]*("|$)/g, 'q');
}

function detectDelimiter(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length - 1);
  const most = Math.max(...counts);
  const found = DELIMITERS.filter((_, index) => counts[index] === most);
  if (most === 0 || found.length === 1) return found[0] ?? ',';
  throw new MalformedBody(
    `The header may be delimited by ${found.map(quoted).join(' or ')}: it has as many of each. ` +
      `Say which, with a line such as sep=${found[0]} before it.`,
  );
}

function quoted(delimiter: string): string {
  return delimiter === '\t' ? 'a tab' : `"${delimiter}"`;
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}
