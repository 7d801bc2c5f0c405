import type { OnApplicationShutdown } from '@nestjs/common';
import { asVersion } from '../engine/compile.js';
import type { Rulebook } from '../engine/rulebook.js';
import type { Release, ReleaseSummary } from '../stores/release-store.js';
import type { ReleaseId } from './release-copies.js';

/** Rulebooks kept besides those that serve, so that a rollback need not compile. */
const MOST_SERVED = 4;
/** Whoever publishes and activates in one go takes less; one that waits for approval is built again. */
const KEEP_MS = 900_000;

/**
 * What this process has at hand of releases, so that nothing is compiled or read twice: the compiled rulebooks that
 * served last; one candidate, which is what the last good check compiled; and the files of the release that was last
 * published here. Rulebooks made of the same files are the same, whatever their version.
 */
export class ReleasesAtHand implements OnApplicationShutdown {
  private readonly served = new Map<string, Rulebook>();
  private candidate: Rulebook | undefined;
  private published: Release | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly keepMs = KEEP_MS) {}

  /** The rulebook of a release, if it is at hand. */
  find(release: ReleaseId): Rulebook | undefined {
    const known = this.served.get(keyOf(release)) ?? this.madeOf(release.digest);
    return known && asVersion(known, release.version);
  }

  /** Keeps one that is about to serve. The latest asked for is the last to be dropped. */
  keep(rulebook: Rulebook): void {
    const key = keyOf(rulebook);
    this.served.delete(key);
    this.served.set(key, rulebook);
    while (this.served.size > MOST_SERVED) this.served.delete(this.served.keys().next().value ?? '');
    if (this.candidate?.digest === rulebook.digest) this.candidate = undefined;
  }

  /** Keeps what a check compiled until it serves, another takes its place, or a quarter of an hour has gone by. */
  keepCandidate(rulebook: Rulebook): void {
    this.candidate = rulebook;
    this.startTimer();
  }

  /** The release with its files, if it was the last to be published here, and not long ago. */
  withFiles({ version, digest, publishedAt }: ReleaseSummary): Release | undefined {
    const { published } = this;
    const isSame =
      published?.version === version && published.digest === digest && published.publishedAt === publishedAt;
    return isSame ? published : undefined;
  }

  /** Keeps a release that was published, for as long as a candidate. */
  keepFiles(release: Release): void {
    this.published = release;
    this.startTimer();
  }

  onApplicationShutdown(): void {
    this.drop();
  }

  private madeOf(digest: string): Rulebook | undefined {
    if (this.candidate?.digest === digest) return this.candidate;
    return [...this.served.values()].find((one) => one.digest === digest);
  }

  private startTimer(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drop(), this.keepMs).unref();
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.candidate = this.published = undefined;
  }
}

function keyOf({ version, digest }: ReleaseId): string {
  return `${version} ${digest}`;
}
