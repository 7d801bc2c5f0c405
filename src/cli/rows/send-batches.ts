import { CommandFailed, UsherError, type Problem } from '../../errors.js';
import { batches, readAhead, type Batch, type BatchLimits } from './batches.js';
import type { MapRow, Outgoing } from '../../doors/mapping/map-row.js';
import { grouped } from '../progress.js';
import { rowIds } from './row-ids.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';
import type { BatchAnswer, Tally } from './tally.js';

/** How rows are made into requests. */
export interface Delivery {
  readonly map: MapRow;
  readonly limits: BatchLimits;
  readonly post: (batch: Batch) => Promise<unknown>;
  /** What the answer calls the first row of a batch. */
  readonly countsFrom: 0 | 1;
}

/**
 * Sends rows in batches, one at a time, so that they are stored in the order of the file; the next batch is read
 * meanwhile. The tally counts what becomes of every row. Throws `CommandFailed` where the service is lost.
 */
export async function sendBatches(
  rows: AsyncIterable<Row | RefusedRow>,
  delivery: Delivery,
  tally: Tally,
  onBatch: () => void,
): Promise<void> {
  const tooLarge = ({ number, line }: Outgoing) =>
    tally.refuse({
      number,
      line,
      reason: `is larger than the ${Math.floor(delivery.limits.maxBytes / 1024)} KiB of a request`,
    });
  const ready = batches(outgoing(rows, delivery.map, tally), delivery.limits, tooLarge);
  try {
    for await (const batch of readAhead(ready)) {
      tally.answered(batch, readAnswer(await delivery.post(batch), delivery.countsFrom));
      onBatch();
    }
  } catch (error) {
    throw interrupted(error, tally);
  }
}

async function* outgoing(rows: AsyncIterable<Row | RefusedRow>, map: MapRow, tally: Tally): AsyncGenerator<Outgoing> {
  const idOfRow = rowIds();
  for await (const row of rows) {
    const mapped = 'reason' in row ? row : map(row, idOfRow);
    if ('reason' in mapped) tally.refuse(mapped);
    else yield mapped;
  }
}

interface RawAnswer {
  readonly accepted?: unknown;
  readonly notRetained?: number;
  readonly duplicates?: unknown;
  readonly refused?: unknown;
  readonly clamped?: readonly number[];
  readonly guarded?: readonly number[];
  readonly leftOut?: readonly RawRefusal[];
}

/** One of a batch or a line of an import, with what is wrong with it or was left out of it. */
interface RawRefusal {
  readonly index?: number;
  readonly line?: number;
  readonly problems?: readonly Problem[];
}

/** `/v1/batch` counts from 0 by `index`, `/v1/visitors/import` from 1 by `line`. */
function readAnswer(raw: unknown, first: 0 | 1): BatchAnswer {
  const {
    accepted,
    notRetained = 0,
    duplicates = 0,
    refused = [],
    clamped = [],
    guarded = [],
    leftOut = [],
  } = (raw ?? {}) as RawAnswer;
  if (typeof accepted !== 'number' || typeof duplicates !== 'number' || !Array.isArray(refused)) {
    throw new CommandFailed(
      'The service did not answer as Usher does. Check the address given with --url or USHER_URL.',
    );
  }
  const told = { clamped: clamped.length, guarded: guarded.map((number) => number - first) };
  // Of what is left out each is a reason of its own.
  const left = leftOut.flatMap(({ problems = [], ...row }) =>
    problems.map((one) => readRefusal({ ...row, problems: [one] })),
  );
  return { accepted, notRetained, duplicates, ...told, refused: refused.map(readRefusal), leftOut: left };
}

function readRefusal({ index, line = 0, problems = [] }: RawRefusal): BatchAnswer['refused'][number] {
  const reason = problems.map(({ path, message }) => [path, message].filter(Boolean).join(': ')).join('; ');
  return { index: index ?? line - 1, reason: reason || 'was refused without a reason' };
}

function interrupted(error: unknown, tally: Tally): unknown {
  if (!(error instanceof UsherError) || tally.rows === 0) return error;
  return new CommandFailed(
    `${error.message}\nThe first ${grouped(tally.lastRow)} rows are done. Run it again: nothing is stored twice.`,
  );
}
