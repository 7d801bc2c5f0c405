import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Overloaded } from '../errors.js';
import { sendSource } from '../rulebook/send-source.js';
import type { RuleSource } from '../rulebook/walk-rules.js';
import type { CandidateCheck } from './check-release.js';

let last: Promise<unknown> = Promise.resolve();

/**
 * Does what `checkRelease` does in another process, so that requests are served meanwhile. One at a time: each takes memory.
 * Rejects with {@link Overloaded} where that process is ended from outside.
 */
export function checkAside(source: RuleSource): Promise<CandidateCheck> {
  const next = last.then(() => inChild(source));
  last = next.catch(() => undefined);
  return next;
}

/** One collector thread: the others would take the cores that requests need. */
const NODE_OPTIONS = ['--single-threaded-gc'];

async function inChild(source: RuleSource): Promise<CandidateCheck> {
  const child = fork(new URL('./check-process.js', import.meta.url), [], { serialization: 'advanced', execArgv: NODE_OPTIONS });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  try {
    const answer = once(child, 'message', { signal: ended.signal }) as Promise<[CandidateCheck]>;
    answer.catch(() => undefined);
    await sendSource(child, source);
    return (await answer)[0];
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    throw new Overloaded(`The process that was to check the rule files ended with ${child.exitCode ?? child.signalCode}; is there memory enough?`);
  } finally {
    child.kill('SIGKILL');
  }
}
