import { cellsOf, figuresOf, type Figures } from './figures.ts';
import type { IngestLoadResult } from './ingest-load.ts';
import type { StoreName } from './measure.ts';
import { rounded } from './numbers.ts';
import { textTable } from './text-table.ts';

/** What one server did in one round. */
export interface IngestRound extends IngestLoadResult {
  /** Microseconds of processor time of the server for one event; undefined where the system does not say. */
  readonly cpuUs: number | undefined;
}

/** All rounds of one server. */
export interface IngestMeasured {
  readonly side: 'floor' | 'usher';
  readonly store: StoreName;
  readonly rounds: readonly IngestRound[];
}

/** What was found of a store beside its speed. */
export interface StoredSize {
  readonly store: StoreName;
  readonly bytesPerVisitor: number;
  /** Of the SQLite file with its empty pages. */
  readonly fileBytesPerVisitor?: number;
}

/** Medians of all rounds as a table for people, then one line of JSON for programs. */
export function ingestReport(
  measured: readonly IngestMeasured[],
  sizes: readonly StoredSize[],
  more: Readonly<Record<string, number>>,
): string {
  const floor = measured.find(({ side }) => side === 'floor');
  const rows = measured
    .filter(({ side }) => side === 'usher')
    .map((usher) => ({ ...ratios(usher, floor), ...sizes.find(({ store }) => store === usher.store), ...more }));
  return [table(measured), '', ...rows.map(inWords), '', JSON.stringify({ bench: 'ingest', rows })].join('\n');
}

function ratios(usher: IngestMeasured, floor: IngestMeasured | undefined) {
  const [ours, theirs] = [figures(usher), figures(floor)];
  return {
    store: usher.store,
    throughputRatio: rounded(ours.perSecond / theirs.perSecond),
    cpuRatio: rounded(ours.cpuUs / theirs.cpuUs),
    usherEventsPerSecond: Math.round(ours.perSecond),
    floorEventsPerSecond: Math.round(theirs.perSecond),
    usherCpuUsPerEvent: rounded(ours.cpuUs),
    floorCpuUsPerEvent: rounded(theirs.cpuUs),
    usherP99Ms: rounded(ours.p99Ms),
    floorP99Ms: rounded(theirs.p99Ms),
  };
}

function figures(measured: IngestMeasured | undefined): Figures {
  return figuresOf(measured?.rounds.map((round) => ({ ...round, perSecond: round.accepted / round.seconds })) ?? []);
}

function table(measured: readonly IngestMeasured[]): string {
  const head = ['', 'events/s', 'spread', 'batch p50 ms', 'p99 ms', 'server us/event', 'generator busy'];
  const rows = measured.map((one) => [
    one.side === 'floor' ? 'floor' : `usher on ${one.store}`,
    ...cellsOf(figures(one), { ms: 1, us: 1 }),
  ]);
  return textTable([head, ...rows], 1);
}

function inWords(row: ReturnType<typeof ratios> & Partial<StoredSize>): string {
  const file = row.fileBytesPerVisitor === undefined ? '' : ` (${row.fileBytesPerVisitor} of the file)`;
  return (
    `${row.store}: ${row.throughputRatio} of the floor's throughput; ` +
    `${row.bytesPerVisitor ?? '?'} bytes a visitor${file}`
  );
}
