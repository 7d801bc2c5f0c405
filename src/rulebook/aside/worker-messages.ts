import type { CandidateCheck } from '../cases/check-release.js';
import type { RuleText } from '../kinds/walk-rules.js';
import type { RulebookPart } from './rulebook-parts.js';

/**
 * What a worker does with rules: `check` reads, checks and compiles them, runs the cases and holds each against
 * json-rules-engine; `build` does the same without the cases, for a release that was checked before.
 */
export type Job = 'check' | 'build';

/** What a worker is told: a folder, or texts in parts; then its job; then, once for each part, to hand over. */
export type ToWorker =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'texts'; readonly texts: readonly RuleText[] }
  | { readonly kind: 'begin'; readonly job: Job }
  | { readonly kind: 'next' };

/**
 * What it says: with which file it begins; what the rules came to; then, each time it is asked, a part of the rulebook,
 * and at last their end.
 */
export type FromWorker =
  | { readonly kind: 'doing'; readonly what: string; readonly file: string }
  | { readonly kind: 'result'; readonly check: CandidateCheck }
  | { readonly kind: 'part'; readonly part: RulebookPart }
  | { readonly kind: 'end' };
