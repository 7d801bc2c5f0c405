/** The process that works on sets of rules, one after the other, while another one serves. See `workAside`. */
import { compileRules, type CompiledRules } from '../build/compile-rules.js';
import { toRulebook } from '../build/load-rulebook.js';
import { checkRelease, isFit, type CandidateCheck } from '../cases/check-release.js';
import type { Tell } from '../read/tell.js';
import { toParts, type RulebookPart } from './rulebook-parts.js';
import { receiveWork, type Work } from './send-work.js';
import { stepBack } from './step-back.js';
import type { FromWorker, Job, ToWorker } from './worker-messages.js';

stepBack();
process.once('uncaughtException', (error) => {
  process.stdout.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
// Nobody is left to work for, and there is nothing to put in order.
process.once('disconnect', endAtOnce);
if (!process.connected) endAtOnce();
let parts: Generator<RulebookPart> | undefined;
process.on('message', ({ kind }: ToWorker) => {
  if (kind !== 'next') return;
  const next = parts?.next();
  say(!next || next.done ? { kind: 'end' } : { kind: 'part', part: next.value });
});
// One work after the other: whoever has us begin another wants no more of the one before.
for (;;) await work(await receiveWork());

async function work({ job, source }: Work): Promise<void> {
  const tell = teller(source);
  const compiled = compileRules(source, tell);
  const check = await checkOf(compiled, job, tell);
  parts = compiled.data && isFit(check) ? toParts(compiled.data, compiled.definitions) : undefined;
  say({ kind: 'result', check });
}

async function checkOf(rules: CompiledRules, wanted: Job, tell: Tell): Promise<CandidateCheck> {
  if (wanted === 'check') return checkRelease(toRulebook(rules), tell);
  const { problems, warnings, notes, digest } = rules;
  return { problems, failedCases: [], disagreements: [], warnings, notes, digest };
}

/** Of many files only each hundredth is told: whoever hears it has requests to answer. */
function teller(source: Work['source']): Tell {
  const every = typeof source === 'string' || source.length > 1_000 ? 100 : 1;
  let count = 0;
  return (what, file) => {
    if (count++ % every === 0) say({ kind: 'doing', what, file });
  };
}

function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

function say(message: FromWorker): void {
  process.send?.(message);
}
