import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { figuresOf } from './figures.ts';
import { run, type Contender, type Plan, type Round } from './measure.ts';
import { rounded } from './numbers.ts';
import { textTable } from './text-table.ts';

/** How one placement of one visitor is asked for. */
const DOORS = [
  { name: 'POST /v1/decisions', path: () => '/v1/decisions', body: asDecision },
  {
    name: 'the same, dryRun',
    path: () => '/v1/decisions',
    body: (asked: Asked) => asDecision(asked, { dryRun: true }),
  },
  { name: 'OFREP, one flag', path: (placement: string) => `/ofrep/v1/evaluate/flags/${placement}`, body: asEvaluation },
] as const;

/** So many are never turned away, which is cheap for decisions and a failure for OFREP. */
const CONNECTIONS = 16;

/** A request of the bench, as far as it matters here. */
interface Asked {
  readonly visitorId: string;
  readonly channel: string;
  readonly context: object;
  readonly placement: string;
}

/**
 * What an evaluation of one placement by OFREP costs beside a decision for it, over the same visitors, in turns on the
 * same process: a table, and the ratios. Only throughput and processor time are told; both are saturated.
 */
export async function ofrepCost(usher: Contender, plan: Plan, folder: string, bodies: readonly string[]) {
  const asked = bodies.map((body) => readAsked(body));
  const placement = asked[0]?.placement ?? '';
  const files = await Promise.all(
    DOORS.map(async ({ body }, at) => {
      const file = join(folder, `door-${at}.ndjson`);
      await writeFile(file, asked.map((one) => JSON.stringify(body({ ...one, placement }))).join('\n'));
      return file;
    }),
  );
  const rounds: Round[][] = DOORS.map(() => []);
  // The first round of each warms it up.
  for (let round = 0; round <= plan.rounds; round++)
    for (const [at, door] of DOORS.entries()) {
      const how = { bodies: files[at] ?? '', connections: CONNECTIONS, path: door.path(placement) };
      const seen = await run(usher, how, { seconds: plan.seconds });
      if (round > 0) rounds[at]?.push(seen);
    }
  const [decided, , evaluated] = rounds.map((one) => figuresOf(one));
  const row = {
    store: usher.store,
    ofrepCpuRatio: rounded((evaluated?.cpuUs ?? NaN) / (decided?.cpuUs ?? NaN)),
    ofrepThroughputRatio: rounded((evaluated?.perSecond ?? NaN) / (decided?.perSecond ?? NaN)),
  };
  return {
    row,
    text: `${table(usher, rounds)}\n${usher.store}: OFREP for ${placement} ${row.ofrepCpuRatio} x the processor time`,
  };
}

function table({ store }: Contender, rounds: readonly Round[][]): string {
  const lines = rounds.map((one, at) => {
    const { perSecond, cpuUs } = figuresOf(one);
    return [`${DOORS[at]?.name}, ${store}`, String(Math.round(perSecond)), String(Math.round(cpuUs))];
  });
  return textTable([['one placement', 'requests/s', 'server us/request'], ...lines], 1);
}

function readAsked(body: string): Asked {
  const { placements, ...asked } = JSON.parse(body) as Asked & { readonly placements: readonly unknown[] };
  const [first] = placements;
  return { ...asked, placement: typeof first === 'string' ? first : '' };
}

function asDecision({ visitorId, channel, context, placement }: Asked, more: object = {}): object {
  return { visitorId, placements: [placement], channel, context, ...more };
}

function asEvaluation({ visitorId, channel, context }: Asked): object {
  return { context: { targetingKey: visitorId, channel, ...context } };
}
