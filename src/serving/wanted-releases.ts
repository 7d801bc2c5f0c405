import { BrokenRulebook, type UsherError } from '../errors.js';
import type { Release, ReleaseStore, ReleaseSummary } from '../stores/release-store.js';
import type { ReleasesAtHand } from './releases-at-hand.js';

/** The releases of a rollout: their files, which may be many, are read where they are needed, and once. */
export class WantedReleases {
  /** Those asked for so far. */
  readonly summaries: ReleaseSummary[] = [];
  private readonly read = new Map<number, Release>();

  constructor(
    private readonly store: ReleaseStore,
    private readonly atHand: ReleasesAtHand,
  ) {}

  /** Throws {@link BrokenRulebook} for one that is not there, as {@link release} does. */
  async summary(version: number): Promise<ReleaseSummary> {
    const [found] = await this.store.list(1, version + 1);
    if (found?.version !== version) throw isNotThere(version);
    this.summaries.push(found);
    return found;
  }

  async release(summary: ReleaseSummary): Promise<Release> {
    const { version } = summary;
    const release = this.read.get(version) ?? this.atHand.withFiles(summary) ?? (await this.store.release(version));
    if (!release) throw isNotThere(version);
    this.read.set(version, release);
    return release;
  }

  async withFiles(summaries: readonly ReleaseSummary[]): Promise<Release[]> {
    const releases: Release[] = [];
    for (const summary of summaries) releases.push(await this.release(summary));
    return releases;
  }
}

function isNotThere(version: number): UsherError {
  return new BrokenRulebook([`release ${version} is not in the store`]);
}
