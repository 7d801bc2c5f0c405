import { randomUUID } from 'node:crypto';
import type { DecideOptions } from '../ask-decision.js';
import { requestOf } from '../ask-decision.js';
import { Client } from '../client.js';
import { grouped, Progress } from '../progress.js';
import { readAhead } from '../rows/batches.js';
import { openRows, type RowFile, type RowFormat } from '../rows/open-rows.js';
import { AnswersOut } from './answers-out.js';
import { decideRequests, type LineAnswer } from './decide-requests.js';
import { requestMaker, type RowRequest } from './row-request.js';

/** The options of `usher decide --batch`. */
export interface BatchOptions extends DecideOptions {
  /** The file of rows; `-` for standard input. */
  readonly batch?: string;
  /** Placements for every row that names none; `home.cards:3` asks for three offers. */
  readonly placement?: readonly string[];
  /** The column of visitor ids in a CSV, where it is not `visitorId`. */
  readonly id?: string;
  readonly format?: RowFormat;
  /** The file that the answers go to; standard output where nothing is said. */
  readonly out?: string;
  /** Names the batch, so that it may be run again: whoever got a limited offer has it, and nobody besides. */
  readonly batchId?: string;
  /** How long places of limited offers are held, such as `2d`. */
  readonly hold?: string;
  /** Fail when any row is refused. */
  readonly strict?: boolean;
}

/** Rows that go in one request: a few groups of the service's. */
const CHUNK_ROWS = 256;

/**
 * `usher decide --batch FILE`: an answer line for every row, in the order of the file; gives the exit code. Where the
 * file of answers is there already, what it answers is not asked again. Throws `CommandFailed` where the service is
 * lost: what was answered by then is written.
 */
export async function decideBatch(file: string, options: BatchOptions, print: (text: string) => void): Promise<number> {
  const client = new Client(options);
  const rows = await openRows(file, options.format ? { format: options.format } : {});
  const toRequest = requestMaker(rows, { ...requestOf(options), placements: options.placement ?? [], id: options.id });
  const out = await AnswersOut.open(options.out);
  const path = pathOf(options);
  const progress = new Progress();
  const tally: Tally = { rows: 0, decided: 0, withoutVisitor: 0, refused: 0, answeredBefore: 0 };
  try {
    for await (const chunk of readAhead(inChunks(rows, toRequest, out, tally))) {
      for await (const answers of decideRequests(client, path, chunk)) {
        await out.write(answers);
        for (const answer of answers) count(tally, answer);
        progress.update({ rows: tally.rows, refused: tally.refused, share: shareOf(rows) });
      }
    }
  } finally {
    progress.clear();
    await out.close();
  }
  // Standard output is for the answers alone, where they go there.
  const say = options.out === undefined ? (text: string) => void process.stderr.write(`${text}\n`) : print;
  say(options.json ? summaryJson(tally, progress.seconds) : summaryText(tally, progress.seconds));
  return tally.refused > 0 && (options.strict || tally.refused === tally.rows) ? 1 : 0;
}

/** Rows that are sent again, as their answers were lost, get what they got: the batch has a name of its own anyway. */
function pathOf({ batchId = randomUUID(), hold }: BatchOptions): string {
  const query = new URLSearchParams({ batchId, ...(hold !== undefined && { hold }) });
  return `/v1/decisions/batch?${query.toString()}`;
}

/** What became of the rows. */
interface Tally {
  /** Answered now. */
  rows: number;
  decided: number;
  /** Of those, how many from the request alone, as the visitor could not be read in time. */
  withoutVisitor: number;
  refused: number;
  answeredBefore: number;
}

async function* inChunks(
  { rows }: RowFile,
  toRequest: (row: Parameters<ReturnType<typeof requestMaker>>[0]) => RowRequest,
  out: AnswersOut,
  tally: Tally,
): AsyncGenerator<readonly RowRequest[]> {
  let chunk: RowRequest[] = [];
  for await (const row of rows) {
    const request = toRequest(row);
    if (await out.hasAnswerTo(request)) tally.answeredBefore++;
    else chunk.push(request);
    if (chunk.length < CHUNK_ROWS) continue;
    yield chunk;
    chunk = [];
  }
  await out.expectNoMore();
  if (chunk.length > 0) yield chunk;
}

function count(tally: Tally, { error, served }: LineAnswer): void {
  tally.rows++;
  if (error) tally.refused++;
  else tally.decided++;
  if (served !== undefined && served !== 'full') tally.withoutVisitor++;
}

function shareOf({ totalBytes, bytesRead }: RowFile): number | undefined {
  return totalBytes ? Math.min(1, bytesRead() / totalBytes) : undefined;
}

function summaryText({ rows, decided, withoutVisitor, refused, answeredBefore }: Tally, seconds: number): string {
  const counts: [number, string][] = [
    [rows, `rows answered in ${seconds.toFixed(1)} s (${grouped(perSecond(rows, seconds))} rows/s)`],
    [decided, 'decided'],
    ...sometimes(withoutVisitor, 'of them without the visitor, who could not be read in time'),
    ...sometimes(refused, 'refused: "error" in their lines says why'),
    ...sometimes(answeredBefore, 'answered before'),
  ];
  const width = Math.max(...counts.map(([number]) => grouped(number).length));
  return counts.map(([number, what]) => `${grouped(number).padStart(width)} ${what}`).join('\n');
}

function sometimes(number: number, what: string): [number, string][] {
  return number > 0 ? [[number, what]] : [];
}

function summaryJson(tally: Tally, seconds: number): string {
  const timing = { seconds: Number(seconds.toFixed(3)), rowsPerSecond: perSecond(tally.rows, seconds) };
  return JSON.stringify({ ...tally, ...timing });
}

function perSecond(rows: number, seconds: number): number {
  return Math.round(rows / Math.max(seconds, 0.001));
}
