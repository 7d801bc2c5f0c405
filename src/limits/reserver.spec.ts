import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENT, startRedis, type RedisServer } from '../../test/redis-server.js';
import { until } from '../../test/until.js';
import { RedisConnection } from '../stores/redis/redis-connection.js';
import { RedisLimitStore } from '../stores/redis/redis-limit-store.js';
import { RedisVisitorStore } from '../stores/redis/redis-visitor-store.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteLimitStore } from '../stores/sqlite/sqlite-limit-store.js';
import { SqliteVisitorStore } from '../stores/sqlite/sqlite-visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import {
  aProcess,
  both,
  contactsOf,
  describeReserver,
  heldOf,
  patiently,
  type OpenedStores,
  type PlaceStores,
  type Within,
} from './reserver.contract.js';

describeReserver('on SQLite', async () => {
  const database = SqliteDatabase.open(':memory:');
  return {
    visitors: new SqliteVisitorStore(database),
    limits: new SqliteLimitStore(database),
    close: async () => database.close(),
  };
});

describe('on a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  describeReserver('on Redis', async () => {
    await server.ask('FLUSHALL');
    return openedOn(server.url);
  });
});

async function openedOn(url: string): Promise<OpenedStores> {
  const connection = await RedisConnection.open(url, PATIENT);
  return {
    visitors: new RedisVisitorStore(connection),
    limits: new RedisLimitStore(connection),
    close: () => connection.close(),
  };
}

/** What a store does of itself when its server is away, where the suite above makes the store do it. */
describe('a Redis that fails between a decision and its places', () => {
  let server: RedisServer;
  let between: LossyLine;
  let lossy: OpenedStores;
  let direct: OpenedStores;
  beforeAll(async () => {
    server = await startRedis({ appendOnly: true });
    between = await LossyLine.start(server.url);
    [lossy, direct] = [await openedOn(between.url), await openedOn(server.url)];
  });
  beforeEach(async () => {
    Logger.overrideLogger(false);
    await server.ask('FLUSHALL');
  });
  afterAll(async () => {
    await Promise.all([lossy.close(), direct.close()]);
    await between.stop();
    await server.stop();
  });
  const isBack = (stores: PlaceStores) =>
    until('Redis to be found again', () =>
      stores.limits
        .left([])
        .then(() => heldOf(stores))
        .then(isNumber, () => false),
    );

  test('and hangs costs the answer nothing that is limited; what it grants when it goes on goes back', async () => {
    const ask = aProcess(direct);
    const hanging: Within = async (of) => {
      server.pause();
      void patiently(of);
      // So that what is asked has left.
      await sleep(50);
      return { kind: 'late' };
    };
    expect(await ask('u', undefined, hanging)).toEqual(['b']);
    server.resume();
    await until('the contact to be released', async () => (await contactsOf(direct, 'u')).includes('released'));
    await until('the place to be given back', async () => (await heldOf(direct)) === 0);
    expect(await ask('v')).toEqual(['a']);
  });

  test('and is killed leaves out what is limited, until it is there again', async () => {
    const ask = aProcess(direct);
    const killed: Within = async (of) => {
      await server.kill();
      return patiently(of);
    };
    expect(await ask('u', undefined, killed)).toEqual(['b']);
    await server.restart();
    await isBack(direct);
    expect(await ask('u')).toEqual(['a']);
    expect([await heldOf(direct), await ask('v')]).toEqual([1, ['b']]);
  });

  test('and whose answer is lost leaves out what it granted, which is held until its hold is over', async () => {
    // Whatever became of its server before.
    await isBack(lossy);
    const rulebook = both('2s');
    const ask = aProcess(lossy, rulebook);
    // Of a person who is known: their place then takes one command, as that in total does.
    await new VisitorsService(direct.visitors, { keepInteractions: 500, keepDays: 0 }).setTraits('u', { plan: 'gold' });
    const losing: Within = async (of) => {
      between.isLosing = true;
      const answer = await patiently(of);
      between.isLosing = false;
      return answer;
    };
    expect(await ask('u', 'letter-1', losing)).toEqual(['b']);
    // It was done, and nobody knows.
    expect([await heldOf(direct), await contactsOf(direct, 'u')]).toEqual([1, ['decided']]);
    await until('the lines that lose to be closed', () => between.doomed.size === 0);
    await isBack(lossy);
    // Made again it has what it had; another has it only when the hold is over.
    expect(await ask('u', 'letter-1')).toEqual(['a']);
    expect(await ask('v')).toEqual(['b']);
    await until('the place to come back', async () => (await ask('v'))[0] === 'a');
  });
});

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

/** So long a line goes on to take what is asked after it lost an answer. */
const LINGERS_MS = 100;

/** A line to a server by which all that is asked arrives, and answers are lost while it is losing. */
class LossyLine {
  isLosing = false;
  /** Those on which an answer was lost, which are closed in a moment. */
  readonly doomed = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly server: ReturnType<typeof createServer>,
    private readonly sockets: Set<Socket>,
  ) {}

  static async start(target: string): Promise<LossyLine> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-lossy-'));
    const [path, sockets] = [join(folder, 'line.sock'), new Set<Socket>()];
    const server = createServer((near) => {
      const far = connect(new URL(target).pathname);
      for (const one of [near, far]) sockets.add(one.on('error', () => one.destroy()));
      near.pipe(far);
      far.on('data', (answer) => {
        if (!line.isLosing && !line.doomed.has(near)) return void near.write(answer);
        line.doomed.add(near);
        setTimeout(() => near.destroy(), LINGERS_MS);
      });
      near.on('close', () => {
        line.doomed.delete(near);
        far.destroy();
      });
      far.on('close', () => near.destroy());
    });
    const line = new LossyLine(`unix://${path}`, folder, server, sockets);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return line;
  }

  async stop(): Promise<void> {
    for (const one of this.sockets) one.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }
}
