import type { Millis } from '../engine/language/millis.js';

/** One rule file of a release. */
export interface ReleaseFile {
  /** From the rules folder on: `contextual/resume.json`. */
  readonly path: string;
  /** Its bytes as UTF-8, which every rule file is. */
  readonly text: string;
}

/** A release without its files. */
export interface ReleaseSummary {
  /** From 1 on, without gaps, in the order of publication. */
  readonly version: number;
  /** `sha256:` and the digest that the check gives for the folder. */
  readonly digest: string;
  readonly publishedAt: Millis;
  /** Who published it, as they name themselves; see {@link ReleaseEvent.who} for what is known of them. */
  readonly author: string;
  readonly message: string;
  /** How many files. */
  readonly fileCount: number;
}

/** The whole rules folder at one moment. Immutable. */
export interface Release extends ReleaseSummary {
  /** Sorted by path. */
  readonly files: readonly ReleaseFile[];
  /** For each path, its revision: the release in which the file last changed. */
  readonly revisions: Readonly<Record<string, number>>;
}

/** Which releases serve. */
export interface Rollout {
  /** Counts up with every change; 0 when nothing was ever live. */
  readonly revision: number;
  /** Serves everybody who has no other. */
  readonly live: number | undefined;
  /** Serves a share of the visitors, always the same ones; `share` in percent. */
  readonly canary: { readonly version: number; readonly share: number } | undefined;
  /** Is evaluated beside the live one, and only its differences are recorded. */
  readonly shadow: { readonly version: number } | undefined;
  /** What was live before, the latest first: what a rollback goes back to. At most 100. */
  readonly before: readonly number[];
}

/** The rollout of a store that nothing was published to. */
export const NOTHING_LIVE: Rollout = { revision: 0, live: undefined, canary: undefined, shadow: undefined, before: [] };

/** One line of the log of who did what when. */
export interface ReleaseEvent {
  readonly at: Millis;
  /**
   * A fingerprint of the key that was shown, such as `author:3f2a91c0`; `folder` for saved rule files, `local` where no
   * keys are set.
   */
  readonly who: string;
  readonly action: 'publish' | 'publish-again' | 'activate' | 'end' | 'rollback';
  readonly version: number;
  /** What it was activated or ended as. */
  readonly as?: 'live' | 'canary' | 'shadow';
  /** Of a canary, in percent. */
  readonly share?: number;
  readonly message?: string;
}

/**
 * Keeps releases, which of them serve, and the log of who did what. Each change is one step: after a crash in the
 * middle of it either all of it is there or nothing.
 */
export abstract class ReleaseStore {
  /**
   * Adds the next release with its line of the log; false where its version is not the next one, as another was
   * quicker.
   */
  abstract add(release: Release, event: ReleaseEvent): Promise<boolean>;

  /** The release of a version. */
  abstract release(version: number): Promise<Release | undefined>;

  /** The latest, newest first; those before a version where one is given. */
  abstract list(limit: number, before?: number): Promise<ReleaseSummary[]>;

  /** What serves now. */
  abstract rollout(): Promise<Rollout>;

  /** Has others serve, with a line of the log; false where the rollout is no longer at revision `next.revision - 1`. */
  abstract change(next: Rollout, event: ReleaseEvent): Promise<boolean>;

  /** Adds a line to the log alone: somebody did what changes nothing, and said why. */
  abstract note(event: ReleaseEvent): Promise<void>;

  /** The log, newest first, from the one after `skip` others. Append-only: nothing of it is ever changed or removed. */
  abstract events(limit: number, skip?: number): Promise<ReleaseEvent[]>;

  /** Adds to the counts of a shadow release, by any keys; a store that fails loses them. */
  abstract countShadow(version: number, counts: ReadonlyMap<string, number>): Promise<void>;

  /** The counts of a shadow release. */
  abstract shadowCounts(version: number): Promise<ReadonlyMap<string, number>>;

  /**
   * Calls `changed` soon after a release was added or the rollout changed, in this process or another; perhaps also
   * without a reason, and perhaps never, so look from time to time as well. What is given back ends it.
   */
  abstract subscribe(changed: () => void): () => void;
}
