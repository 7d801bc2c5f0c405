import { propensityTrait } from '../engine/score.js';
import type { Json } from '../engine/language/json.js';
import type { Rulebook } from '../engine/rulebook.js';
import { didYouMean } from '../rulebook/read/suggest.js';
import type { HistoryImporter } from '../visitors/care/history-importer.js';
import type { ImportBody, RefusedLine } from '../visitors/care/import-visitors.js';
import { RefusedRows } from '../visitors/care/refused-rows.js';
import { namedRows } from '../visitors/care/table-body.js';
import { readHistory } from '../visitors/intake/read-history.js';
import { COLUMNS, readRow, type PropensityRow, type VisitorPropensity } from './propensity-row.js';
import type { PropensityTable } from './propensity-table.js';

/** What became of the rows of an upload. */
export interface PropensitySummary {
  /** How many rows are stored: those of visitors and those of segments. */
  readonly accepted: number;
  readonly ofVisitors: number;
  readonly ofSegments: number;
  readonly refusedCount: number;
  /** The first thousand of the lines refused, with all that is wrong with each. */
  readonly refused: readonly RefusedLine[];
}

/** Where rows go. */
export interface PropensityPlaces {
  /** Whose offers and segments they may name. */
  readonly rulebook: Rulebook;
  readonly table: PropensityTable;
  readonly importer: HistoryImporter;
}

type OfVisitor = PropensityRow & { readonly ofVisitor: VisitorPropensity };

const GROUP_SIZE = 500;

/**
 * Reads propensities from a stream in constant memory: good rows are stored, in groups, bad ones listed. Throws
 * `MalformedBody` where it can't be read any further, and `InvalidRequest` where a table would be too large.
 */
export async function importPropensities(body: ImportBody, places: PropensityPlaces): Promise<PropensitySummary> {
  const tally = new Tally();
  let group: PropensityRow[] = [];
  for await (const row of await namedRows(body, COLUMNS, (name) => didYouMean(name, COLUMNS))) {
    group.push(readRow(row, places.rulebook));
    if (group.length < GROUP_SIZE) continue;
    await store(group, places, tally);
    group = [];
  }
  await store(group, places, tally);
  return tally.summary();
}

async function store(group: readonly PropensityRow[], { table, importer }: PropensityPlaces, tally: Tally) {
  const ofSegments = group.flatMap((row) => ('ofSegment' in row ? [row.ofSegment] : []));
  await table.put(ofSegments);
  tally.ofSegments += ofSegments.length;
  for (const row of group) if ('problems' in row) tally.refused.add(row.line, row.problems);
  await storeVisitors(
    group.filter((row): row is OfVisitor => 'ofVisitor' in row),
    importer,
    tally,
  );
}

/** All that a group says of a visitor goes into one event; the last word of an offer counts. */
async function storeVisitors(rows: readonly OfVisitor[], importer: HistoryImporter, tally: Tally): Promise<void> {
  const read = [...Map.groupBy(rows, ({ ofVisitor }) => JSON.stringify(ofVisitor.visitorId)).values()].map((own) => ({
    own,
    // That somebody is scored does not say that they are known by this id: it may be a device.
    ...readHistory({ visitorId: idIn(own), known: false, traits: traitsIn(own) }, Date.now(), importer.guarded),
  }));
  const good = read.flatMap((one) => ('history' in one ? [one] : []));
  for (const one of read) if ('problems' in one) for (const { line } of one.own) tally.refused.add(line, one.problems);
  importer.metGuarded(read.filter(({ guarded }) => guarded).length);
  const leftOut = await importer.import(good.map(({ history }) => history));
  for (const [at, { own }] of good.entries()) {
    const problems = leftOut[at] ?? [];
    if (problems.length === 0) tally.ofVisitors += own.length;
    else for (const { line } of own) tally.refused.add(line, problems);
  }
}

function idIn(rows: readonly OfVisitor[]): Json {
  return rows[0]?.ofVisitor.visitorId ?? null;
}

function traitsIn(rows: readonly OfVisitor[]): Record<string, number | null> {
  return Object.fromEntries(
    rows.map(({ ofVisitor: { offer, propensity } }) => [propensityTrait(offer), propensity] as const),
  );
}

/** Counts what became of the rows. */
class Tally {
  ofSegments = 0;
  ofVisitors = 0;
  readonly refused = new RefusedRows();

  summary(): PropensitySummary {
    const { ofVisitors, ofSegments, refused } = this;
    return { accepted: ofVisitors + ofSegments, ofVisitors, ofSegments, ...refused.summary() };
  }
}
