import type { Json } from '../engine/language/json.js';
import type { Rulebook } from '../engine/rulebook.js';
import { isProbability } from '../engine/score.js';
import { numberIn } from '../engine/values/number-in.js';
import type { RefusedRow, Row } from '../doors/tables/row.js';
import type { Problem } from '../errors.js';
import { didYouMean } from '../rulebook/read/suggest.js';
import type { SegmentPropensity } from './propensity-table.js';

/** What a row says of a visitor. */
export interface VisitorPropensity {
  readonly offer: string;
  /** As it was sent: the door of ids judges it. */
  readonly visitorId: Json;
  /** From 0 to 1; null takes away what was said before. */
  readonly propensity: number | null;
}

/** A row, read: what it says, or all that is wrong with it. */
export type PropensityRow = { readonly line: number } & (
  | { readonly ofSegment: SegmentPropensity }
  | { readonly ofVisitor: VisitorPropensity }
  | { readonly problems: readonly Problem[] }
);

/** The columns of a row. */
export const COLUMNS: readonly string[] = ['offer', 'propensity', 'visitorId', 'segment'];

/** Reads a row, whose offer and segment must be those of the live release. An empty cell says nothing. */
export function readRow(row: Row | RefusedRow, { offers, segments }: Rulebook): PropensityRow {
  const { line } = row;
  if ('reason' in row) return { line, problems: [{ path: row.column ?? '', message: row.reason }] };
  const problems: Problem[] = [];
  const refuse = (path: string, message: string): undefined => void problems.push({ path, message });
  for (const name of Object.keys(row.object ?? {}))
    if (!COLUMNS.includes(name)) refuse(name, `is not asked for${didYouMean(name, COLUMNS)}`);
  const offer = known('offer', textIn(row, 'offer'), offers.keys(), refuse);
  const propensity = propensityIn(row, refuse);
  const [visitorId, segment] = [cellIn(row, 'visitorId'), textIn(row, 'segment')];
  if ((visitorId === undefined) === (segment === undefined))
    refuse('', 'must name either a visitorId or a segment, of whom the propensity is');
  const named = segment === undefined ? undefined : known('segment', segment, segments.keys(), refuse);
  if (problems.length > 0 || offer === undefined || propensity === undefined) return { line, problems };
  if (named !== undefined) return { line, ofSegment: { offer, segment: named, propensity } };
  return { line, ofVisitor: { offer, visitorId: visitorId ?? null, propensity } };
}

type Refuse = (path: string, message: string) => undefined;

function cellIn(row: Row, column: string): Json | undefined {
  const cell = row.cell(column);
  return cell === null || cell === '' ? undefined : cell;
}

function textIn(row: Row, column: string): string | undefined {
  const cell = cellIn(row, column);
  return cell === undefined || typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function known(what: string, name: string | undefined, ids: Iterable<string>, refuse: Refuse): string | undefined {
  if (name === undefined) return refuse(what, `is missing; name the ${what} by its id`);
  const all = new Set(ids);
  if (all.has(name)) return name;
  return refuse(what, `is no ${what} of the live release: ${JSON.stringify(name)}${didYouMean(name, all)}`);
}

function propensityIn(row: Row, refuse: Refuse): number | null | undefined {
  const cell = row.cell('propensity');
  if (cell === undefined) return refuse('propensity', 'is missing; give a number from 0 to 1, or null for none');
  if (cell === null || cell === '') return null;
  const number = numberIn(cell);
  return isProbability(number) ? number : refuse('propensity', 'must be a number from 0 to 1');
}
