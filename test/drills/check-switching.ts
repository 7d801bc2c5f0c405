import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import { activate, ask, markedRules, publish, type MarkedAnswer } from './releases.ts';
import { Deployment } from './deployment.ts';

/** How long a release then answers under the load. */
const SERVES_MS = 500;

/** How often releases are switched, under what load. */
export interface Switching {
  readonly releases: number;
  /** Requests a second to each replica. */
  readonly rate: number;
  /** How soon a release must be live everywhere. */
  readonly withinMs: number;
}

/**
 * Two replicas on one Redis under constant load, and release after release: throws unless each is live on both in time,
 * no request fails, and no answer mixes two releases.
 */
export async function checkSwitching(dist: string, { releases, rate, withinMs }: Switching): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Redis', markedRules('release 1'));
  try {
    const urls = [(await deployment.start('a')).url, (await deployment.start('b')).url];
    const load = new Load(urls, rate);
    const slowest: number[] = [];
    for (let version = 2; version <= releases + 1; version++) {
      const published = await publish(urls[0] ?? '', markedRules(`release ${version}`));
      if (published !== version) throw new Error(`release ${version} was published as ${published}`);
      const activatedAt = performance.now();
      await activate(urls[version % 2] ?? '', version);
      await until(`release ${version} on both`, () => urls.every((url) => load.firstSeen(url, version) < Infinity));
      await sleep(SERVES_MS);
      slowest.push(...urls.map((url) => load.firstSeen(url, version) - activatedAt));
    }
    const answers = await load.end();
    const late = slowest.filter((ms) => !(ms < withinMs));
    if (late.length > 0) throw new Error(`a release was live only after ${late.map(Math.round).join(', ')} ms`);
    return (
      `${releases} releases, two replicas: each live on both within ${Math.round(Math.max(...slowest))} ms; ` +
      `${answers} answers, none failed or mixed`
    );
  } finally {
    await deployment.close();
  }
}

/** Requests at a constant rate, whether or not earlier ones are answered. */
class Load {
  private readonly urls: readonly string[];
  private readonly seen = new Map<string, number>();
  private readonly under: Promise<void>[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly problems: string[] = [];

  constructor(urls: readonly string[], rate: number) {
    this.urls = urls;
    this.timer = setInterval(() => urls.forEach((url) => this.under.push(this.one(url))), 1_000 / rate);
  }

  /** When an answer by a release first came from there; Infinity when none did. */
  firstSeen(url: string, version: number): number {
    return this.seen.get(`${url} ${version}`) ?? Infinity;
  }

  /** How many were answered; throws what was wrong with any. */
  async end(): Promise<number> {
    clearInterval(this.timer);
    await Promise.all(this.under);
    if (this.problems.length > 0)
      throw new Error(
        `${this.problems.length} of ${this.under.length} answers are wrong, the first: ${this.problems[0]}`,
      );
    return this.under.length;
  }

  private async one(url: string): Promise<void> {
    try {
      const answer = await ask(url, `visitor-${this.under.length % 500}`);
      this.look(answer);
      const key = `${url} ${answer.version}`;
      if (!this.seen.has(key)) this.seen.set(key, performance.now());
    } catch (error) {
      this.problems.push(String(error));
    }
  }

  private look({ version, titles, served }: MarkedAnswer): void {
    const isWhole = titles.every((title) => title === `release ${version}`) && served === 'full';
    if (!isWhole)
      this.problems.push(
        `release ${version}, served ${served}, shows ${titles.join(' and ')} at ${this.urls.join(', ')}`,
      );
  }
}
