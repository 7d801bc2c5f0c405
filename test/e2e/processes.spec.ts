import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startRedis, type RedisServer } from '../redis-server.js';
import { until } from '../until.js';
import { BuiltCli, type StartedService } from './built-cli.js';

/**
 * The processes that a process has begun, in the order of their numbers, as they were begun: a folder is listed as
 * texts, by which 10015 is before 9830.
 */
function begunBy(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid)
    .sort((a, b) => a - b);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}

for (const store of ['SQLite', 'Redis'] as const)
  describe(`two processes on one port, on ${store}`, () => {
    let cli: BuiltCli;
    let redis: RedisServer | undefined;
    let service: StartedService;
    const settings = (): Record<string, string> => ({
      USHER_PROCESSES: '2',
      USHER_RECORD_SHARE: '1',
      ...(redis && { REDIS_URL: redis.url }),
    });
    beforeAll(async () => {
      cli = await BuiltCli.open();
      if (store === 'Redis') redis = await startRedis();
      service = await cli.start(settings());
    });
    afterAll(async () => {
      await service.stop();
      await redis?.stop();
      await cli.remove();
    });

    /** Over a connection of its own, which any of them may get. */
    const ask = async (path: string, body?: object): Promise<string> => {
      const response = await fetch(`${service.url}${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json', connection: 'close' },
      });
      expect([path, response.status]).toEqual([path, 200]);
      return response.text();
    };
    /** How many placements each process decided. */
    const decidedBy = async (): Promise<Map<string, number>> => {
      const counts = new Map<string, number>();
      for (const [, place = '', count] of (await ask('/metrics')).matchAll(
        /^usher_decisions_total\{process="(\d)".*\} (\d+)/gm,
      ))
        counts.set(place, (counts.get(place) ?? 0) + Number(count));
      return counts;
    };

    test('both decide, each knows what the other has stored, and the metrics are of both', async () => {
      const events = [{ type: 'track', messageId: 'm-1', event: 'Model Configured', properties: { model: 'Wren' } }];
      await ask('/v1/track', { ...events[0], anonymousId: 'somebody' });
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => ask('/v1/decisions', { visitorId: 'somebody', placements: ['home.hero'] })),
      );
      const offers = answers.map((text) => /"offer":"([^"]+)"/.exec(text)?.[1]);
      expect(new Set(offers).size).toBe(1);
      await until('all decisions to be counted', async () => {
        const counts = await decidedBy();
        return [...counts.values()].reduce((sum, one) => sum + one, 0) === 40 && counts.size === 2;
      });
    });

    test('one that dies takes nobody along, and is begun again', async () => {
      const before = begunBy(service.pid);
      expect(before).toHaveLength(2);
      process.kill(before[1] ?? 0, 'SIGKILL');
      await until('it to be gone', () => !isAlive(before[1] ?? 0));
      // A connection that is given to it before its end is known is lost.
      await until('the other to answer', async () => {
        await ask('/v1/decisions', { visitorId: 'somebody', placements: ['home.hero'] });
        return true;
      });
      await until('another in its place', async () => {
        const [metrics, now] = [await ask('/metrics'), begunBy(service.pid)];
        return now.length === 2 && !now.includes(before[1] ?? 0) && metrics.includes('process="2"');
      });
      expect(service.said()).toContain('Process 2 of 2 ended by SIGKILL. It is begun again in 0.5 s.');
    });

    test('a signal ends all, once what they have taken on is written', async () => {
      const answer = await ask('/v1/decisions', { visitorId: 'last', placements: ['home.hero'] });
      const serving = begunBy(service.pid);
      expect(await service.stop()).toBe('SIGTERM');
      expect(serving.filter(isAlive)).toEqual([]);
      service = await cli.start(settings());
      const { decisionId } = JSON.parse(answer) as { decisionId: string };
      expect(await ask('/v1/visitors/last/export')).toContain(decisionId);
    });

    test('they end with the first, however that ended', async () => {
      const serving = begunBy(service.pid);
      process.kill(service.pid, 'SIGKILL');
      await until('all to be gone', () => !serving.some(isAlive));
      service = await cli.start(settings());
    });
  });

test('what keeps one from starting keeps all, and is told once', async () => {
  const cli = await BuiltCli.open();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const env = { USHER_PROCESSES: '3', HOST: '127.0.0.1', PORT: String(port) };
  const { code, stderr } = await cli.run(['start'], { env });
  expect([code, stderr.match(/is in use/g)?.length]).toEqual([1, 1]);
  taken.close();
  await cli.remove();
});
