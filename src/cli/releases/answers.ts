/** What the service answers of releases, as far as the command line reads it. */

/** A release without its files. */
export interface ReleaseAnswer {
  readonly version: number;
  readonly digest: string;
  /** ISO 8601, as all times here. */
  readonly publishedAt: string;
  readonly author: string;
  readonly message: string;
  readonly fileCount: number;
}

/** A release just published, or the latest where nothing changed. */
export interface PublishAnswer extends ReleaseAnswer {
  readonly isNew: boolean;
  readonly notes: readonly string[];
}

/** Which releases serve. */
export interface RolloutAnswer {
  readonly revision: number;
  readonly live?: number;
  readonly canary?: { readonly version: number; readonly share: number };
  readonly shadow?: { readonly version: number };
  /** What was live before, the latest first. */
  readonly before: readonly number[];
  /** What is saved in the service's folder and does not go live. */
  readonly waiting?: {
    readonly since: string;
    readonly who: string;
    readonly version: number;
    readonly files: readonly string[];
  };
}

/** A line of the log. */
export interface EventAnswer {
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly version: number;
  readonly as?: string;
  readonly share?: number;
  readonly message?: string;
}

/** What differs between two releases. */
export interface DiffAnswer {
  readonly from: number;
  readonly to: number;
  readonly files: readonly {
    readonly path: string;
    readonly change: 'added' | 'removed' | 'changed';
    readonly from?: number;
    readonly to?: number;
    readonly diff: string;
  }[];
}

/** What a shadow release would have decided otherwise. */
export interface ShadowAnswer {
  readonly version: number;
  readonly compared: number;
  readonly skipped: number;
  readonly failed: number;
  readonly others: number;
  readonly differences: readonly {
    readonly live: number;
    readonly placement: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly count: number;
  }[];
}
