import type { Millis } from '../engine/language/millis.js';

/** A draft without its files. */
export interface DraftHead {
  /** Given by whoever begins it; never used twice. */
  readonly id: string;
  /** From 1 on, counting up with every change. */
  readonly revision: number;
  /** The release that it changes. */
  readonly base: number;
  /** Who writes it, as they name themselves; see {@link DraftHead.who} for what is known of them. */
  readonly author: string;
  /** A fingerprint of the key that was shown for the latest change, as the log of releases has it. */
  readonly who: string;
  /** By which door the latest change came: that of a person's tools, or that of assistants. */
  readonly via: 'api' | 'assistant';
  /** What changes, and why. */
  readonly message: string;
  readonly createdAt: Millis;
  readonly changedAt: Millis;
  /** How many files it changes. */
  readonly fileCount: number;
}

/** A set of changed rule files over a release, which serves nobody. */
export interface Draft extends DraftHead {
  /** The text of each changed file by its path; null for one that is to go. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** How many drafts are kept, and for how long. */
export interface DraftLimits {
  readonly keep: number;
  /** Counted from the latest change of each. */
  readonly keepDays: number;
  /** Milliseconds since the epoch; the clock where it is absent. */
  readonly now?: () => number;
}

/**
 * Keeps drafts. Each change is compared and set by the revision. What is too old is not shown, as if it were not there,
 * and is forgotten at the next change of any draft.
 */
export abstract class DraftStore {
  /** Begins a draft, whose revision is 1; false where there are as many as are kept: none is forgotten for another. */
  abstract add(draft: Draft): Promise<boolean>;

  /** The draft of an id. */
  abstract find(id: string): Promise<Draft | undefined>;

  /** All, the one that was changed last first. */
  abstract list(): Promise<DraftHead[]>;

  /** Puts the next state of a draft; false where it is no longer at `next.revision - 1`, or not there. */
  abstract replace(next: Draft): Promise<boolean>;

  /** Removes a draft; false where it is no longer at this revision, or not there. */
  abstract remove(id: string, revision: number): Promise<boolean>;
}

/** What was last changed before this instant is too old. */
export function draftsFrom({ keepDays, now = Date.now }: DraftLimits): Millis {
  return now() - keepDays * 86_400_000;
}

/** A draft without its files, whatever else was handed over with it. */
export function headOf({ files: _files, ...head }: Draft): DraftHead {
  return head;
}
