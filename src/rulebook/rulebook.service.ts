import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Definitions } from '../engine/definitions.js';
import type { Rulebook } from '../engine/types.js';
import { BrokenRulebook } from '../errors.js';
import { loadRulebook, type LoadedRulebook } from './load-rulebook.js';
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
  private live: { rulebook: Rulebook; definitions: Definitions } | undefined;
  private lastSeen = '';
  private dir = '';
  private endWatch: (() => void) | undefined;

  /** The live rulebook: immutable, compiled, at hand without waiting. Throws {@link BrokenRulebook} before `start`. */
  current(): Rulebook {
    if (this.live) return this.live.rulebook;
    throw new BrokenRulebook(['no rules are loaded yet; call start first']);
  }

  /** The definitions that the live rulebook was made from. */
  definitions(): Definitions {
    if (this.live) return this.live.definitions;
    throw new BrokenRulebook(['no rules are loaded yet; call start first']);
  }

  /** Reads the rules of a folder as version 1. Throws {@link BrokenRulebook} with every problem when there is one. */
  start(dir: string): Rulebook {
    this.dir = dir;
    const loaded = loadRulebook(dir, 1);
    if (!loaded.rulebook) throw new BrokenRulebook(loaded.problems.map(problemText));
    for (const note of loaded.notes) this.logger.log(note);
    this.take(loaded.rulebook, loaded);
    return loaded.rulebook;
  }

  /** From now on, rule files go live as they are saved. What is broken is reported, and what was live goes on. */
  watch(listener: RulebookListener = {}): void {
    this.endWatch?.();
    this.endWatch = watchFolder(this.dir, () => this.reload(listener));
  }

  /** Ends the watching; the rulebook stays. */
  stop(): void {
    this.endWatch?.();
    this.endWatch = undefined;
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private reload({ changed, broken }: RulebookListener): void {
    const version = this.current().version;
    const loaded = loadRulebook(this.dir, version + 1);
    const { rulebook, problems, digest } = loaded;
    if (seenOf(loaded) === this.lastSeen) return;
    this.lastSeen = seenOf(loaded);
    if (!rulebook) {
      this.logger.error(`Rulebook ${version} stays live. ${new BrokenRulebook(problems.map(problemText)).message}`);
      broken?.(problems);
    } else if (digest !== this.current().digest) {
      this.take(rulebook, loaded);
      this.logger.log(`Rulebook ${rulebook.version} is live.`);
      changed?.(rulebook);
    }
  }

  private take(rulebook: Rulebook, loaded: LoadedRulebook): void {
    this.live = { rulebook, definitions: loaded.definitions };
    this.lastSeen = seenOf(loaded);
  }
}

/** What tells one state of the folder from another; unknown folders and the like are not part of the digest. */
function seenOf({ digest, problems }: LoadedRulebook): string {
  return [digest, ...problems.map(problemText)].join('\n');
}
