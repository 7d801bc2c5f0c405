import { median, type Measured, type Round, type StoreName } from './measure.ts';

interface Figures {
  readonly perSecond: number;
  readonly spread: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly busy: number;
}

/** Medians of all rounds as a table for people, then one line of JSON for programs. */
export function report(measured: readonly Measured[], more: Readonly<Record<string, number>>): string {
  const stores = [...new Set(measured.filter(({ contender }) => contender.side === 'usher').map(({ contender }) => contender.store))];
  const rows = stores.map((store) => ({ ...ratios(measured, store), ...more }));
  return [table(measured), '', ...rows.map(inWords), '', JSON.stringify({ bench: 'http', rows })].join('\n');
}

function ratios(measured: readonly Measured[], store: StoreName) {
  const [usher, floor, redisFloor] = [find(measured, store, 'usher'), find(measured, store, 'floor'), find(measured, 'redis', 'floor')];
  const [usherFull, floorFull] = [figures(usher.saturated), figures(floor.saturated)];
  const [usherHalf, floorHalf] = [figures(usher.paced), figures(floor.paced)];
  return {
    store,
    throughputRatio: ratio(usherFull.perSecond, floorFull.perSecond),
    p99Ratio: ratio(usherHalf.p99Ms, floorHalf.p99Ms),
    p50Ratio: ratio(usherHalf.p50Ms, floorHalf.p50Ms),
    p99SaturatedRatio: ratio(usherFull.p99Ms, floorFull.p99Ms),
    cpuRatio: ratio(usherFull.cpuUs, floorFull.cpuUs),
    ...(store === 'sqlite' && { throughputRatioToRedisFloor: ratio(usherFull.perSecond, figures(redisFloor.saturated).perSecond) }),
    usherPerSecond: Math.round(usherFull.perSecond),
    floorPerSecond: Math.round(floorFull.perSecond),
    ratePerSecond: usher.rate,
    usherP99Ms: rounded(usherHalf.p99Ms),
    floorP99Ms: rounded(floorHalf.p99Ms),
    usherCpuUs: Math.round(usherFull.cpuUs),
    floorCpuUs: Math.round(floorFull.cpuUs),
  };
}

function find(measured: readonly Measured[], store: StoreName, side: 'floor' | 'usher'): Measured {
  const found = measured.find(({ contender }) => contender.store === store && contender.side === side);
  if (!found) throw new Error(`${side} on ${store} was not measured`);
  return found;
}

function figures(rounds: readonly Round[]): Figures {
  const of = (read: (round: Round) => number) => rounds.map(read);
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

function table(measured: readonly Measured[]): string {
  const head = ['', 'load', 'requests/s', 'spread', 'p50 ms', 'p99 ms', 'server us/request', 'generator busy'];
  const rows = measured.flatMap(({ contender: { side, store }, saturated, paced }) => [
    [`${side} on ${store}`, 'saturated', ...cells(figures(saturated))],
    ...(paced.length > 0 ? [['', 'half of Usher', ...cells(figures(paced))]] : []),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  return [head, ...rows].map((row) => row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')).join('\n');
}

function cells({ perSecond, spread, p50Ms, p99Ms, cpuUs, busy }: Figures): string[] {
  return [perSecond.toFixed(0), percent(spread), p50Ms.toFixed(2), p99Ms.toFixed(2), Number.isNaN(cpuUs) ? '-' : cpuUs.toFixed(0), percent(busy)];
}

function inWords({ store, throughputRatio, p99Ratio, p99SaturatedRatio, ratePerSecond, throughputRatioToRedisFloor }: ReturnType<typeof ratios>): string {
  const redis = throughputRatioToRedisFloor === undefined ? '' : ` (${throughputRatioToRedisFloor} of the Redis floor's)`;
  return `${store}: ${throughputRatio} of the floor's throughput${redis}; p99 ${p99Ratio} times the floor's with ${ratePerSecond} requests/s on both, ${p99SaturatedRatio} times when both are saturated`;
}

/** Null in JSON where it could not be measured. */
function ratio(a: number, b: number): number {
  return rounded(a / b);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
