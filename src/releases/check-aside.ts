import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Overloaded } from '../errors.js';
import { sendSource } from '../rulebook/build/send-source.js';
import type { RuleSource } from '../rulebook/kinds/walk-rules.js';
import type { CandidateCheck } from './check-release.js';

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Each holds all its files in memory meanwhile. */
const MAX_WAITING = 8;
/** As long as the command line waits; whoever takes longer would keep all others from being checked. */
const MAX_CHECK_MS = 600_000;

/**
 * Does what `checkRelease` does in another process, so that requests are served meanwhile. One at a time: each takes
 * memory. Rejects with {@link Overloaded} where that process is ended from outside or takes too long, and where too
 * many wait.
 */
export async function checkAside(source: RuleSource): Promise<CandidateCheck> {
  if (waiting >= MAX_WAITING) throw new Overloaded('Many large sets of rule files are being checked already.');
  waiting++;
  const next = last.then(() => inChild(source)).finally(() => waiting--);
  last = next.catch(() => undefined);
  return next;
}

/** One collector thread: the others would take the cores that requests need. */
const NODE_OPTIONS = ['--single-threaded-gc'];

async function inChild(source: RuleSource): Promise<CandidateCheck> {
  const child = fork(new URL('./check-process.js', import.meta.url), [], {
    serialization: 'advanced',
    execArgv: NODE_OPTIONS,
    timeout: MAX_CHECK_MS,
    killSignal: 'SIGKILL',
  });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  try {
    const answer = once(child, 'message', { signal: ended.signal }) as Promise<[CandidateCheck]>;
    answer.catch(() => undefined);
    await sendSource(child, source);
    return (await answer)[0];
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    throw new Overloaded(
      `The process that was to check the rule files ended with ${child.exitCode ?? child.signalCode}; is there memory enough?`,
    );
  } finally {
    child.kill('SIGKILL');
  }
}
