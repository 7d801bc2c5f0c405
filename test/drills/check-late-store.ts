import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import { Deployment } from './deployment.ts';
import { LateProxy } from './late-proxy.ts';
import { ask, markedRules } from './releases.ts';

const DEADLINE_MS = 50;
const LATE_MS = 200;

/** How it is asked: so many a second for so long; 99 of 100 are to be answered so soon after the deadline. */
export interface LateStoreOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly withinMs: number;
}

/**
 * A Redis whose answers take 200 ms, then one that hangs: throws unless every decision is made from the context, within
 * the deadline and a little, and in full again once Redis is well.
 */
export async function checkLateStore(dist: string, options: LateStoreOptions): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('Redis', markedRules('first'));
  const proxy = await LateProxy.start(deployment.redis.url);
  try {
    const { url } = await deployment.start('a', { REDIS_URL: proxy.url, USHER_DEADLINE_MS: String(DEADLINE_MS) });
    const untilFull = () => until('decisions in full', async () => (await ask(url, 'anybody')).served === 'full');
    await untilFull();
    proxy.lateMs = LATE_MS;
    const late = await p99Of(url, options);
    proxy.lateMs = 0;
    await untilFull();
    deployment.redis.pause();
    const hanging = await p99Of(url, options);
    deployment.redis.resume();
    await untilFull();
    return (
      `a Redis ${LATE_MS} ms away: decisions within ${late.toFixed(1)} ms at p99 with a deadline of ${DEADLINE_MS}; ` +
      `one that hangs: ${hanging.toFixed(1)} ms; in full again afterwards`
    );
  } finally {
    await proxy.stop();
    await deployment.close();
  }
}

/** Throws where it is later than it may be, or any decision is not made from the context. */
async function p99Of(url: string, { rate, seconds, withinMs }: LateStoreOptions): Promise<number> {
  const asked: Promise<number>[] = [];
  for (let one = 0; one < rate * seconds; one++) {
    asked.push(timed(url));
    await sleep(1_000 / rate);
  }
  const tookMs = (await Promise.all(asked)).sort((a, b) => a - b);
  const p99 = tookMs[Math.floor(tookMs.length * 0.99)] ?? NaN;
  if (p99 > DEADLINE_MS + withinMs) throw new Error(`p99 is ${p99.toFixed(1)} ms with a deadline of ${DEADLINE_MS}`);
  return p99;
}

async function timed(url: string): Promise<number> {
  const begin = performance.now();
  const { served } = await ask(url, 'anybody');
  if (served !== 'context-only') throw new Error(`a decision is served ${served}`);
  return performance.now() - begin;
}
