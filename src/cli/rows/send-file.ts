import type { Batch, BatchLimits } from './batches.js';
import { chooseMapper, loadMapping } from './choose-mapper.js';
import { Client, type ClientOptions } from '../client.js';
import type { Mapping, RowKind } from '../../doors/mapping/mapping.js';
import { openRows, type RowFile, type RowFormat } from './open-rows.js';
import { summaryJson, summaryText } from './print-summary.js';
import { problemFile } from './problem-file.js';
import { Progress } from '../progress.js';
import { sendBatches } from './send-batches.js';
import { Tally } from './tally.js';

/** The options of `usher track` and `usher import`. */
export interface SendOptions extends ClientOptions {
  /** The mapping file. */
  readonly map?: string;
  readonly format?: RowFormat;
  /** What the file is encoded in, where no byte order mark says it and it is not UTF-8. */
  readonly encoding?: string;
  /** A file to write every row refused and every cell left out to. */
  readonly problems?: string;
  /** Fail when any row is refused or any cell left out. */
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Where the rows of one kind go. */
export interface Destination {
  readonly kind: RowKind;
  readonly limits: BatchLimits;
  readonly countsFrom: 0 | 1;
  readonly post: (client: Client, batch: Batch) => Promise<unknown>;
}

/** Sends a whole file and prints what became of it; gives the exit code. */
export async function sendFile(
  file: string,
  to: Destination,
  options: SendOptions,
  print: (text: string) => void,
): Promise<number> {
  const mapping = options.map === undefined ? undefined : loadMapping(options.map, to.kind);
  const client = new Client(options);
  const rows = await openRows(file, {
    ...(options.format ? { format: options.format } : {}),
    ...(mapping?.delimiter ? { delimiter: mapping.delimiter } : {}),
    ...encodingOf(options, mapping),
  });
  const delivery = {
    map: chooseMapper(rows, to.kind, mapping),
    limits: to.limits,
    post: (batch: Batch) => to.post(client, batch),
    countsFrom: to.countsFrom,
  };
  const problems = options.problems === undefined ? undefined : problemFile(options.problems);
  const tally = new Tally(problems?.write);
  const progress = new Progress();
  const onBatch = () => progress.update({ rows: tally.rows, refused: tally.refused, share: shareOf(rows) });
  await sendBatches(rows.rows, delivery, tally, onBatch).finally(() => {
    progress.clear();
    problems?.close();
  });
  print(options.json ? summaryJson(tally, progress.seconds) : summaryText(to.kind, tally, progress.seconds));
  return exitCode(tally, options);
}

/** The command says more of a file than its mapping, which is used for many. */
function encodingOf({ encoding }: SendOptions, mapping: Mapping | undefined): { encoding?: string } {
  const said = encoding ?? mapping?.encoding;
  return said === undefined ? {} : { encoding: said };
}

function shareOf({ totalBytes, bytesRead }: RowFile): number | undefined {
  return totalBytes ? Math.min(1, bytesRead() / totalBytes) : undefined;
}

function exitCode(tally: Tally, { strict }: SendOptions): number {
  const nothingSent = tally.refused > 0 && tally.refused === tally.rows;
  return nothingSent || (strict && tally.refused + tally.leftOut > 0) ? 1 : 0;
}
