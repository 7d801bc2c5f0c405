import { MalformedBody, type UsherError } from '../errors.js';
import { didYouMean } from '../rulebook/read/suggest.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import type { LimitStore } from '../stores/limit-store.js';
import type { ImportBody, RefusedLine } from '../visitors/care/import-visitors.js';
import { RefusedRows } from '../visitors/care/refused-rows.js';
import { namedRows } from '../visitors/care/table-body.js';
import { readStockRow, STOCK_COLUMNS, type StockRow } from './stock-row.js';

/** What became of the rows of a table of stocks. */
export interface StockSummary {
  /** How many rows were taken. Of rows about the same offer the last one stands. */
  readonly accepted: number;
  readonly refusedCount: number;
  /** The first thousand of the lines refused, with all that is wrong with each. */
  readonly refused: readonly RefusedLine[];
}

const GROUP_SIZE = 500;

/**
 * Reads how many are left of offers from a stream in constant memory: good rows are told to the store, in groups, bad
 * ones listed. Throws {@link MalformedBody} where it can't be read any further, and says what is told of it.
 */
export async function importStock(
  body: ImportBody,
  serving: ServingRulebooks,
  store: Pick<LimitStore, 'setStock'>,
): Promise<StockSummary> {
  const tally = new Tally();
  const rows = await namedRows(body, STOCK_COLUMNS, (name) => didYouMean(name, STOCK_COLUMNS));
  let group: StockRow[] = [];
  try {
    for await (const row of rows) {
      group.push(readStockRow(row, serving));
      if (group.length < GROUP_SIZE) continue;
      await tell(group, store, tally);
      group = [];
    }
  } catch (error) {
    throw error instanceof MalformedBody ? tally.brokenOff(error) : error;
  }
  await tell(group, store, tally);
  return tally.summary();
}

/** Of equal offers the last one: the store sees to those that it is told at once in any order. */
async function tell(group: readonly StockRow[], store: Pick<LimitStore, 'setStock'>, tally: Tally): Promise<void> {
  const stocks = group.flatMap((row) => ('stock' in row ? [row.stock] : []));
  const last = new Map(stocks.map((stock) => [stock.offer, stock]));
  if (last.size > 0) await store.setStock([...last.values()]);
  tally.add(group);
}

/** Counts what became of the rows. */
class Tally {
  private accepted = 0;
  private lastLine = 0;
  private readonly refused = new RefusedRows();

  add(group: readonly StockRow[]): void {
    for (const row of group) {
      this.lastLine = row.line;
      if ('stock' in row) this.accepted++;
      else this.refused.add(row.line, row.problems);
    }
  }

  summary(): StockSummary {
    return { accepted: this.accepted, ...this.refused.summary() };
  }

  /** Why it could not be read any further, and what was done before. */
  brokenOff({ message }: UsherError): UsherError {
    const { lastLine, accepted } = this;
    const before = lastLine === 0 ? 'None of it is taken.' : `Of the lines up to ${lastLine}, ${accepted} are taken.`;
    return new MalformedBody(`${message} ${before} Send all of it again when that is mended.`);
  }
}
