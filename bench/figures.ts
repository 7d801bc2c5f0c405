import { median, percent } from './numbers.ts';

/** What a server did in one round, whatever it was asked for. */
export interface RoundFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Microseconds of processor time for one of them; undefined where the system does not say. */
  readonly cpuUs: number | undefined;
  /** How busy the generator of the load was, from 0 to 1. */
  readonly busy: number;
}

/** Medians of all rounds; NaN where there is none. */
export interface Figures {
  readonly perSecond: number;
  /** (highest - lowest) / median of the rates. */
  readonly spread: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly busy: number;
}

/** What one server did in all rounds. */
export function figuresOf(rounds: readonly RoundFigures[]): Figures {
  const of = (read: (round: RoundFigures) => number) => rounds.map(read);
  const rates = of((round) => round.perSecond);
  return {
    perSecond: median(rates),
    spread: (Math.max(...rates) - Math.min(...rates)) / median(rates),
    p50Ms: median(of((round) => round.p50Ms)),
    p99Ms: median(of((round) => round.p99Ms)),
    cpuUs: median(of((round) => round.cpuUs ?? NaN)),
    busy: median(of((round) => round.busy)),
  };
}

/**
 * The cells of a table's row, in the order of {@link Figures}, with so many decimals of its milliseconds and
 * microseconds.
 */
export function cellsOf(
  { perSecond, spread, p50Ms, p99Ms, cpuUs, busy }: Figures,
  decimals: { ms: number; us: number },
): string[] {
  const cpu = Number.isNaN(cpuUs) ? '-' : cpuUs.toFixed(decimals.us);
  return [
    perSecond.toFixed(0),
    percent(spread),
    p50Ms.toFixed(decimals.ms),
    p99Ms.toFixed(decimals.ms),
    cpu,
    percent(busy),
  ];
}
