import type { SingleViewPolicy } from '../engine/visitor/single-view-policy.js';

/** The words by which events are read for the single view of a person: those of the rules that decide for them. */
export abstract class SingleViewPolicies {
  /**
   * Those that serve at this moment; the usual ones before any rules do. `id` is the one that shares are dealt by.
   */
  abstract for(id: string): SingleViewPolicy;
}
