import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { BrokenRulebook, CheckTooCostly, ReleaseRefused, UsherError } from '../errors.js';
import { areLarge } from '../rulebook/aside/load-rules.js';
import { tryHere } from '../rulebook/aside/try-release.js';
import { problemIn, problemText, type RuleProblem } from '../rulebook/read/rule-problem.js';
import { watchFolder } from '../rulebook/read/watch-folder.js';
import { warningsText } from '../serving/warnings-text.js';
import { ReleaseStore, type ReleaseFile } from '../stores/release-store.js';
import { textsOf } from './diff-releases.js';
import { findEvent } from './find-event.js';
import { hasFiles } from './next-release.js';
import { readFolderAside } from './release-folder.js';
import { FOLDER, ReleasesService, type Hold, type Published } from './releases.service.js';

/** What of a watched folder waits, and why. */
export interface Waiting extends Hold {
  /** The paths of the files that are not as in the release that is live, sorted. */
  readonly files: readonly string[];
}

/**
 * Makes what is saved in a rules folder live, as release after release. After a rollback it waits until somebody
 * publishes, or makes a release live by hand: else the next save of any file would bring back what was rolled back.
 */
@Injectable()
export class RulesFolder implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Releases');
  private endWatch: (() => void) | undefined;
  private isStale = false;
  private publishing: Promise<void> | undefined;
  /** Of the folder as it was last read. */
  private seen = '';
  private watched: string | undefined;
  /** What was read last has not gone live, and may, once nobody holds it back. */
  private isHeld = false;
  private waitingFiles: { readonly of: string; readonly files: readonly string[] } | undefined;

  constructor(
    private readonly releases: ReleasesService,
    private readonly store: ReleaseStore,
  ) {}

  /** Publishes the folder as it is, and makes that live where nothing is yet. Throws where it may not be. */
  async publishFirst(dir: string, message: string): Promise<void> {
    const { version } = await this.publishFiles(dir, await this.read(dir), message);
    await this.releases.activateFirst(version);
  }

  /**
   * Publishes the folder and makes that live where it has changed since it last went live from here: what is as it was
   * then may have been rolled back, or followed by others. Throws where it may not go live; what was live goes on then.
   */
  async publishChanged(dir: string, message: string): Promise<void> {
    const files = await this.read(dir);
    if (await this.waits(dir, files)) return;
    const last = await findEvent(this.store, ({ who }) => who === FOLDER);
    const release = last && (await this.store.release(last.version));
    const isAsLast = release !== undefined && hasFiles(release, files);
    if (isAsLast && last?.action === 'activate') return;
    const { version, isNew } = await this.publishFiles(dir, files, message);
    // A process that ended before it could activate left it to the next.
    if (isNew || isAsLast) await this.activate(version, dir, files);
  }

  /** From now on, rule files go live as they are saved. What may not is reported, once, and what was live goes on. */
  watch(dir: string): void {
    this.endWatch?.();
    this.watched = dir;
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
    if (this.seen === before && !this.isHeld) return;
    if (await this.waits(dir, files)) return;
    const { version } = await this.publishFiles(dir, files, 'saved');
    await this.activate(version, dir, files);
  }

  /** Somebody may have rolled back while the release was made. */
  private async activate(version: number, dir: string, files: readonly ReleaseFile[]): Promise<void> {
    const { live } = await this.releases.activateSaved(version);
    if (live !== version) await this.waits(dir, files);
  }

  /** What of the watched folder waits; undefined where nothing does, or no folder is watched. */
  async waiting(): Promise<Waiting | undefined> {
    const hold = this.watched === undefined ? undefined : await this.releases.hold();
    if (this.watched === undefined || !hold) return undefined;
    const files = await this.filesThatWait(hold, this.watched);
    return files.length > 0 ? { ...hold, files } : undefined;
  }

  /** Whether the folder is held back; the log then says why, and what waits. */
  private async waits(dir: string, saved: readonly ReleaseFile[]): Promise<boolean> {
    const hold = await this.releases.hold();
    this.isHeld = hold !== undefined;
    if (!hold) return false;
    const files = await this.filesThatWait(hold, saved);
    if (files.length > 0)
      this.logger.warn(
        `What is saved in ${dir} waits: ${hold.who} rolled back to release ${hold.version}, which stays live. ` +
          `Not as in that release: ${someOf(files)}. Once it is right, \`usher publish\` and \`usher activate\` ` +
          'have it serve, and what is saved after that goes live again.',
      );
    return true;
  }

  /** A large folder is read again only where it or what is live has changed. */
  private async filesThatWait(
    { since, version }: Hold,
    folder: string | readonly ReleaseFile[],
  ): Promise<readonly string[]> {
    const of = `${since} ${version} ${this.seen}`;
    if (this.waitingFiles?.of === of) return this.waitingFiles.files;
    const files = typeof folder === 'string' ? (await readFolderAside(folder)).files : folder;
    const release = await this.store.release(version);
    const found = release ? changedPaths(release.files, files) : [];
    this.waitingFiles = { of, files: found };
    return found;
  }

  /** Who saves files reads a log, where every reason must stand. */
  private async publishFiles(dir: string, files: readonly ReleaseFile[], message: string): Promise<Published> {
    // At the start nobody waits for this process, and another would take longer to begin than a few files to check.
    const how = this.watched === undefined && !areLarge(files) ? tryHere : undefined;
    try {
      const published = await this.releases.publish(files, { author: FOLDER, message, who: FOLDER }, how);
      const { version, isNew, notes } = published;
      if (isNew && notes.length > 0) this.logger.warn(warningsText(`Release ${version}`, notes));
      return published;
    } catch (error) {
      throw error instanceof ReleaseRefused || error instanceof CheckTooCostly
        ? new BrokenRulebook(error.problems.map(({ path, message: why }) => `${join(dir, path)} ${why}`))
        : error;
    }
  }

  private async read(dir: string): Promise<readonly ReleaseFile[]> {
    const { files, problems } = await readFolderAside(dir);
    const before = this.seen;
    this.seen = await digestOf(files, problems);
    if (problems.length > 0 && this.seen !== before)
      throw new BrokenRulebook(problems.map((problem) => problemText(problemIn(dir, problem))));
    return files;
  }

  private report(error: unknown): void {
    // The fault is not in the files: saved again as they are, they are tried again.
    if (!(error instanceof BrokenRulebook)) this.seen = '';
    const text = error instanceof UsherError ? error.message : String(error);
    this.logger.error(`What was saved does not go live, and what was live goes on. ${text}`);
  }
}

/** The paths of files that are in one list alone, or have another text in each. */
function changedPaths(before: readonly ReleaseFile[], after: readonly ReleaseFile[]): string[] {
  const [old, now] = [textsOf(before), textsOf(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].filter((path) => old.get(path) !== now.get(path)).sort();
}

function someOf(files: readonly string[]): string {
  const more = files.length - MOST_NAMED;
  return files.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const MOST_NAMED = 10;

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
