import type { Rulebook } from '../../engine/rulebook.js';
import { CheckTooCostly, Overloaded } from '../../errors.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { checkRelease, isFit, type CandidateCheck } from '../cases/check-release.js';
import type { RuleText } from '../kinds/walk-rules.js';
import { areLarge } from './load-rules.js';
import { WarmWorker } from './warm-worker.js';
import { workAside, type WorkedOut } from './work-aside.js';
import { limitsFor, type WorkLimits } from './work-limits.js';

/** What trying came to. */
export interface TriedRelease {
  readonly check: CandidateCheck;
  /**
   * What the check compiled, as version 0: where it was wanted and found fit, and the process that had it could hand it
   * over.
   */
  readonly rulebook?: Rulebook;
}

/** Tries rule files as a release; see {@link tryAside} and {@link tryHere}. */
export type TryRelease = (source: readonly RuleText[], wanted: { readonly rulebook: boolean }) => Promise<TriedRelease>;

/**
 * Does what `checkRelease` does in a process of its own, within limits, while requests are served. Many files have one
 * process for themselves; few share one that is kept warm. Of each kind one set at a time: each takes memory. Rejects
 * with {@link CheckTooCostly} where the limits are passed, and with {@link Overloaded} where that process is ended from
 * outside, and where too many wait.
 */
export function tryAside(limits: WorkLimits): TryRelease {
  return (source, wanted) => {
    const [queue, isLarge] = areLarge(source) ? ([large, true] as const) : ([small, false] as const);
    return queue.run(async () => {
      const [work, version] = [{ job: 'check', source } as const, wanted.rulebook ? 0 : undefined];
      const how = { limits: limitsFor(source.length, limits) };
      const out = isLarge ? await workAside(work, version, how) : await warm.work(work, version, { limits });
      return triedOf(out, isLarge ? how.limits : limits);
    });
  };
}

/** The same in this process, for when it serves nobody yet. */
export const tryHere: TryRelease = async (source) => {
  const loaded = loadRulebook(source, 0);
  const check = await checkRelease(loaded);
  return loaded.rulebook && isFit(check) ? { check, rulebook: loaded.rulebook } : { check };
};

/** Each holds all its files in memory meanwhile. */
const MAX_WAITING = 8;

/** One after the other. */
class Queue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  run<T>(job: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAX_WAITING)
      return Promise.reject(new Overloaded('Many sets of rule files are being checked already.'));
    this.waiting++;
    const next = this.last.then(job).finally(() => this.waiting--);
    // Only that it has ended: what was compiled is large, and is kept for as long as who asked needs it.
    this.last = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }
}

const small = new Queue();
const large = new Queue();
const warm = new WarmWorker();

function triedOf({ check, rulebook, endedWith, over, doing }: WorkedOut, limits: WorkLimits): TriedRelease {
  if (check) return rulebook ? { check, rulebook } : { check };
  if (over) throw new CheckTooCostly(limitText(over, limits), doing);
  throw new Overloaded(
    `The process that was to check the rule files ended with ${String(endedWith)}; is there memory enough?`,
  );
}

function limitText(over: 'time' | 'memory', { timeoutMs, memoryMb }: WorkLimits): string {
  return over === 'time'
    ? `${timeoutMs} ms (USHER_CHECK_TIMEOUT_MS)`
    : `${memoryMb} megabytes of memory (USHER_CHECK_MEMORY_MB)`;
}
