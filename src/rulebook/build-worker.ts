/** The thread that reads, checks and compiles a large rulebook while the other one serves. See {@link loadAside}. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { compileData } from '../engine/compile.js';
import { instant } from './instant.js';
import { checkFolder } from './load-rulebook.js';
import type { RuleProblem } from './rule-problem.js';
import { buffersOf, toParts, type RulebookPart } from './rulebook-parts.js';

/** What the thread says: what the files came to, then the parts of the rulebook, one for each time it is asked. */
export type BuildMessage = BuildResult | RulebookPart | { readonly kind: 'end' };

/** What the files came to. */
export interface BuildResult {
  readonly kind: 'result';
  readonly problems: readonly RuleProblem[];
  readonly notes: readonly string[];
  readonly digest: string;
}

// On Linux this is the priority of this thread alone: where cores are few, requests come first.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const { definitions, problems, notes, digest } = checkFolder((workerData as { readonly dir: string }).dir);
const parts = problems.length > 0 ? undefined : toParts(compileData(definitions, { instant }), definitions);

parentPort?.on('message', () => {
  const next = parts?.next();
  if (!next || next.done) return say({ kind: 'end' });
  say(next.value, buffersOf(next.value));
});
say({ kind: 'result', problems, notes, digest });

function say(message: BuildMessage, handOver: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, handOver);
}
