import type { Rulebook } from '../../engine/rulebook.js';
import { Overloaded } from '../../errors.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { checkRelease, isFit, type CandidateCheck } from '../cases/check-release.js';
import type { RuleText } from '../kinds/walk-rules.js';
import { areLarge } from './load-rules.js';
import { workAside } from './work-aside.js';

/** What trying came to. */
export interface TriedRelease {
  readonly check: CandidateCheck;
  /**
   * What the check compiled, as version 0: where it was wanted and found fit, and the process that had it could hand it
   * over.
   */
  readonly rulebook?: Rulebook;
}

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Each holds all its files in memory meanwhile. */
const MAX_WAITING = 8;

/**
 * Does what `checkRelease` does while requests are served: many files are checked in a process of their own. One set of
 * many at a time: each takes memory. Rejects with {@link Overloaded} where that process is ended from outside or takes
 * too long, and where too many wait.
 */
export async function tryRelease(source: readonly RuleText[], wanted: { rulebook: boolean }): Promise<TriedRelease> {
  if (!areLarge(source)) return tryHere(source);
  if (waiting >= MAX_WAITING) throw new Overloaded('Many large sets of rule files are being checked already.');
  waiting++;
  const next = last.then(() => tryAside(source, wanted)).finally(() => waiting--);
  // Only that it has ended: what was compiled is large, and is kept for as long as who asked needs it.
  last = next.then(
    () => undefined,
    () => undefined,
  );
  return next;
}

async function tryHere(source: readonly RuleText[]): Promise<TriedRelease> {
  const loaded = loadRulebook(source, 0);
  const check = await checkRelease(loaded);
  return loaded.rulebook && isFit(check) ? { check, rulebook: loaded.rulebook } : { check };
}

async function tryAside(source: readonly RuleText[], wanted: { rulebook: boolean }): Promise<TriedRelease> {
  const { check, rulebook, endedWith } = await workAside({ job: 'check', source }, wanted.rulebook ? 0 : undefined);
  if (check) return rulebook ? { check, rulebook } : { check };
  throw new Overloaded(
    `The process that was to check the rule files ended with ${String(endedWith)}; is there memory enough?`,
  );
}
