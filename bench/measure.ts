import type { LoadResult } from './load.ts';
import { median } from './numbers.ts';
import { cpuUs, runLoad, type Server } from './processes.ts';

/** The stores that can be measured. */
export type StoreName = 'redis' | 'sqlite';

/** A server that is measured: Usher on a store, or the floor of that store. */
export interface Contender extends Server {
  readonly side: 'floor' | 'usher';
  readonly store: StoreName;
}

/** How it is measured. */
export interface Plan {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** A file of request bodies. */
  readonly bodies: string;
  /** Rates in requests per second that everyone is given besides. */
  readonly rates: readonly number[];
}

/** What one contender did in one round. */
export interface Round extends LoadResult {
  /** Microseconds of processor time of the server for one request; undefined where the system does not say. */
  readonly cpuUs: number | undefined;
}

/** Everything seen of one contender. */
export interface Measured {
  readonly contender: Contender;
  readonly saturated: readonly Round[];
  /** Under the half of what Usher on the same store can take. */
  readonly paced: readonly Round[];
  /** That half, in requests per second. */
  readonly rate: number;
  /** Under each of the rates of the plan. */
  readonly fixed: ReadonlyMap<number, readonly Round[]>;
}

/** A service runs for days: so long its code goes on becoming faster. */
const WARM_UP_SECONDS = 10;

/**
 * Warms all up, then takes turns: everyone saturated in each round, then everyone at half of what Usher can take, then
 * at each fixed rate.
 */
export async function measure(contenders: readonly Contender[], plan: Plan): Promise<Measured[]> {
  for (const one of contenders) await run(one, plan, { seconds: WARM_UP_SECONDS });
  const saturated = await takeTurns(contenders, plan, () => undefined);
  const rates = new Map(
    contenders.filter(({ side }) => side === 'usher').map((one) => [one.store, half(saturated.get(one))]),
  );
  const rateOf = (one: Contender) => rates.get(one.store);
  const known = contenders.filter((one) => rates.has(one.store));
  const paced = await takeTurns(known, plan, rateOf);
  const fixed: (readonly [number, Map<Contender, Round[]>])[] = [];
  for (const rate of plan.rates) fixed.push([rate, await takeTurns(known, plan, () => rate)]);
  return contenders.map((contender) => ({
    contender,
    saturated: saturated.get(contender) ?? [],
    paced: paced.get(contender) ?? [],
    rate: rateOf(contender) ?? NaN,
    fixed: new Map(fixed.map(([rate, rounds]) => [rate, rounds.get(contender) ?? []])),
  }));
}

function half(rounds: readonly Round[] = []): number {
  return Math.round(median(rounds.map((round) => round.perSecond)) / 2);
}

async function takeTurns(
  contenders: readonly Contender[],
  plan: Plan,
  rateOf: (one: Contender) => number | undefined,
): Promise<Map<Contender, Round[]>> {
  const rounds = new Map<Contender, Round[]>(contenders.map((one) => [one, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of contenders)
      rounds.get(one)?.push(await run(one, plan, { seconds: plan.seconds, rate: rateOf(one) }));
  }
  return rounds;
}

/** One round of one server. */
export async function run(
  { url, pid }: Contender,
  { bodies, connections, path }: Pick<Plan, 'bodies' | 'connections'> & { readonly path?: string },
  load: { seconds: number; rate?: number | undefined },
): Promise<Round> {
  const { rate, seconds } = load;
  const before = cpuUs(pid);
  const how = { ...(rate !== undefined && { rate }), ...(path !== undefined && { path }) };
  const result = await runLoad({ url, bodies, connections, seconds, ...how });
  const after = cpuUs(pid);
  if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
  return {
    ...result,
    cpuUs: before === undefined || after === undefined ? undefined : (after - before) / result.requests,
  };
}
