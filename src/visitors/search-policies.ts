import type { SearchPolicy } from '../engine/visitor/search-policy.js';

/** By which traits people are found: those of the live rules. */
export abstract class SearchPolicies {
  /** Those that serve at this moment; the usual ones before any rules do. */
  abstract now(): SearchPolicy;

  /** Whether rules serve yet. */
  abstract readonly areServing: boolean;
}
