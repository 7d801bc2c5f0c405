import type { IngestLoadResult } from './ingest-load.ts';
import { median, type StoreName } from './measure.ts';

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
export function ingestReport(measured: readonly IngestMeasured[], sizes: readonly StoredSize[], more: Readonly<Record<string, number>>): string {
  const floor = measured.find(({ side }) => side === 'floor');
  const rows = measured.filter(({ side }) => side === 'usher').map((usher) => ({ ...ratios(usher, floor), ...sizes.find(({ store }) => store === usher.store), ...more }));
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

function figures(measured: IngestMeasured | undefined) {
  const of = (read: (round: IngestRound) => number) => measured?.rounds.map(read) ?? [];
  const rates = of(({ accepted, seconds }) => accepted / seconds);
  return {
    perSecond: median(rates),
    spread: (Math.max(...rates) - Math.min(...rates)) / median(rates),
    p50Ms: median(of((round) => round.p50Ms)),
    p99Ms: median(of((round) => round.p99Ms)),
    cpuUs: median(of((round) => round.cpuUs ?? NaN)),
    busy: median(of((round) => round.busy)),
  };
}

function table(measured: readonly IngestMeasured[]): string {
  const head = ['', 'events/s', 'spread', 'batch p50 ms', 'p99 ms', 'server us/event', 'generator busy'];
  const rows = measured.map((one) => {
    const { perSecond, spread, p50Ms, p99Ms, cpuUs, busy } = figures(one);
    const name = one.side === 'floor' ? 'floor' : `usher on ${one.store}`;
    return [name, perSecond.toFixed(0), percent(spread), p50Ms.toFixed(1), p99Ms.toFixed(1), Number.isNaN(cpuUs) ? '-' : cpuUs.toFixed(1), percent(busy)];
  });
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  return [head, ...rows].map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')).join('\n');
}

function inWords(row: ReturnType<typeof ratios> & Partial<StoredSize>): string {
  const file = row.fileBytesPerVisitor === undefined ? '' : ` (${row.fileBytesPerVisitor} of the file)`;
  return `${row.store}: ${row.throughputRatio} of the floor's throughput; ${row.bytesPerVisitor ?? '?'} bytes a visitor${file}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
