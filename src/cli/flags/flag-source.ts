import type { Json } from '../../engine/language/json.js';
import type { When } from './flag-conditions.js';

/** One of the values of a flag, by the name that it has there. */
export interface FlagValue {
  readonly name: string;
  readonly value: Json;
}

/** What is served while something holds, and nothing before it did: a value by its name, or nothing at all. */
export interface Served {
  readonly when: When;
  readonly value: string | undefined;
}

/** A flag of another system, as far as rules can say it. */
export interface SourceFlag {
  readonly key: string;
  readonly title?: string;
  readonly values: readonly FlagValue[];
  /** In order: the first that holds counts. */
  readonly served: readonly Served[];
  /** What is served where none holds; nothing where it is absent. */
  readonly otherwise?: string;
  readonly isOff: boolean;
  /** In what it differs, in sentences. */
  readonly notes: readonly string[];
}

/** A named condition. */
export interface SourceSegment {
  readonly name: string;
  readonly when: When;
  readonly notes: readonly string[];
}

/** What can't be said in rules, and why. */
export interface LeftOut {
  readonly key: string;
  readonly why: string;
}

/** All that a file has. */
export interface FlagSource {
  readonly flags: readonly (SourceFlag | LeftOut)[];
  readonly segments: readonly (SourceSegment | LeftOut)[];
}

/** Whether it has no counterpart. */
export function isLeftOut(one: SourceFlag | SourceSegment | LeftOut): one is LeftOut {
  return 'why' in one;
}
