import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { StoreUnavailable, UsherError } from '../errors.js';
import { ReleaseStore, type Rollout } from '../stores/release-store.js';
import { hasFiles } from './next-release.js';
import { readFolderAside } from './release-folder.js';
import { RolloutFollower } from '../serving/rollout-follower.js';
import { RulesFolder } from './rules-folder.js';

/** The folder of rule files that the service is started with. */
export const RULES_DIR = Symbol('rules folder');

const FIRST = 'the first rules';
const LOOK_AGAIN_MS = 500;

/**
 * Has rules serve before the first request comes: those that are live in the store; where nothing ever was, the
 * folder's, as release 1; while the store is away, the copies of what served last.
 */
@Injectable()
export class BeginServing implements OnApplicationShutdown {
  private readonly logger = new Logger('Releases');
  private readonly stopping = new AbortController();

  constructor(
    private readonly store: ReleaseStore,
    private readonly follower: RolloutFollower,
    private readonly folder: RulesFolder,
    @Inject(RULES_DIR) private readonly rulesDir: string,
  ) {}

  /**
   * With `watch` the folder's rules are live, now and whenever one is saved. Throws `BrokenRulebook` where there is
   * nothing good to serve.
   */
  async begin({ watch }: { watch: boolean }): Promise<void> {
    const rollout = await this.rolloutOrNone();
    if (!rollout) await this.serveWithoutStore();
    else if (rollout.live === undefined) await this.folder.publishFirst(this.rulesDir, FIRST);
    else if (watch) await this.publishWhatIsNew();
    if (rollout) await this.serveWhatIsLive();
    this.follower.follow();
    if (watch) this.folder.watch(this.rulesDir);
    else if (rollout?.live !== undefined) await this.noteWhatIsNot(rollout.live);
    if (!rollout) void this.beginWhenBack(watch);
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** A store that was away may have been empty all the time. */
  private async beginWhenBack(watch: boolean): Promise<void> {
    let rollout: Rollout | undefined;
    while (!rollout && !this.stopping.signal.aborted) {
      await delay(LOOK_AGAIN_MS, undefined, { ref: false });
      rollout = await this.rolloutOrNone().catch(() => undefined);
    }
    if (this.stopping.signal.aborted) return;
    if (rollout?.live === undefined)
      await this.folder.publishFirst(this.rulesDir, FIRST).catch((error: unknown) => this.logger.error(String(error)));
    else if (watch) await this.publishWhatIsNew();
  }

  /** What this version of Usher can't read is no reason not to start, where there is a copy of what served before. */
  private async serveWhatIsLive(): Promise<void> {
    try {
      await this.follower.update();
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.logger.error(`What is live can't be served. ${error.message}`);
      if (!(await this.follower.serveCopies())) throw error;
    }
  }

  /** Undefined while the store is away. */
  private async rolloutOrNone(): Promise<Rollout | undefined> {
    try {
      return await this.store.rollout();
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }

  private async serveWithoutStore(): Promise<void> {
    if (await this.follower.serveCopies()) return;
    await this.follower.serveFolder(this.rulesDir);
    this.logger.warn(
      'The store does not answer, and no release ever served on this disk: the rules of the folder serve as they are.',
    );
  }

  /** Whoever has put other files there may wonder. */
  private async noteWhatIsNot(live: number): Promise<void> {
    const release = await this.store.release(live).catch(() => undefined);
    const { files, problems } = await readFolderAside(this.rulesDir);
    if (!release || (problems.length === 0 && hasFiles(release, files))) return;
    this.logger.log(
      `The rules of ${this.rulesDir} are not those of release ${live}, which is live; ` +
        '`usher publish` and `usher activate` have them serve.',
    );
  }

  /** What may not go live keeps nobody from being served by what is live. */
  private async publishWhatIsNew(): Promise<void> {
    try {
      await this.folder.publishChanged(this.rulesDir, 'as found at the start');
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.logger.error(`The rules of ${this.rulesDir} do not go live, and what was live goes on. ${error.message}`);
    }
  }
}
