import { execFile } from 'node:child_process';
import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';
import type { Memory } from '../../src/visitors/memory/memory.js';
import { startRedis } from '../redis-server.ts';
import { openVisitors, type BuiltVisitors } from './built-visitors.ts';
import { idsOf, randomPeople } from './random-people.ts';

const PROCESSES = 4;

/**
 * Has four processes on one Redis record what people do, at random; throws unless the end is as one process alone
 * has it. Says what was done.
 */
export async function checkProcesses(dist: string, people: number, seed: number): Promise<string> {
  const events = randomPeople(people, seed);
  const redis = await startRedis();
  const [together, alone] = await Promise.all([openVisitors(dist, redis.url), openVisitors(dist)]);
  try {
    const startedAt = performance.now();
    const refused = await Promise.all(
      Array.from({ length: PROCESSES }, (_, place) => recordShare([dist, redis.url, people, seed, place, PROCESSES])),
    );
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    await recordAll(together, refused.flat());
    await recordAll(alone, events);
    for (const id of idsOf(events))
      deepStrictEqual(shown(await together.visitors.find(id)), shown(await alone.visitors.find(id)), `of ${id}`);
    return (
      `${PROCESSES} processes recorded ${events.length} events of ${people} people, some twice, in ${seconds} s; ` +
      `each of ${idsOf(events).length} ids shows what one process alone would`
    );
  } finally {
    await Promise.all([together.close(), alone.close()]);
    await redis.stop();
  }
}

async function recordShare(args: readonly (string | number)[]): Promise<MemoryEvent[]> {
  const script = join(import.meta.dirname, 'record-share.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args.map(String)], {
    maxBuffer: 100_000_000,
  });
  return JSON.parse(stdout) as MemoryEvent[];
}

/** What is refused, as two ids are not known to be one person yet, is sent again at the end. */
async function recordAll({ visitors }: BuiltVisitors, events: readonly MemoryEvent[]): Promise<void> {
  const recorded = await visitors.record(events);
  await visitors.record(events.filter((_event, index) => recorded[index]?.refused !== undefined));
}

/** All but the id that the memory is kept under, and who counted what. */
function shown(memory: Memory | undefined): unknown {
  if (!memory) return undefined;
  const { userIds, anonymousIds, traits, consents, interactions, evicted } = memory;
  const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const counted = sorted(evicted).map(([event, { counts, first, last }]) => ({
    event,
    count: Object.values(counts as Record<string, number>).reduce((sum, one) => sum + one, 0),
    first: first as number,
    last: last as number,
  }));
  return JSON.parse(
    JSON.stringify({
      userIds,
      anonymousIds,
      traits: sorted(traits),
      consents: sorted(consents),
      interactions,
      counted,
    }),
  ) as unknown;
}
