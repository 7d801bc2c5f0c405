import type { RefusedRow, Row } from '../doors/tables/row.js';
import type { Json } from '../engine/language/json.js';
import { numberIn } from '../engine/values/number-in.js';
import type { Problem } from '../errors.js';
import { didYouMean } from '../rulebook/read/suggest.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import type { Stock } from '../stores/limit-store.js';
import { offersIn, stockProblem } from './answering-offers.js';

/** More than that is no stock, but a mistake. */
export const MOST_STOCK = 1_000_000_000;

/** The columns of a row. */
export const STOCK_COLUMNS: readonly string[] = ['offer', 'left'];

/** A row, read: how many are left of which offer, or all that is wrong with it. */
export type StockRow = { readonly line: number } & (
  { readonly stock: Stock } | { readonly problems: readonly Problem[] }
);

/** Reads a row, whose offer must be one of those that are answered with, and have a stock. */
export function readStockRow(row: Row | RefusedRow, serving: ServingRulebooks): StockRow {
  const { line } = row;
  if ('reason' in row) return { line, problems: [{ path: row.column ?? '', message: row.reason }] };
  const strange = Object.keys(row.object ?? {}).filter((name) => !STOCK_COLUMNS.includes(name));
  const problems = strange.map((path) => ({ path, message: `is not asked for${didYouMean(path, STOCK_COLUMNS)}` }));
  const [offer, left] = [row.cell('offer'), numberIn(row.cell('left') ?? null)];
  const wrong = offerProblem(offer, serving);
  if (wrong !== undefined) problems.push({ path: 'offer', message: wrong });
  if (!isStock(left)) problems.push({ path: 'left', message: `must be a whole number from 0 to ${MOST_STOCK}` });
  if (problems.length > 0 || typeof offer !== 'string' || !isStock(left)) return { line, problems };
  return { line, stock: { offer, left } };
}

function isStock(left: number | undefined): left is number {
  return left !== undefined && Number.isInteger(left) && left >= 0 && left <= MOST_STOCK;
}

function offerProblem(offer: Json | undefined, serving: ServingRulebooks): string | undefined {
  if (typeof offer !== 'string' || offer === '') return 'must name an offer by its id';
  const found = offersIn(serving, offer);
  if (found.length > 0) return stockProblem(found, offer);
  const ids = new Set(serving.answering.flatMap(({ offers }) => [...offers.keys()]));
  return `is no live offer: ${JSON.stringify(offer)}${didYouMean(offer, ids)}`;
}
