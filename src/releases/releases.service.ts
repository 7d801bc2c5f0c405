import { Logger } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { ApprovalNeeded, NotFound, ReleaseRefused } from '../errors.js';
import { isFit, type CandidateCheck } from '../rulebook/cases/check-release.js';
import type { ReleasesAtHand } from '../serving/releases-at-hand.js';
import type { Release, ReleaseFile, ReleaseStore, ReleaseSummary, Rollout } from '../stores/release-store.js';
import { retryLostRaces, type Attempt } from '../stores/retry-lost-races.js';
import { checkCandidate } from './check-candidate.js';
import { diffReleases, type ReleaseDiff } from './diff-releases.js';
import { findEvent } from './find-event.js';
import { hasFiles, nextRelease } from './next-release.js';
import { refusalLines } from './refusal-lines.js';
import { activated, ended, rolledBack, type Activation, type RolloutStep } from './rollout-changes.js';

/** What is told with a release. `who` is a fingerprint of the key, or `folder` for saved rule files. */
export interface Told {
  readonly author: string;
  readonly message: string;
  readonly who: string;
}

/** A release, as published or as it was there before. */
export interface Published extends ReleaseSummary {
  /** False where the latest release has these very files: that one is given back. */
  readonly isNew: boolean;
  /** What is accepted but not enforced yet, one line each. */
  readonly notes: readonly string[];
}

/** Who publishes from the rules folder of the service itself. */
export const FOLDER = 'folder';

/**
 * Makes releases, and decides which of them serve. Every change is one compare-and-set, tried again where another was
 * quicker.
 */
export class ReleasesService {
  private readonly logger = new Logger('Releases');

  constructor(
    private readonly store: ReleaseStore,
    private readonly atHand: ReleasesAtHand,
    /** Whether a release is activated by another than published it. */
    readonly approvals: boolean,
  ) {}

  /** What the files would come to as a release; changes nothing. */
  async check(files: readonly ReleaseFile[]): Promise<CandidateCheck> {
    const { check } = await checkCandidate(files, { rulebook: false });
    return check;
  }

  /**
   * Keeps the files as the next release, which serves nobody yet, and has what the check compiled at hand for when it
   * is to. Throws {@link ReleaseRefused} with every reason against it.
   */
  async publish(files: readonly ReleaseFile[], told: Told): Promise<Published> {
    const latest = await this.latest();
    if (latest && hasFiles(latest, files)) return publishedOf(latest, { isNew: false, notes: [] });
    const { check, rulebook } = await checkCandidate(files, { rulebook: true });
    if (!isFit(check)) throw new ReleaseRefused(refusalLines(check));
    // Before anybody can activate it.
    if (rulebook) this.atHand.keepCandidate(rulebook);
    const add = async (): Promise<Attempt<Published>> => {
      const previous = await this.latest(latest);
      if (previous && hasFiles(previous, files))
        return { won: publishedOf(previous, { isNew: false, notes: check.notes }) };
      const release = nextRelease(files, previous, { ...told, digest: check.digest });
      const { version, publishedAt, message } = release;
      const event = { at: publishedAt, who: told.who, action: 'publish', version, message } as const;
      if (!(await this.store.add(release, event))) return 'lost';
      this.atHand.keepFiles(release);
      this.logger.log(`Release ${version} is published by ${told.who}.`);
      return { won: publishedOf(release, { isNew: true, notes: check.notes }) };
    };
    return retryLostRaces(add, { because: 'Others publish releases all the time.' });
  }

  /**
   * Has a release serve. Throws {@link NotFound} for one that is not there, {@link ApprovalNeeded} where it needs
   * another to do so, and `RolloutRefused` where it makes no sense.
   */
  async activate(version: number, as: Activation, who: string): Promise<Rollout> {
    await this.summary(version);
    if (this.approvals) await this.refuseOwn(version, who);
    return this.change(who, (now) => activated(now, version, as));
  }

  /** Has a release be the first that is live; where one is live already, whoever was quicker, that one stays. */
  async activateFirst(version: number): Promise<void> {
    await this.change(FOLDER, (now) => (now.live === undefined ? activated(now, version, { as: 'live' }) : undefined));
  }

  /** Ends the canary or the shadow. Throws `RolloutRefused` where there is none. */
  end(as: 'canary' | 'shadow', who: string): Promise<Rollout> {
    return this.change(who, (now) => ended(now, as));
  }

  /**
   * Undoes the last activation: ends a canary when there is one, else the release that was live before is live again.
   * Throws `RolloutRefused` where there is nothing to go back to.
   */
  rollback(who: string): Promise<Rollout> {
    return this.change(who, rolledBack);
  }

  /** What differs from one release to another. Throws {@link NotFound} where one of them is not there. */
  async diff(from: number, to: number): Promise<ReleaseDiff> {
    const [before, after] = await Promise.all([this.release(from), this.release(to)]);
    return diffReleases(before, after);
  }

  /** The release of a version, with its files. Throws {@link NotFound} that names the latest. */
  async release(version: number): Promise<Release> {
    return (await this.store.release(version)) ?? this.refuseUnknown(version);
  }

  /** The same without its files, which are many. */
  async summary(version: number): Promise<ReleaseSummary> {
    const [found] = await this.store.list(1, version + 1);
    return found?.version === version ? found : this.refuseUnknown(version);
  }

  /** Its files, which may be many, are only read where it is not the one that is known. */
  private async latest(known?: Release): Promise<Release | undefined> {
    const [latest] = await this.store.list(1);
    if (!latest) return undefined;
    if (known?.version === latest.version && known.publishedAt === latest.publishedAt) return known;
    return this.atHand.withFiles(latest) ?? this.store.release(latest.version);
  }

  private async refuseUnknown(version: number): Promise<never> {
    const [latest] = await this.store.list(1);
    const known = latest ? `the latest is ${latest.version}` : 'none was published yet';
    throw new NotFound(`There is no release ${version}; ${known}.`);
  }

  private async refuseOwn(version: number, who: string): Promise<void> {
    const published = await findEvent(this.store, (event) => event.action === 'publish' && event.version === version);
    if (published && keyOf(published.who) === keyOf(who)) throw new ApprovalNeeded(version, published.who);
  }

  private async change(who: string, step: (now: Rollout) => RolloutStep | undefined): Promise<Rollout> {
    const make = async (): Promise<Attempt<Rollout>> => {
      const now = await this.store.rollout();
      const made = step(now);
      if (!made) return { won: now };
      if (await this.store.change(made.next, { at: Date.now(), who, ...made.told })) return { won: made.next };
      // Two who undo the same at once both have what they wanted: it is not undone twice.
      return isDeepStrictEqual(await this.store.rollout(), made.next) ? { won: made.next } : 'lost';
    };
    return retryLostRaces(make, { because: 'Others change which releases serve all the time.' });
  }
}

/** Of a fingerprint, the part that stays when the key is given another scope. */
function keyOf(who: string): string {
  return who.slice(who.indexOf(':') + 1);
}

function publishedOf(
  { version, digest, publishedAt, author, message, fileCount }: Release,
  more: Pick<Published, 'isNew' | 'notes'>,
): Published {
  return { version, digest, publishedAt, author, message, fileCount, ...more };
}
