import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Rulebook } from '../engine/types.js';
import { BrokenRulebook } from '../errors.js';
import { loadAside, type LoadedAside } from './load-aside.js';
import { loadRulebook } from './load-rulebook.js';
import { problemText, type RuleProblem } from './rule-problem.js';
import { watchFolder } from './watch-folder.js';

/** Hears of what happens to the rule files while they are watched. */
export interface RulebookListener {
  /** A new rulebook is live. */
  readonly changed?: (rulebook: Rulebook) => void;
  /** What was saved has problems: the rulebook before it stays live. */
  readonly broken?: (problems: readonly RuleProblem[]) => void;
}

/** Keeps the live rulebook: read at the start, and again whenever a file changes while it is watched. */
@Injectable()
export class RulebookService implements OnApplicationShutdown {
  private readonly logger = new Logger('Rulebook');
  private live: Rulebook | undefined;
  private isReloading = false;
  private isStale = false;
  private lastSeen = '';
  private dir = '';
  private endWatch: (() => void) | undefined;

  /** The live rulebook: immutable, compiled, at hand without waiting. Throws {@link BrokenRulebook} before `start`. */
  current(): Rulebook {
    if (this.live) return this.live;
    throw new BrokenRulebook(['no rules are loaded yet; call start first']);
  }

  /** Reads the rules of a folder as version 1. Throws {@link BrokenRulebook} with every problem when there is one. */
  start(dir: string): Rulebook {
    this.dir = dir;
    const loaded = loadRulebook(dir, 1);
    if (!loaded.rulebook) throw new BrokenRulebook(loaded.problems.map(problemText));
    for (const note of loaded.notes) this.logger.log(note);
    this.live = loaded.rulebook;
    this.lastSeen = seenOf(loaded);
    return loaded.rulebook;
  }

  /** From now on, rule files go live as they are saved. What is broken is reported, and what was live goes on. */
  watch(listener: RulebookListener = {}): void {
    this.endWatch?.();
    this.endWatch = watchFolder(this.dir, () => void this.reload(listener));
  }

  /** Ends the watching; the rulebook stays. */
  stop(): void {
    this.endWatch?.();
    this.endWatch = undefined;
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  /** One at a time: what changes while one is under way is looked at after it. */
  private async reload(listener: RulebookListener): Promise<void> {
    this.isStale = true;
    if (this.isReloading) return;
    this.isReloading = true;
    while (this.isStale) {
      this.isStale = false;
      await this.load(listener).catch((error: unknown) => this.logger.error(`The rules could not be read: ${String(error)}`));
    }
    this.isReloading = false;
  }

  private async load({ changed, broken }: RulebookListener): Promise<void> {
    const { version } = this.current();
    const loaded = (await countFiles(this.dir)) > MANY_FILES ? await loadAside(this.dir, version + 1) : loadRulebook(this.dir, version + 1);
    const { rulebook, problems, digest } = loaded;
    if (seenOf(loaded) === this.lastSeen) return;
    this.lastSeen = seenOf(loaded);
    if (!rulebook) {
      this.logger.error(`Rulebook ${version} stays live. ${new BrokenRulebook(problems.map(problemText)).message}`);
      broken?.(problems);
    } else if (digest !== this.current().digest) {
      this.live = rulebook;
      this.logger.log(`Rulebook ${rulebook.version} is live.`);
      changed?.(rulebook);
    }
  }
}

/** Beyond so many files, reading them takes longer than a request may wait, and starting a thread is worth it. */
const MANY_FILES = 300;

async function countFiles(dir: string): Promise<number> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const counts = await Promise.all(entries.map((entry) => readdir(join(dir, entry.name)).then((names) => names.length, () => 1)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What tells one state of the folder from another; unknown folders and the like are not part of the digest. */
function seenOf({ digest, problems }: LoadedAside): string {
  return [digest, ...problems.map(problemText)].join('\n');
}
