/** The process that works on a large set of rules while another one serves. See `workAside`. */
import { compileRules, type CompiledRules } from '../build/compile-rules.js';
import { toRulebook } from '../build/load-rulebook.js';
import { checkRelease, isFit, type CandidateCheck } from '../cases/check-release.js';
import { toParts } from './rulebook-parts.js';
import { receiveWork } from './send-work.js';
import { stepBack } from './step-back.js';
import type { FromWorker, Job } from './worker-messages.js';

stepBack();
// Nobody is left to work for.
process.once('disconnect', () => process.exit());
const { job, source } = await receiveWork();
const compiled = compileRules(source);
const check = await checkOf(compiled, job);
const parts = compiled.data && isFit(check) ? toParts(compiled.data, compiled.definitions) : undefined;

process.on('message', () => {
  const next = parts?.next();
  say(!next || next.done ? { kind: 'end' } : { kind: 'part', part: next.value });
});
say({ kind: 'result', check });

async function checkOf(rules: CompiledRules, wanted: Job): Promise<CandidateCheck> {
  if (wanted === 'check') return checkRelease(toRulebook(rules));
  const { problems, warnings, notes, digest } = rules;
  return { problems, failedCases: [], disagreements: [], warnings, notes, digest };
}

function say(message: FromWorker): void {
  process.send?.(message);
}
