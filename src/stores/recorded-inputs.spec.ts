import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allOf } from '../../test/in-parts.js';
import { PATIENT, startRedis, startRedisCluster } from '../../test/redis-server.js';
import { describeRecordedInputs, input, state } from './recorded-inputs.contract.js';
import type { RecordedLimits } from './recorded-inputs.js';
import { RedisConnection } from './redis/redis-connection.js';
import { RedisRecordedInputs } from './redis/redis-recorded-inputs.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';
import { SqliteHousekeeping } from './sqlite/sqlite-housekeeping.js';
import { SqliteRecordedInputs } from './sqlite/sqlite-recorded-inputs.js';

const LIMITS: RecordedLimits = { keep: 10_000, keepDays: 0 };

describeRecordedInputs('recorded inputs on SQLite', async () => {
  const opened: SqliteDatabase[] = [];
  const open = async (limits: RecordedLimits) => {
    opened.push(SqliteDatabase.open(':memory:'));
    return reopen(limits);
  };
  const reopen = async (limits: RecordedLimits) =>
    new SqliteRecordedInputs(opened.at(-1) ?? SqliteDatabase.open(':memory:'), limits);
  return { open, reopen, tearDown: async () => void (await Promise.all(opened.map((database) => database.close()))) };
});

describeRecordedInputs('recorded inputs on Redis', async () => onRedis(await startRedis()));

describeRecordedInputs('recorded inputs on Redis Cluster', async () => onRedis(await startRedisCluster()));

async function onRedis(server: { readonly url: string; stop(): Promise<void> }) {
  const connection = await RedisConnection.open(server.url, PATIENT);
  const reopen = async (limits: RecordedLimits) => new RedisRecordedInputs(connection, limits);
  const open = async (limits: RecordedLimits) => {
    await connection.run(async (redis) =>
      Promise.all(('nodes' in redis ? redis.nodes('master') : [redis]).map((node) => node.flushall())),
    );
    return reopen(limits);
  };
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { open, reopen, tearDown };
}

const secrets = Array.from({ length: 300 }, (_, n) =>
  input(n, {
    visitorId: `SECRET ${n}`,
    request: { visitorId: `SECRET ${n}`, context: { note: 'SECRET '.repeat(n) } } as never,
    visitor: { kind: 'stored', state: `state ${n % 50}`, seenAt: 1, keepInteractions: 5, keepDays: 5 },
  }),
);
const secretStates = Array.from({ length: 50 }, (_, n) => ({
  ...state(n),
  id: `SECRET home ${n}`,
  document: Buffer.from(`SECRET ${n} `.repeat(n * 20)),
}));

describe('recorded inputs in a file on SQLite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-recorded-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('no byte of who was erased is in the files once they are scrubbed', async () => {
    const file = join(folder, 'usher.db');
    const database = SqliteDatabase.open(file);
    const recorded = new SqliteRecordedInputs(database, LIMITS);
    await recorded.append(secrets, secretStates);
    await recorded.append([input(1_000)], [state(1_000)]);
    const holds = async () =>
      (await Promise.all([file, `${file}-wal`].map((path) => readFile(path)))).some((bytes) =>
        bytes.includes('SECRET'),
      );
    expect(await holds()).toBe(true);
    expect(await recorded.erase(secrets.map(({ visitorId }) => visitorId))).toBe(300);
    await new SqliteHousekeeping(database).scrub();
    expect([await holds(), (await recorded.page(0, 10)).inputs]).toEqual([false, [input(1_000)]]);
    await database.close();
  });

  test('a state that was written is not written again, and is when it went meanwhile', async () => {
    const database = SqliteDatabase.open(':memory:');
    const [recorded, other] = [1, 2].map(() => new SqliteRecordedInputs(database, LIMITS)) as [
      SqliteRecordedInputs,
      SqliteRecordedInputs,
    ];
    const isHeld = async (n: number) => (await recorded.states([state(n).key])).size === 1;
    await recorded.append([input(1), input(2)], [state(1), state(2)]);
    const changed = { ...state(1), document: Buffer.from('another one') };
    await recorded.append([input(1)], [changed]);
    expect((await recorded.states([state(1).key])).get(state(1).key)).toEqual(new Uint8Array(state(1).document));

    expect(await other.erase([input(1).visitorId])).toBe(2);
    expect([await isHeld(1), await isHeld(2)]).toEqual([false, true]);
    await recorded.append([input(1), input(2), input(3)], [state(1), state(2), state(3)]);
    expect(await Promise.all([1, 2, 3].map(isHeld))).toEqual([true, true, true]);
    expect((await recorded.page(0, 10)).inputs).toHaveLength(4);
    await database.close();
  });

  test('a lowered limit holds at once for what is shown, and is reached over time', async () => {
    const database = SqliteDatabase.open(':memory:');
    await new SqliteRecordedInputs(database, LIMITS).append(secrets, secretStates);
    const recorded = new SqliteRecordedInputs(database, { keep: 5, keepDays: 0 });
    const shown = async () => (await recorded.page(0, 1_000)).inputs.map(({ decidedAt }) => decidedAt);
    const held = async () => (await allOf(recorded.about(secrets.map(({ visitorId }) => visitorId)))).length;
    await recorded.append([input(1_000)], [state(1_000)]);
    expect([await shown(), (await held()) > 200]).toEqual([[296, 297, 298, 299, 1_000], true]);
    for (let n = 1_001; n < 1_100; n += 1) await recorded.append([input(n)], [state(n)]);
    expect([await shown(), await held()]).toEqual([[1_095, 1_096, 1_097, 1_098, 1_099], 0]);
    expect((await recorded.states(secretStates.map(({ key }) => key))).size).toBe(0);
    await database.close();
  });
});

describe('recorded inputs in memory on Redis', () => {
  test('of who was erased nothing is in any key', async () => {
    const server = await startRedis();
    const connection = await RedisConnection.open(server.url, PATIENT);
    const recorded = new RedisRecordedInputs(connection, LIMITS);
    await recorded.append(secrets, secretStates);
    await recorded.append([input(1_000)], [state(1_000)]);
    expect(await recorded.erase(secretStates.map(({ id }) => id))).toBe(300);
    const sizes = () =>
      connection.run((redis) =>
        Promise.all([
          redis.zcard('usher:{recorded}:order'),
          redis.hlen('usher:{recorded}:inputs'),
          redis.hlen('usher:{recorded}:states'),
          redis.zcard('usher:{recorded}:index'),
        ]),
      );
    expect(await sizes()).toEqual([1, 1, 1, 3]);
    expect(await recorded.erase([input(1_000).visitorId])).toBe(1);
    const left = await connection.run((redis) => redis.keys('*'));
    expect(left.sort()).toEqual(['usher:{recorded}:bytes', 'usher:{recorded}:last']);
    expect(await connection.run((redis) => redis.get('usher:{recorded}:bytes'))).toBe('0');
    await connection.close();
    await server.stop();
  });
});
