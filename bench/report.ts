import { cellsOf, figuresOf } from './figures.ts';
import type { Measured, Round, StoreName } from './measure.ts';
import { rounded } from './numbers.ts';
import { textTable } from './text-table.ts';

/** Medians of all rounds as a table for people, then one line of JSON for programs. */
export function report(
  measured: readonly Measured[],
  more: Readonly<Record<string, number>>,
  doors: readonly object[],
): string {
  const stores = [
    ...new Set(measured.filter(({ contender }) => contender.side === 'usher').map(({ contender }) => contender.store)),
  ];
  const rows = stores.map((store) => ({ ...ratios(measured, store), ...more }));
  return [table(measured), '', ...rows.map(inWords), '', JSON.stringify({ bench: 'http', rows, doors })].join('\n');
}

function ratios(measured: readonly Measured[], store: StoreName) {
  const [usher, floor, redisFloor] = [
    find(measured, store, 'usher'),
    find(measured, store, 'floor'),
    find(measured, 'redis', 'floor'),
  ];
  const [usherFull, floorFull] = [figuresOf(usher.saturated), figuresOf(floor.saturated)];
  const [usherHalf, floorHalf] = [figuresOf(usher.paced), figuresOf(floor.paced)];
  return {
    store,
    throughputRatio: ratio(usherFull.perSecond, floorFull.perSecond),
    p99Ratio: ratio(usherHalf.p99Ms, floorHalf.p99Ms),
    p50Ratio: ratio(usherHalf.p50Ms, floorHalf.p50Ms),
    p99SaturatedRatio: ratio(usherFull.p99Ms, floorFull.p99Ms),
    cpuRatio: ratio(usherFull.cpuUs, floorFull.cpuUs),
    ...(store === 'sqlite' && {
      throughputRatioToRedisFloor: ratio(usherFull.perSecond, figuresOf(redisFloor.saturated).perSecond),
    }),
    usherPerSecond: Math.round(usherFull.perSecond),
    floorPerSecond: Math.round(floorFull.perSecond),
    ratePerSecond: usher.rate,
    usherP99Ms: rounded(usherHalf.p99Ms),
    floorP99Ms: rounded(floorHalf.p99Ms),
    usherCpuUs: Math.round(usherFull.cpuUs),
    floorCpuUs: Math.round(floorFull.cpuUs),
    atRates: [...usher.fixed].map(([rate, rounds]) => atRate(rate, rounds, floor.fixed.get(rate) ?? [])),
  };
}

/** What callers see at a rate that is the same on every machine. */
function atRate(rate: number, usher: readonly Round[], floor: readonly Round[]) {
  const [ours, theirs] = [figuresOf(usher), figuresOf(floor)];
  return {
    perSecond: rate,
    usherP50Ms: rounded(ours.p50Ms),
    usherP99Ms: rounded(ours.p99Ms),
    floorP50Ms: rounded(theirs.p50Ms),
    floorP99Ms: rounded(theirs.p99Ms),
  };
}

function find(measured: readonly Measured[], store: StoreName, side: 'floor' | 'usher'): Measured {
  const found = measured.find(({ contender }) => contender.store === store && contender.side === side);
  if (!found) throw new Error(`${side} on ${store} was not measured`);
  return found;
}

function table(measured: readonly Measured[]): string {
  const head = ['', 'load', 'requests/s', 'spread', 'p50 ms', 'p99 ms', 'server us/request', 'generator busy'];
  const rows = measured.flatMap(({ contender: { side, store }, saturated, paced, fixed }) => [
    [`${side} on ${store}`, 'saturated', ...cells(saturated)],
    ...(paced.length > 0 ? [['', 'half of Usher', ...cells(paced)]] : []),
    ...[...fixed].flatMap(([rate, rounds]) => (rounds.length > 0 ? [['', `${rate}/s`, ...cells(rounds)]] : [])),
  ]);
  return textTable([head, ...rows], 2);
}

function cells(rounds: readonly Round[]): string[] {
  return cellsOf(figuresOf(rounds), { ms: 2, us: 0 });
}

function inWords({
  store,
  throughputRatio,
  p99Ratio,
  p99SaturatedRatio,
  ratePerSecond,
  throughputRatioToRedisFloor,
}: ReturnType<typeof ratios>): string {
  const redis =
    throughputRatioToRedisFloor === undefined ? '' : ` (${throughputRatioToRedisFloor} of the Redis floor's)`;
  return (
    `${store}: ${throughputRatio} of the floor's throughput${redis}; ` +
    `p99 ${p99Ratio} times the floor's with ${ratePerSecond} requests/s on both, ` +
    `${p99SaturatedRatio} times when both are saturated`
  );
}

/** Null in JSON where it could not be measured. */
function ratio(a: number, b: number): number {
  return rounded(a / b);
}
