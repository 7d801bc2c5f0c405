import type { Rulebook } from '../engine/rulebook.js';
import { stateOf, type RecordedInput, type RecordedInputs } from '../stores/recorded-inputs.js';
import type { NoRulebook, Recorded } from './recorded.js';
import { replay } from './replay.js';
import type { ReplayReport } from './replay-report.js';

/** Which recorded decisions are made again, and with what. */
export interface ReplayAsk {
  /** Milliseconds since the epoch; from then on, the oldest first. */
  readonly since: number;
  /** How many at most. */
  readonly limit: number;
  /** Other rules, and what they are called. */
  readonly against?: { readonly folder: string; readonly rulebook: Rulebook } | undefined;
  /** Ends it early: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** Where they come from, while others are served. */
export interface ReplaySources {
  readonly recorded: RecordedInputs;
  /** The release that made a decision. */
  readonly rulebookOf: (named: RecordedInput['rulebook']) => Promise<Rulebook | NoRulebook>;
  /** Resolves when it is the turn of the next decision. */
  readonly turn: () => Promise<void>;
}

/** Inputs read at once, with their documents. */
const PAGE_SIZE = 32;

/**
 * Makes recorded decisions again in the process that serves: one for each turn, so that nobody waits for it. Rejects
 * with the reason of the signal once that is aborted.
 */
export async function replayRecorded(ask: ReplayAsk, sources: ReplaySources): Promise<ReplayReport> {
  // The rulebooks of decisions that are under way: each is asked for before its decision is handed on.
  const rulebooks = new Map<string, Rulebook | NoRulebook>();
  const keyOf = ({ version, digest }: RecordedInput['rulebook']) => `${version} ${digest}`;
  const hear = async (named: RecordedInput['rulebook']) => {
    if (rulebooks.has(keyOf(named))) return;
    // Decisions come by the release of their time: the one before is seldom asked for again, and may be large.
    rulebooks.clear();
    rulebooks.set(keyOf(named), await sources.rulebookOf(named));
  };
  return replay(eachWith(hear, ask, sources), {
    rulebookOf: (named) => rulebooks.get(keyOf(named)) ?? 'releaseGone',
    ...(ask.against && { against: ask.against }),
  });
}

async function* eachWith(
  hear: (named: RecordedInput['rulebook']) => Promise<void>,
  { since, limit, signal }: ReplayAsk,
  { recorded, turn }: ReplaySources,
): AsyncGenerator<Recorded> {
  let left = limit;
  for (let after: string | undefined; left > 0;) {
    const { inputs, next } = await recorded.page(since, Math.min(PAGE_SIZE, left), after);
    const documents = await recorded.states([...new Set(inputs.flatMap((input) => stateOf(input) ?? []))]);
    for (const input of inputs) {
      if (input.decidedAt < since) continue;
      await hear(input.rulebook);
      await turn();
      signal.throwIfAborted();
      yield { input, document: documents.get(stateOf(input) ?? '') };
      left -= 1;
    }
    if (next === undefined) return;
    after = next;
  }
}
