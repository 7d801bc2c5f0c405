import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { Rulebook } from '../engine/rulebook.js';
import { BrokenRulebook } from '../errors.js';
import { loadRules, type LoadRules } from '../rulebook/aside/load-rules.js';
import { problemIn, problemText } from '../rulebook/read/rule-problem.js';
import { warningsText } from './warnings-text.js';
import { type RulebookService } from './rulebook.service.js';
import { ServingRulebooks } from './serving-rulebooks.js';
import { WantedReleases } from './wanted-releases.js';
import { type Release, type ReleaseStore, type ReleaseSummary, type Rollout } from '../stores/release-store.js';
import { type ReleasesAtHand } from './releases-at-hand.js';
import { type ReleaseCopies } from './release-copies.js';

/** A message that another process activated something may be lost; then it is found out by looking. */
const LOOK_MS = 500;

/** What there is of rulebooks already, and how others are built while requests are served. */
export interface Building {
  readonly atHand: ReleasesAtHand;
  readonly loadBeside: LoadRules;
}

type Find = (version: number) => Promise<Rulebook>;

/** Has the rulebooks serve that the store says: reads, compiles and swaps them in, one rollout after the other. */
export class RolloutFollower implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Releases');
  private updating: Promise<void> = Promise.resolve();
  /** Begins when what is under way has ended: whoever asks until then is answered by it too. */
  private next: Promise<void> | undefined;
  private served: number | undefined;
  private failed: number | undefined;
  private unsubscribe: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: ReleaseStore,
    private readonly rulebooks: RulebookService,
    private readonly copies: ReleaseCopies,
    private readonly how: Building,
  ) {}

  /** Goes along with every change of the rollout from now on. */
  follow(): void {
    const look = (): void =>
      void this.update().catch((error: unknown) =>
        this.logger.error(`The rollout could not be followed: ${String(error)}`),
      );
    metrics
      .getMeter('usher')
      .createObservableGauge('usher_release_live', {
        description: 'The version of the release that is live in this process',
      })
      .addCallback((result) => result.observe(this.rulebooks.current().version));
    this.unsubscribe = this.store.subscribe(look);
    // A store that does not answer is told of by whoever keeps the connection.
    this.timer = setInterval(() => void this.update().catch(() => undefined), LOOK_MS).unref();
  }

  /**
   * Resolves when what the store says now serves. Rejects where it can't be read or loaded; what served goes on then.
   */
  update(): Promise<void> {
    this.next ??= this.updating
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.look();
      });
    return (this.updating = this.next);
  }

  /** Has the releases serve that served last on this machine, from their copies; false where there is none. */
  async serveCopies(): Promise<boolean> {
    const last = await this.copies.last();
    if (last?.rollout.live === undefined) return false;
    const find: Find = async (version) => {
      const id = last.releases.find((one) => one.version === version);
      const release = id && (await this.copies.release(id));
      if (!release) throw new BrokenRulebook([`there is no copy of release ${version} on this disk`]);
      return this.compile(release);
    };
    this.rulebooks.serve(await this.servingOf(last.rollout, last.rollout.live, find));
    this.logger.warn(`Release ${last.rollout.live} serves from its copy on this disk.`);
    return true;
  }

  /** Has the rules of a folder serve as they are, as version 0. Throws {@link BrokenRulebook}. */
  async serveFolder(dir: string): Promise<void> {
    const { rulebook, problems } = await loadRules(dir, 0);
    if (!rulebook) throw new BrokenRulebook(problems.map((problem) => problemText(problemIn(dir, problem))));
    this.rulebooks.serve(new ServingRulebooks(rulebook));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe?.();
    clearInterval(this.timer);
    await this.updating.catch(() => undefined);
  }

  private async look(): Promise<void> {
    for (let rollout: Rollout | undefined = await this.store.rollout(); rollout && this.isNews(rollout);)
      rollout = await this.take(rollout);
  }

  private isNews({ revision, live }: Rollout): boolean {
    // A store that was emptied counts from the beginning.
    if (live === undefined) this.served = this.failed = undefined;
    return live !== undefined && revision !== this.served && revision !== this.failed;
  }

  /**
   * Gives back the rollout that took its place meanwhile, if one did: what was undone while it was compiled does not
   * serve.
   */
  private async take(rollout: Rollout): Promise<Rollout | undefined> {
    const wanted = new WantedReleases(this.store, this.how.atHand);
    const find: Find = async (version) => this.rulebookOf(await wanted.summary(version), wanted);
    const serving = await this.orFail(rollout, () => this.servingOf(rollout, rollout.live ?? 0, find));
    const missing = await wanted.withFiles(await this.copies.missing(wanted.summaries));
    const now = await this.store.rollout().catch(() => rollout);
    if (now.revision !== rollout.revision) return now;
    // First, so that whoever was served by a release is served by it after a crash, store or not.
    await this.copies
      .remember(rollout, wanted.summaries, missing)
      .catch((error: unknown) =>
        this.logger.warn(
          `While the store is away this service can't start, as no copy could be written (${String(error)}). ` +
            'Name a folder that may be written with USHER_DATA.',
        ),
      );
    this.rulebooks.serve(serving);
    this.served = rollout.revision;
    this.logger.log(`${inWords(rollout)} ${rollout.canary || rollout.shadow ? 'serve' : 'serves'}.`);
    return undefined;
  }

  private async servingOf({ canary, shadow }: Rollout, live: number, find: Find): Promise<ServingRulebooks> {
    const rulebook = await find(live);
    const first = canary && (await this.beside(canary.version, find));
    const second = shadow && (await this.beside(shadow.version, find));
    return new ServingRulebooks(rulebook, canary && first && { rulebook: first, share: canary.share }, second);
  }

  /** What is only tried, and this version of Usher can't read, keeps nobody from what is live. */
  private async beside(version: number, find: Find): Promise<Rulebook | undefined> {
    try {
      return await find(version);
    } catch (error) {
      if (!(error instanceof BrokenRulebook)) throw error;
      this.logger.error(`Release ${version} is not tried here, and what is live serves instead. ${error.message}`);
      return undefined;
    }
  }

  /** What is broken is not tried again before the next change; what the store could not give is. */
  private async orFail<T>(rollout: Rollout, load: () => Promise<T>): Promise<T> {
    try {
      return await load();
    } catch (error) {
      if (error instanceof BrokenRulebook) this.failed = rollout.revision;
      throw error;
    }
  }

  private async rulebookOf(release: ReleaseSummary, wanted: WantedReleases): Promise<Rulebook> {
    const known = this.how.atHand.find(release);
    if (!known) return this.compile(await wanted.release(release));
    this.how.atHand.keep(known);
    return known;
  }

  private async compile(release: Release): Promise<Rulebook> {
    const rulebook = this.how.atHand.find(release) ?? (await this.load(release));
    this.how.atHand.keep(rulebook);
    return rulebook;
  }

  private async load({ version, digest, files }: Release): Promise<Rulebook> {
    const load = this.rulebooks.isServing ? this.how.loadBeside : loadRules;
    const { rulebook, problems, warnings, digest: found } = await load(files, version);
    if (!rulebook || found !== digest)
      throw new BrokenRulebook(
        problems.length > 0 ? problems.map(problemText) : [`release ${version} is not what was published`],
      );
    if (warnings.length > 0) this.logger.warn(warningsText(`Release ${version}`, warnings.map(problemText)));
    return rulebook;
  }
}

function inWords({ live, canary, shadow }: Rollout): string {
  const besides = [
    ...(canary ? [`release ${canary.version} for ${canary.share} % of the visitors`] : []),
    ...(shadow ? [`release ${shadow.version} in the shadow`] : []),
  ];
  return [`Release ${live ?? 0}`, ...besides].join(', ');
}
