/** Where the processor time of a request goes: a profile, summed up by the steps of a decision. */
import { readFile } from 'node:fs/promises';
import { percent } from './numbers.ts';
import { textTable } from './text-table.ts';

/**
 * The steps, in the order in which a request goes through them, and what is wanted of each, in hundredths of what the
 * floor takes in all: 200 together, as half of the floor's throughput is wanted.
 */
const WANTED = {
  'socket and route': 75,
  validation: 6,
  read: 32,
  decode: 16,
  facts: 20,
  match: 10,
  gates: 3,
  render: 8,
  answer: 6,
  record: 8,
  telemetry: 3,
  admission: 2,
  garbage: 6,
  rest: 5,
} as const;

/** One of the steps. */
export type Step = keyof typeof WANTED;

const STEPS = Object.keys(WANTED) as Step[];

/** The steps as a table, when a request takes so many microseconds of processor time, and one to the floor so many. */
export function budgetTable(
  store: string,
  shares: ReadonlyMap<Step, number>,
  { cpuUs, floorUs }: { readonly cpuUs: number; readonly floorUs: number },
): string {
  const row = (step: string, wanted: number, share: number) => [
    step,
    ((wanted / 100) * floorUs).toFixed(1),
    (share * cpuUs).toFixed(1),
    percent(share),
  ];
  const rows = STEPS.map((step) => row(step, WANTED[step], shares.get(step) ?? 0));
  const all = row(
    'all',
    Object.values(WANTED).reduce((sum, one) => sum + one, 0),
    1,
  );
  const head = [`usher on ${store}`, 'wanted us', 'measured us', 'share'];
  return `\n${textTable([head, ...rows, all], 1)}\n`;
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** What `--cpu-prof` writes; times in microseconds. */
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Of whose code a step is made: the first that fits. */
const OWNERS: readonly (readonly [RegExp, Step])[] = [
  [/\/dist\/visitors\/documents\//, 'decode'],
  [/\/dist\/engine\/(facts|visitor|values)\//, 'facts'],
  [/\/dist\/engine\/(match\/|match-rules)/, 'match'],
  [/\/dist\/engine\/(slate|policy|gates|arbitrate)/, 'gates'],
  [/\/dist\/(rulebook\/templates\/|engine\/render)|\/liquidjs\//, 'render'],
  [/\/dist\/decisions\/(decision-request|unknown-placements|brought-events)/, 'validation'],
  [/\/dist\/(http\/validate|doors\/(exact|parse|read|json|guarded))/, 'validation'],
  [/\/class-validator\/|\/class-transformer\//, 'validation'],
  [/\/dist\/decisions\/(decision-recorder|input-recorder|recorded-decision|shadow|write-behind|recorded\/)/, 'record'],
  [/\/dist\/stores\/.*(decision-log|recorded)/, 'record'],
  [/\/@opentelemetry\/|\/dist\/(telemetry\/|decisions\/decision-telemetry)/, 'telemetry'],
  [/\/dist\/http\/(admission|turn-away|loop-clock|slow-bodies)/, 'admission'],
  [
    /\/dist\/(stores\/|decisions\/(visitor-loader|deadline)|visitors\/)|\/ioredis\/|\/redis-parser\/|node:sqlite/,
    'read',
  ],
  [/\/dist\/(engine\/|decisions\/)/, 'answer'],
  [/\/dist\/(http|access|doors)\/|\/find-my-way\/|\/light-my-request\//, 'socket and route'],
  [/\/fastify\/|\/@nestjs\/|node:_http|node:internal\/http/, 'socket and route'],
];

/** Share of each step of a decision in the time that the process was at work, in the last seconds of the profile. */
export async function sharesOf(file: string, lastSeconds: number): Promise<ReadonlyMap<Step, number>> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as Profile;
  const times = selfTimes(profile, profile.endTime - lastSeconds * 1_000_000);
  const total = [...times.values()].reduce((sum, us) => sum + us, 0);
  const stepOf = stepsBelow(profile);
  const shares = new Map<Step, number>(STEPS.map((step) => [step, 0]));
  for (const [id, us] of times) {
    const step = stepOf.get(id) ?? 'rest';
    shares.set(step, (shares.get(step) ?? 0) + us / total);
  }
  return shares;
}

/** Of each node that was on top of the stack since then, for how long; idleness left out. */
function selfTimes({ nodes, startTime, samples, timeDeltas }: Profile, since: number): Map<number, number> {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
  const times = new Map<number, number>();
  let at = startTime;
  for (const [nth, id] of samples.entries()) {
    const us = timeDeltas[nth] ?? 0;
    at += us;
    if (at >= since && !idle.has(id)) times.set(id, (times.get(id) ?? 0) + us);
  }
  return times;
}

/** What nobody owns, as the insides of Node, is of the step that called it. */
function stepsBelow({ nodes }: Profile): ReadonlyMap<number, Step> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = new Map<number, Step>();
  const stepOf = (id: number): Step => {
    const known = steps.get(id);
    if (known) return known;
    const node = byId.get(id);
    const parent = parents.get(id);
    const step = (node && ownStep(node.callFrame)) ?? (parent === undefined ? 'rest' : stepOf(parent));
    steps.set(id, step);
    return step;
  };
  for (const { id } of nodes) stepOf(id);
  return steps;
}

function ownStep({ functionName, url }: CallFrame): Step | undefined {
  if (functionName === '(garbage collector)') return 'garbage';
  return OWNERS.find(([owner]) => owner.test(url))?.[1];
}
