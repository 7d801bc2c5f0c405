import type { OnApplicationShutdown } from '@nestjs/common';
import { asVersion } from '../engine/compile.js';
import type { Rulebook } from '../engine/rulebook.js';
import type { ReleaseId } from './release-copies.js';

/** Rulebooks kept besides those that serve, so that a rollback need not compile. */
const MOST_SERVED = 4;
/** Whoever publishes and activates in one go takes less; one that waits for approval is built again. */
const CANDIDATE_MS = 900_000;

/**
 * The compiled rulebooks that this process has at hand, so that none is compiled twice: the last that served, and one
 * candidate, which is what the last good check compiled. What is made of the same files is the same, whatever its
 * version.
 */
export class CompiledRulebooks implements OnApplicationShutdown {
  private readonly served = new Map<string, Rulebook>();
  private candidate: Rulebook | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly candidateMs = CANDIDATE_MS) {}

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
    if (this.candidate?.digest === rulebook.digest) this.drop();
  }

  /** Keeps what a check compiled until it serves, another takes its place, or a quarter of an hour has gone by. */
  keepCandidate(rulebook: Rulebook): void {
    this.drop();
    this.candidate = rulebook;
    this.timer = setTimeout(() => this.drop(), this.candidateMs).unref();
  }

  onApplicationShutdown(): void {
    this.drop();
  }

  private madeOf(digest: string): Rulebook | undefined {
    if (this.candidate?.digest === digest) return this.candidate;
    return [...this.served.values()].find((one) => one.digest === digest);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.candidate = undefined;
  }
}

function keyOf({ version, digest }: ReleaseId): string {
  return `${version} ${digest}`;
}
