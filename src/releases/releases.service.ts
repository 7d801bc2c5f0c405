import { Logger } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Millis } from '../engine/language/millis.js';
import { ApprovalNeeded, NotFound, ReleaseRefused, RolloutRefused } from '../errors.js';
import type { TryRelease } from '../rulebook/aside/try-release.js';
import { isFit, type CandidateCheck } from '../rulebook/cases/check-release.js';
import { problemText } from '../rulebook/read/rule-problem.js';
import type { ReleasesAtHand } from '../serving/releases-at-hand.js';
import type {
  Release,
  ReleaseEvent,
  ReleaseFile,
  ReleaseStore,
  ReleaseSummary,
  Rollout,
} from '../stores/release-store.js';
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
  /** What of it has no effect yet: one line each, with its place where it has one. */
  readonly notes: readonly string[];
}

/** Who publishes from the rules folder of the service itself. */
export const FOLDER = 'folder';

/** Why what is saved in a watched folder does not go live: somebody went back. */
export interface Hold {
  /** When, in epoch milliseconds. */
  readonly since: Millis;
  /** Who rolled back. */
  readonly who: string;
  /** What has been live since. */
  readonly version: number;
}

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
    private readonly tryRelease: TryRelease,
  ) {}

  /** What the files would come to as a release; changes nothing. */
  async check(files: readonly ReleaseFile[]): Promise<CandidateCheck> {
    const { check } = await checkCandidate(files, { rulebook: false, tryRelease: this.tryRelease });
    return check;
  }

  /**
   * Keeps the files as the next release, which serves nobody yet, and has what the check compiled at hand for when it
   * is to. Where the latest release has these very files, a person's message is kept in the log. Throws
   * {@link ReleaseRefused} with every reason against it.
   */
  async publish(files: readonly ReleaseFile[], told: Told, tryRelease = this.tryRelease): Promise<Published> {
    const latest = await this.latest();
    if (latest && hasFiles(latest, files)) return this.publishedAgain(latest, { ...told, notes: [] });
    const { check, rulebook } = await checkCandidate(files, { rulebook: true, tryRelease });
    if (!isFit(check)) throw new ReleaseRefused(refusalLines(files, check));
    // Before anybody can activate it.
    if (rulebook) this.atHand.keepCandidate(rulebook);
    const add = async (): Promise<Attempt<Published>> => {
      const previous = await this.latest(latest);
      if (previous && hasFiles(previous, files))
        return { won: await this.publishedAgain(previous, { ...told, notes: notesOf(check) }) };
      const release = nextRelease(files, previous, { ...told, digest: check.digest });
      const { version, publishedAt, message } = release;
      const event = { at: publishedAt, who: told.who, action: 'publish', version, message } as const;
      if (!(await this.store.add(release, event))) return 'lost';
      this.atHand.keepFiles(release);
      this.logger.log(`Release ${version} is published by ${told.who}.`);
      return { won: publishedOf(release, { isNew: true, notes: notesOf(check) }) };
    };
    return retryLostRaces(add, { because: 'Others publish releases all the time.' });
  }

  /**
   * Has a release serve. Throws {@link NotFound} for one that is not there, {@link ApprovalNeeded} where it needs
   * another to do so, and `RolloutRefused` where it makes no sense. For `seen`, see {@link rollback}.
   */
  async activate(version: number, as: Activation, who: string, seen?: number): Promise<Rollout> {
    await this.summary(version);
    if (this.approvals) await this.refuseOwn(version, who);
    const isThis = ({ action, ...event }: ReleaseEvent): boolean =>
      action === 'activate' && event.version === version && event.as === as.as && event.share === shareOf(as);
    return this.change(who, (now) => activated(now, version, as), { seen, isThis });
  }

  /**
   * Has a release of the watched folder be live, unless somebody has rolled back and nobody published since: then
   * nothing is changed. Throws {@link NotFound} for one that is not there.
   */
  async activateSaved(version: number): Promise<Rollout> {
    await this.summary(version);
    return this.change(FOLDER, async (now) =>
      (await this.hold()) ? undefined : activated(now, version, { as: 'live' }),
    );
  }

  /**
   * What holds the changes of a watched folder back: somebody made an earlier release live again, and since then nobody
   * has published anything or made it live by hand. Undefined where nothing does.
   */
  async hold(): Promise<Hold | undefined> {
    const last = await findEvent(
      this.store,
      ({ who, action, as }) =>
        (as === 'live' && (action === 'rollback' || action === 'activate')) ||
        (who !== FOLDER && (action === 'publish' || action === 'publish-again')),
    );
    if (last?.action !== 'rollback') return undefined;
    return { since: last.at, who: last.who, version: last.version };
  }

  /** Has a release be the first that is live; where one is live already, whoever was quicker, that one stays. */
  async activateFirst(version: number): Promise<void> {
    await this.change(FOLDER, (now) => (now.live === undefined ? activated(now, version, { as: 'live' }) : undefined));
  }

  /** Ends the canary or the shadow. Throws `RolloutRefused` where there is none. For `seen`, see {@link rollback}. */
  end(as: 'canary' | 'shadow', who: string, seen?: number): Promise<Rollout> {
    return this.change(who, (now) => ended(now, as), {
      seen,
      isThis: (event) => event.action === 'end' && event.as === as,
    });
  }

  /**
   * Undoes the last activation: ends a canary when there is one, else the release that was live before is live again.
   * Throws `RolloutRefused` where there is nothing to go back to.
   *
   * `seen` is the revision of the rollout that is to be changed. Where the next revision is this very change, it has
   * been made already, and what serves is given back: who repeats a request because its answer was lost does not go
   * back two. Where it is anything else, `RolloutRefused` is thrown.
   */
  rollback(who: string, seen?: number): Promise<Rollout> {
    return this.change(who, rolledBack, { seen, isThis: ({ action }) => action === 'rollback' });
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

  /** The latest release once more. What saves files has nothing to say; a person has. */
  private async publishedAgain(latest: Release, { notes, who, message }: Told & Pick<Published, 'notes'>) {
    const { version } = latest;
    if (who !== FOLDER) await this.store.note({ at: Date.now(), who, action: 'publish-again', version, message });
    return publishedOf(latest, { isNew: false, notes });
  }

  private async change(who: string, step: MakeStep, once?: Once): Promise<Rollout> {
    const make = async (): Promise<Attempt<Rollout>> => {
      const now = await this.store.rollout();
      if (once?.seen !== undefined && once.seen !== now.revision) return this.madeBefore(now, once.seen, once);
      const made = await step(now);
      if (!made) return { won: now };
      if (await this.store.change(made.next, { at: Date.now(), who, ...made.told })) return { won: made.next };
      // Two who undo the same at once both have what they wanted: it is not undone twice.
      return isDeepStrictEqual(await this.store.rollout(), made.next) ? { won: made.next } : 'lost';
    };
    return retryLostRaces(make, { because: 'Others change which releases serve all the time.' });
  }

  /** Whether the change that followed `seen` is the one that is asked for once more. */
  private async madeBefore(now: Rollout, seen: number, { isThis }: Once): Promise<Attempt<Rollout>> {
    const last = await findEvent(this.store, ({ action }) => action !== 'publish' && action !== 'publish-again');
    // A line of the log is only that of this revision where nothing has changed meanwhile.
    if ((await this.store.rollout()).revision !== now.revision) return 'lost';
    if (now.revision === seen + 1 && last && isThis(last)) return { won: now };
    throw new RolloutRefused(
      `What serves is at revision ${now.revision}, not ${seen}: it was changed meanwhile, ` +
        'and nothing was changed now. Look at it with `usher releases`, then ask again.',
    );
  }
}

/** The next rollout; undefined where it is to stay as it is. */
type MakeStep = (now: Rollout) => RolloutStep | undefined | Promise<RolloutStep | undefined>;

/** What tells a request that is repeated from a new one. */
interface Once {
  /** The revision that it is to change; undefined where any will do. */
  readonly seen: number | undefined;
  /** Whether a line of the log is of what is asked for. */
  readonly isThis: (event: ReleaseEvent) => boolean;
}

function shareOf(activation: Activation): number | undefined {
  return activation.as === 'canary' ? activation.share : undefined;
}
function notesOf({ notes, warnings }: CandidateCheck): string[] {
  return [...notes, ...warnings.map(problemText)];
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
