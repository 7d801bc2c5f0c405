/** One row of `engine.ts`, in a process of its own: nothing is warm, polluted or in memory from the row before. */
import { parseArgs } from 'node:util';
import {
  loadUsher,
  makeFilter,
  makeJsonLogicEngine,
  makeJsonRulesEngine,
  makeZen,
  type Contender,
  type ContenderName,
  type MakeContender,
} from './engine-contenders.ts';
import { makeRules, makeVisitors, placeRules, type RulesByPlacement, type Visitor } from './engine-rules.ts';

/**
 * What one contender needs for an answer, in microseconds. The 99th percentile is null where there were too few calls
 * for it.
 */
export interface Figures {
  readonly p50Us: number;
  readonly p99Us: number | null;
  /** The difference between the rounds' medians, as a share of the median. */
  readonly spread: number;
}

/** One row. */
export interface Row {
  readonly rules: number;
  readonly scoped: boolean;
  /** How many of the rules asked about hold, on average, from 0 to 1. */
  readonly matching: number;
  readonly figures: Readonly<Partial<Record<ContenderName, Figures>>>;
  readonly compileMs: number;
  readonly compiledMb: number;
}

interface Timings {
  readonly contender: Contender;
  readonly rounds: number[][];
}

const ROUNDS = 3;
const WARM_UP_MS = 400;
const ROUND_MS = 700;
const FEWEST_CALLS = 5;
const CHECKED_MS = 2_000;
const CHECKED_VISITORS = 50;

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000' },
    scoped: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
  },
});
console.log(JSON.stringify(await measureRow(Number(values.rules), values.scoped, values.without.split(','))));

async function measureRow(count: number, scoped: boolean, without: readonly string[]): Promise<Row> {
  const placed = placeRules(makeRules(count), scoped);
  const visitors = makeVisitors();
  const { usher, compileMs, compiledMb } = compileMeasured(await loadUsher(), placed);
  const peers = [makeFilter, makeJsonLogicEngine, makeZen, makeJsonRulesEngine].filter(
    (_, at) => !without.includes(['filter', 'jsonLogicEngine', 'zen', 'jsonRulesEngine'][at] ?? ''),
  );
  const contenders = [usher, ...peers.map((make) => make(placed))];
  const placements = [...placed.keys()];
  for (const peer of contenders.slice(1)) await assertSame(usher, peer, visitors, placements);
  const timings = contenders.map((contender): Timings => ({ contender, rounds: [] }));
  for (const { contender } of timings) await time(contender, visitors, placements, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contender, rounds } of timings) rounds.push(await time(contender, visitors, placements, ROUND_MS));
  }
  return {
    rules: count,
    scoped,
    matching: matchingShare(usher, placed, visitors),
    figures: Object.fromEntries(timings.map(({ contender, rounds }) => [contender.name, toFigures(rounds)])),
    compileMs,
    compiledMb,
  };
}

/** Compiling as a service does when it starts: once, with nothing warm. */
function compileMeasured(
  make: MakeContender,
  placed: RulesByPlacement,
): { usher: Contender; compileMs: number; compiledMb: number } {
  const before = heldBytes();
  const started = performance.now();
  const usher = make(placed);
  const compileMs = performance.now() - started;
  return { usher, compileMs, compiledMb: (heldBytes() - before) / 2 ** 20 };
}

/** Typed arrays are held outside of the heap. */
function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** No peer is timed that does not give the same answer, over as many visitors as fit into two seconds. */
async function assertSame(
  usher: Contender,
  peer: Contender,
  visitors: readonly Visitor[],
  placements: readonly string[],
): Promise<void> {
  const until = performance.now() + CHECKED_MS;
  for (const [at, visitor] of visitors.slice(0, CHECKED_VISITORS).entries()) {
    if (at >= 2 && performance.now() > until) return;
    const placement = placements[at % placements.length] ?? '';
    const [ours, theirs] = await Promise.all([usher, peer].map((one) => namesFound(one, visitor, placement)));
    if (ours?.join() !== theirs?.join())
      throw new Error(`${peer.name} says ${theirs?.join()} where Usher says ${ours?.join()}`);
  }
}

async function namesFound(contender: Contender, visitor: Visitor, placement: string): Promise<string[]> {
  return contender.namesIn((await contender.ask(visitor, placement)) as never).toSorted();
}

/** Microseconds of each call, one after the other, over visitors and placements by turns. */
async function time(
  contender: Contender,
  visitors: readonly Visitor[],
  placements: readonly string[],
  ms: number,
): Promise<number[]> {
  const taken: number[] = [];
  const until = performance.now() + ms;
  for (let call = 0; call < FEWEST_CALLS || performance.now() < until; call++) {
    const visitor = visitors[call % visitors.length] as Visitor;
    const placement = placements[call % placements.length] as string;
    const started = performance.now();
    const answer = contender.ask(visitor, placement);
    if (answer instanceof Promise) await answer;
    taken.push((performance.now() - started) * 1_000);
  }
  return taken;
}

function matchingShare(usher: Contender, placed: RulesByPlacement, visitors: readonly Visitor[]): number {
  let [asked, held] = [0, 0];
  for (const [placement, rules] of placed) {
    for (const visitor of visitors.slice(0, Math.ceil(visitors.length / placed.size))) {
      asked += rules.length;
      held += usher.namesIn(usher.ask(visitor, placement) as never).length;
    }
  }
  return held / asked;
}

function toFigures(rounds: readonly number[][]): Figures {
  const all = rounds.flat().sort((a, b) => a - b);
  const medians = rounds.map((round) =>
    at(
      round.toSorted((a, b) => a - b),
      0.5,
    ),
  );
  const p50Us = at(all, 0.5);
  return {
    p50Us,
    p99Us: all.length < 200 ? null : at(all, 0.99),
    spread: (Math.max(...medians) - Math.min(...medians)) / p50Us,
  };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
