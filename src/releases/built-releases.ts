import type { Rulebook } from '../engine/rulebook.js';
import type { LoadRules } from '../rulebook/aside/load-rules.js';
import type { TriedRelease, TryRelease } from '../rulebook/aside/try-release.js';
import type { ReleasesAtHand } from '../serving/releases-at-hand.js';
import type { ReleaseFile, ReleaseStore } from '../stores/release-store.js';
import { checkCandidate } from './check-candidate.js';

/** A release by its version and what is in it. */
export interface NamedRelease {
  readonly version: number;
  readonly digest: string;
}

/** Rulebooks of releases and of files that may become one, for whoever wants to decide with them beside what serves. */
export class BuiltReleases {
  constructor(
    private readonly store: Pick<ReleaseStore, 'release'>,
    private readonly atHand: Pick<ReleasesAtHand, 'find'>,
    private readonly how: { readonly load: LoadRules; readonly tryRelease: TryRelease },
  ) {}

  /**
   * The rulebook of a release, compiled aside where it is not at hand: `releaseGone` where it is not kept, and
   * `releaseUnfit` where this Usher finds problems in it.
   */
  async of(named: NamedRelease): Promise<Rulebook | 'releaseGone' | 'releaseUnfit'> {
    const known = this.atHand.find(named);
    if (known) return known;
    const release = await this.store.release(named.version);
    if (release?.digest !== named.digest) return 'releaseGone';
    const { rulebook } = await this.how.load(release.files, named.version);
    return rulebook?.digest === named.digest ? rulebook : 'releaseUnfit';
  }

  /** What files would come to as a release; with their rulebook where nothing is wrong with them. */
  tried(files: readonly ReleaseFile[]): Promise<TriedRelease> {
    return checkCandidate(files, { rulebook: true, tryRelease: this.how.tryRelease });
  }
}
