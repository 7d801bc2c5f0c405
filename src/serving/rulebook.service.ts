import { Injectable } from '@nestjs/common';
import type { Rulebook } from '../engine/rulebook.js';
import { USUAL_SEARCH, type SearchPolicy } from '../engine/visitor/search-policy.js';
import { USUAL_POLICY, type SingleViewPolicy } from '../engine/visitor/single-view-policy.js';
import { BrokenRulebook } from '../errors.js';
import type { ServingRulebooks } from './serving-rulebooks.js';

/** Has the rulebooks that serve at hand. Who compiles them, and when, is for the room of releases to say. */
@Injectable()
export class RulebookService {
  private now: ServingRulebooks | undefined;
  private readonly listeners = new Set<() => void>();

  /**
   * Those that serve at this moment; a request keeps to what it began with. Throws {@link BrokenRulebook} before there
   * are any.
   */
  serving(): ServingRulebooks {
    if (this.now) return this.now;
    throw new BrokenRulebook(['no rules are loaded yet']);
  }

  /** Whether there are any: from then on somebody may wait for this process. */
  get isServing(): boolean {
    return this.now !== undefined;
  }

  /** The live rulebook: immutable, compiled, at hand without waiting. Throws as {@link serving} does. */
  current(): Rulebook {
    return this.serving().live;
  }

  /** How events tell of support, ratings and mood of a visitor: as usual before any rules serve. */
  singleViewFor(visitorId: string): SingleViewPolicy {
    return this.now?.for(visitorId).singleView ?? USUAL_POLICY;
  }

  /** By which traits people are found: those of the live rules, as usual before any serve. */
  search(): SearchPolicy {
    return this.now?.live.search ?? USUAL_SEARCH;
  }

  /** Has others serve from now on. */
  serve(next: ServingRulebooks): void {
    this.now = next;
    for (const listener of this.listeners) listener();
  }

  /** Calls a function whenever others serve, which is not to throw; gives back what ends that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
