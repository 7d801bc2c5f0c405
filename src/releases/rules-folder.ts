import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { BrokenRulebook, ReleaseRefused, UsherError } from '../errors.js';
import { problemText, type RuleProblem } from '../rulebook/read/rule-problem.js';
import { watchFolder } from '../rulebook/read/watch-folder.js';
import { ReleaseStore, type ReleaseFile } from '../stores/release-store.js';
import { findEvent } from './find-event.js';
import { hasFiles } from './next-release.js';
import { readFolderAside } from './release-folder.js';
import { FOLDER, ReleasesService, type Published } from './releases.service.js';

/** Makes what is saved in a rules folder live, as release after release. */
@Injectable()
export class RulesFolder implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Releases');
  private endWatch: (() => void) | undefined;
  private isStale = false;
  private publishing: Promise<void> | undefined;
  /** Of the folder as it was last read. */
  private seen = '';

  constructor(
    private readonly releases: ReleasesService,
    private readonly store: ReleaseStore,
  ) {}

  /** Publishes the folder as it is, and makes that live where nothing is yet. Throws where it may not be. */
  async publishFirst(dir: string, message: string): Promise<void> {
    const { version } = await this.publishFiles(await this.read(dir), message);
    await this.releases.activateFirst(version);
  }

  /**
   * Publishes the folder and makes that live where it has changed since it last went live from here: what is as it was
   * then may have been rolled back, or followed by others. Throws where it may not go live; what was live goes on then.
   */
  async publishChanged(dir: string, message: string): Promise<void> {
    const files = await this.read(dir);
    const last = await findEvent(this.store, ({ who }) => who === FOLDER);
    const release = last && (await this.store.release(last.version));
    const isAsLast = release !== undefined && hasFiles(release, files);
    if (isAsLast && last?.action === 'activate') return;
    const { version, isNew } = await this.publishFiles(files, message);
    // A process that ended before it could activate left it to the next.
    if (isNew || isAsLast) await this.releases.activate(version, { as: 'live' }, FOLDER);
  }

  /** From now on, rule files go live as they are saved. What may not is reported, once, and what was live goes on. */
  watch(dir: string): void {
    this.endWatch?.();
    this.endWatch = watchFolder(dir, () => this.publishSoon(dir));
    // What was saved since the folder was read, nobody heard of.
    if (this.seen !== '') this.publishSoon(dir);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endWatch?.();
    await this.publishing;
  }

  /** One at a time: what changes while one is under way is looked at after it. */
  private publishSoon(dir: string): void {
    this.isStale = true;
    this.publishing ??= this.publishAll(dir).finally(() => (this.publishing = undefined));
  }

  private async publishAll(dir: string): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      await this.publishSaved(dir).catch((error: unknown) => this.report(error));
    }
  }

  /** A file that is touched, or saved as it was, changes nothing. */
  private async publishSaved(dir: string): Promise<void> {
    const before = this.seen;
    const files = await this.read(dir);
    if (this.seen === before) return;
    const { version } = await this.publishFiles(files, 'saved');
    await this.releases.activate(version, { as: 'live' }, FOLDER);
  }

  /** Who saves files reads a log, where every reason must stand. */
  private async publishFiles(files: readonly ReleaseFile[], message: string): Promise<Published> {
    try {
      return await this.releases.publish(files, { author: FOLDER, message, who: FOLDER });
    } catch (error) {
      throw error instanceof ReleaseRefused
        ? new BrokenRulebook(error.problems.map(({ path, message: why }) => `${path} ${why}`))
        : error;
    }
  }

  private async read(dir: string): Promise<readonly ReleaseFile[]> {
    const { files, problems } = await readFolderAside(dir);
    const before = this.seen;
    this.seen = await digestOf(files, problems);
    if (problems.length > 0 && this.seen !== before) throw new BrokenRulebook(problems.map(problemText));
    return files;
  }

  private report(error: unknown): void {
    // The fault is not in the files: saved again as they are, they are tried again.
    if (!(error instanceof BrokenRulebook)) this.seen = '';
    const text = error instanceof UsherError ? error.message : String(error);
    this.logger.error(`What was saved does not go live, and what was live goes on. ${text}`);
  }
}

async function digestOf(files: readonly ReleaseFile[], problems: readonly RuleProblem[]): Promise<string> {
  const hash = createHash('sha256');
  for (const [at, { path, text }] of files.entries()) {
    hash.update(`${path}\n${text.length}\n`).update(text);
    if (at % FILES_A_TURN === FILES_A_TURN - 1) await nextTurn();
  }
  for (const problem of problems) hash.update(problemText(problem));
  return hash.digest('base64url');
}

const FILES_A_TURN = 500;
