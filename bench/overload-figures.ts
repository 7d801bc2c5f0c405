import { percent } from './numbers.ts';
import type { Fate, Seen } from './open-load.ts';

/** By when a decision is to be answered: the deadline of 50 ms, and 50 more. */
export const IN_TIME_MS = 100;

/** What was seen at one rate. */
export interface Figures {
  readonly store: string;
  /** What was offered, as a multiple of {@link saturation}. */
  readonly factor: number;
  /** Decisions per second with callers that wait for their answers. */
  readonly saturation: number;
  readonly offered: number;
  /** Decisions per second that were made in full, and answered in time. */
  readonly goodput: number;
  /** Of all requests, the share with each fate. */
  readonly shares: Readonly<Record<Fate, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The share answered later than {@link IN_TIME_MS}. */
  readonly late: number;
  /** How long after the rate fell to the half somebody still got less than a full decision, or got it late. */
  readonly recoveredMs: number;
  /** How busy the generator was, of one core: near 1, it is the generator that was measured. */
  readonly busy: number;
}

const FATES: readonly Fate[] = ['full', 'context-only', 'fallback', 'failed'];

export function figuresOf(
  { fates, tookMs }: Seen,
  seconds: number,
): Omit<Figures, 'store' | 'factor' | 'saturation' | 'recoveredMs' | 'busy'> {
  const sorted = Float64Array.from(tookMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  const count = (is: (fate: Fate, ms: number) => boolean) =>
    fates.filter((fate, n) => is(fate, tookMs[n] ?? NaN)).length;
  return {
    offered: fates.length / seconds,
    goodput: count((fate, ms) => fate === 'full' && ms <= IN_TIME_MS) / seconds,
    shares: Object.fromEntries(
      FATES.map((wanted) => [wanted, count((fate) => fate === wanted) / fates.length]),
    ) as Record<Fate, number>,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    late: count((_, ms) => ms > IN_TIME_MS) / fates.length,
  };
}

/** When the last request was due that did not get a full decision in time. */
export function recoveryMs({ dueMs, fates, tookMs }: Seen): number {
  const isBad = (at: number) => fates[at] !== 'full' || (tookMs[at] ?? NaN) > IN_TIME_MS;
  return dueMs.reduce((latest, due, at) => (isBad(at) ? Math.max(latest, due) : latest), 0);
}

export function inTable(all: readonly Figures[]): string {
  const head = [
    'offered',
    'per s',
    'goodput',
    'of sat.',
    'fallback',
    'ctx-only',
    'failed',
    'p50',
    'p99',
    'max',
    'late',
  ];
  const rows = all.map((one) => [
    `${one.factor}x`,
    one.offered.toFixed(0),
    one.goodput.toFixed(0),
    (one.goodput / one.saturation).toFixed(2),
    percent(one.shares.fallback),
    percent(one.shares['context-only']),
    percent(one.shares.failed),
    ...[one.p50Ms, one.p99Ms, one.maxMs].map((ms) => ms.toFixed(1)),
    `${(one.late * 100).toFixed(2)} %`,
    `${one.recoveredMs.toFixed(0)} ms`,
    one.busy.toFixed(2),
  ]);
  return [[...head, 'well after', 'busy'], ...rows]
    .map((row) => row.map((cell) => cell.padStart(10)).join(''))
    .join('\n');
}
