import { covers } from './covers.js';
import type { Domain } from './domain.js';
import type { Literal } from './formula.js';
import { between, intersection } from './number-set.js';
import { numbersFor, satisfies } from './possible-values.js';
import type { CountedQuery, Term } from './term.js';

/** What literals say of one term. */
export type Constraint = readonly [term: Term, literals: readonly Literal[]];

/**
 * Whether facts over interactions may all be what they must be. Between them only this is known: what is found among
 * fewer interactions counts among more of them.
 */
export function mayAllHappen(constraints: readonly Constraint[]): boolean {
  const counted = constraints.filter(([{ query }]) => query);
  if (counted.length < 2) return true;
  const counts = counted.filter(([{ query }]) => query?.tells === 'how-many');
  return counts.every(([wide, wanted]) => {
    const possible = numbersFor(wide.domain, wanted);
    return counted.every(
      ([narrow, literals]) =>
        narrow === wide || intersection(possible, between(leastWithin(wide, narrow, literals), Infinity)).length > 0,
    );
  });
}

/** How many interactions of `wide` there are at least, going by what literals say of `narrow`. */
function leastWithin(wide: Term, narrow: Term, literals: readonly Literal[]): number {
  if (!wide.query || !narrow.query) return 0;
  const { tells, withinMs, isLifetime } = narrow.query;
  if (covers(wide.query, narrow.query)) return leastOf(narrow.query, narrow.domain, literals);
  if (tells !== 'age-of-latest' || isLifetime || satisfies(undefined, literals)) return 0;
  const latest = Math.max(...numbersFor(narrow.domain, literals).map(({ high }) => high));
  // A millisecond more, as seconds are given with a fraction that is rounded.
  const ageMs = Math.ceil(latest * 1000) + 1;
  return covers(wide.query, narrow.query, Math.min(withinMs, ageMs)) ? 1 : 0;
}

function leastOf({ ofNone, tells }: CountedQuery, domain: Domain, literals: readonly Literal[]): number {
  if (tells === 'how-many' || tells === 'how-many-values') return numbersFor(domain, literals)[0]?.low ?? 0;
  return satisfies(ofNone, literals) ? 0 : 1;
}
