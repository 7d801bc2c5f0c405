import { bucket } from '../engine/values/bucket.js';
import type { Rulebook } from '../engine/rulebook.js';

/** A rulebook for a share of the visitors, in percent. */
export interface Canary {
  readonly rulebook: Rulebook;
  readonly share: number;
}

/** The rulebooks that serve at one moment. Immutable. */
export class ServingRulebooks {
  constructor(
    readonly live: Rulebook,
    readonly canary?: Canary,
    /** Answers nobody: it is asked beside the live one, and what differs is counted. */
    readonly shadow?: Rulebook,
  ) {}

  /** The one that serves a visitor: for as long as the rollout stays, always the same one, in every process. */
  for(visitorId: string): Rulebook {
    const { live, canary } = this;
    return canary && bucket(`canary ${canary.rulebook.version}`, visitorId) * 100 < canary.share
      ? canary.rulebook
      : live;
  }

  /** Those that answer anybody: the live one first. */
  get answering(): readonly Rulebook[] {
    return this.canary ? [this.live, this.canary.rulebook] : [this.live];
  }

  /** Whether one of those that answer has a placement. */
  hasPlacement(id: string): boolean {
    return this.answering.some(({ placements }) => placements.has(id));
  }
}
