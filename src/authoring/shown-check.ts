import { MOST_PROBLEMS } from '../errors.js';
import type { CandidateCheck } from '../rulebook/cases/check-release.js';

/** The lists of a check, of each of which the beginning is shown. */
const LISTS = ['problems', 'failedCases', 'disagreements', 'warnings', 'notes'] as const;
type ListName = (typeof LISTS)[number];

/** What a check is answered with: the first of each list. */
export interface ShownCheck extends CandidateCheck {
  /** Of each list that goes on, how many more there are; absent where all are shown. */
  readonly more?: { readonly [List in ListName]?: number };
}

/** The check with at most {@link MOST_PROBLEMS} in each list. */
export function toShownCheck(check: CandidateCheck): ShownCheck {
  const cut = LISTS.filter((name) => check[name].length > MOST_PROBLEMS);
  if (cut.length === 0) return check;
  const shown = Object.fromEntries(cut.map((name) => [name, check[name].slice(0, MOST_PROBLEMS)]));
  const more = Object.fromEntries(cut.map((name) => [name, check[name].length - MOST_PROBLEMS]));
  return { ...check, ...shown, more };
}
