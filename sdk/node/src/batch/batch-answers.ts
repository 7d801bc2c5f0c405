import type { BatchLines } from './batch-lines.js';
import { badAnswer } from '../connections.js';
import { parseJson } from '../calls.js';
import type { DecisionAnswer, DecisionRequest, LineRefusal } from '../service-types.js';
import { UsherError } from '../usher-error.js';

/** What a batch says of one request: a decision, or what is wrong with the request. */
export type BatchAnswer<Request> =
  | { readonly line: number; readonly request: Request; readonly answer: DecisionAnswer; readonly error?: undefined }
  | { readonly line: number; readonly request: Request; readonly answer?: undefined; readonly error: LineError };

/** What is wrong with a line; its `line` is that of the whole batch. */
export type LineError = LineRefusal['error'];

/** How a batch is decided. */
export interface BatchOptions {
  /** Names the mailing: run again under it, the same people get the same limited offers. Made up where it is absent. */
  readonly batchId?: string | undefined;
  /** How long places of limited offers are kept, such as `2d`. */
  readonly hold?: string | undefined;
  /** How long the service may take for a line before it is asked again on another connection; a minute unless said. */
  readonly deadlineMs?: number | undefined;
  /** How often it is tried in a row without an answer, before it breaks off; 9 unless said: half a minute or so. */
  readonly attempts?: number | undefined;
  /** Ends it where it is. */
  readonly signal?: AbortSignal | undefined;
}

/** The answers, one for each request, in their order. To be gone through once. */
export interface Batch<Request> extends AsyncIterable<BatchAnswer<Request>> {
  /** By which it can be run again. */
  readonly batchId: string;
}

/** What is said of the connection, and of no line. */
const OF_THE_CONNECTION = new Set(['STOPPING', 'SLOW_BODY']);
/** A longer line is none of Usher's. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

/** The lines of an answer, as they come. One that is cut off at the end is none. */
export async function* readLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const end = piece.lastIndexOf('\n');
    begun.push(end === -1 ? piece : piece.subarray(0, end));
    size += piece.length;
    if (end === -1 && size > MOST_LINE_BYTES) throw badAnswer(`has a line of more than ${MOST_LINE_BYTES} bytes`);
    if (end === -1) continue;
    const text = Buffer.concat(begun).toString('utf8');
    begun = [piece.subarray(end + 1)];
    size = piece.length - end - 1;
    yield text.split('\n');
  }
}

/** The answer to the first line that has none. Throws what is said of the connection. */
export function pair<Request extends DecisionRequest>(text: string, lines: BatchLines<Request>): BatchAnswer<Request> {
  const said = parseJson(text) as DecisionAnswer | LineRefusal | null | undefined;
  if (typeof said !== 'object' || said === null) throw badAnswer('has a line that is no JSON object');
  const error = 'error' in said ? said.error : undefined;
  if (error && (OF_THE_CONNECTION.has(error.code) || !lines.isFirstSent))
    throw new UsherError(error.code, error.message, { status: 503, problems: error.problems });
  const line = lines.isFirstSent ? lines.shift() : undefined;
  if (!line) throw badAnswer('has more lines than were asked');
  const { number, request } = line;
  return error
    ? { line: number, request, error: { ...error, line: number } }
    : { line: number, request, answer: said as DecisionAnswer };
}
