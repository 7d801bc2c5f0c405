/** The process that reads, checks and compiles a large rulebook while another one serves. See `loadAside`. */
import { compileData } from '../../engine/compile.js';
import { instant } from '../read/instant.js';
import { checkSource } from '../build/load-rulebook.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { toParts, type RulebookPart } from './rulebook-parts.js';
import { receiveSource } from './send-source.js';
import { stepBack } from './step-back.js';

/** What the process says: what the files came to, then the parts of the rulebook, one for each time it is asked. */
export type BuildMessage = BuildResult | RulebookPart | { readonly kind: 'end' };

/** What the files came to. */
export interface BuildResult {
  readonly kind: 'result';
  readonly problems: readonly RuleProblem[];
  readonly notes: readonly string[];
  readonly digest: string;
}

stepBack();
// Nobody is left to build for.
process.once('disconnect', () => process.exit());
const { definitions, problems, notes, digest } = checkSource(await receiveSource());
const parts = problems.length > 0 ? undefined : toParts(compileData(definitions, { instant }), definitions);

process.on('message', () => {
  const next = parts?.next();
  say(!next || next.done ? { kind: 'end' } : next.value);
});
say({ kind: 'result', problems, notes, digest });

function say(message: BuildMessage): void {
  process.send?.(message);
}
