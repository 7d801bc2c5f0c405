import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRedisCluster, type RedisClusterServers, type RedisServer } from '../redis-server.js';
import { until } from '../until.js';
import { someone } from './harness.js';
import { Service } from './service.js';

describe('a Redis Cluster of which a master dies', () => {
  let cluster: RedisClusterServers;
  let service: Service;
  let dead: RedisServer;
  const people = Array.from({ length: 60 }, someone);
  let lost: string[];
  let living: string[];

  const viewed = (userId: string) => ({ type: 'track', userId, event: 'Product Viewed' });
  const keysOf = async (node: RedisServer): Promise<string[]> =>
    (await node.ask('KEYS usher:*')).match(/usher:\S+/g) ?? [];
  const track = (userId: string) => service.post('/v1/track', viewed(userId));
  const statuses = async (ids: readonly string[]) => {
    const answers = await Promise.all(ids.map(track));
    return new Set(answers.map(({ status }) => status));
  };

  beforeAll(async () => {
    cluster = await startRedisCluster(3);
    service = new Service({ store: 'SQLite', settings: { REDIS_URL: cluster.url, USHER_RECORD_SHARE: '1' } });
    await service.start();
    await service.tell(...people.map(viewed));
    await service.post('/v1/track', { nobody: true });
    // The one that has the list of refused events: nothing may depend on that.
    const keys = await Promise.all(cluster.nodes.map(keysOf));
    const at = keys.findIndex((of) => of.some((key) => key.startsWith('usher:{rejected}')));
    dead = cluster.nodes[at] as RedisServer;
    lost = people.filter((id) => keys[at]?.includes(`usher:{${id}}:visitor`));
    living = people.filter((id) => !lost.includes(id));
  });
  afterAll(async () => {
    await service.stop();
    await cluster.stop();
  });

  test('has the events of all others taken in, beside theirs, which get 503', async () => {
    expect([lost.length, living.length].every((count) => count > 5)).toBe(true);
    await dead.kill();
    for (let round = 0; round < 3; round++) {
      const [ofLost, ofLiving] = await Promise.all([statuses(lost), statuses(living)]);
      expect([ofLost, ofLiving]).toEqual([new Set([503]), new Set([200])]);
    }
  });

  test('has good events taken in beside bad ones, which have lost their list', async () => {
    const { status, body } = await service.post('/v1/batch', { batch: [viewed(living[0] ?? ''), { type: 'nothing' }] });
    expect([status, body]).toMatchObject([200, { accepted: 1, refused: [{ index: 1 }] }]);
    await until('it to be told that the bad one is not kept', async () =>
      /^usher_rejected_unkept_total\S* [1-9]/m.test((await service.get('/metrics')).text),
    );
  });

  test('has decisions made in full for the others, and from the context for theirs', async () => {
    const served = async (ids: readonly string[]) => {
      const request = { placements: ['hero'] };
      const answers = await Promise.all(ids.map((visitorId) => service.decide({ ...request, visitorId })));
      return new Set(answers.map((answer) => answer.served));
    };
    expect([await served(living), await served(lost)]).toEqual([new Set(['full']), new Set(['context-only'])]);
  });

  test('has people of two masters taken in as far as theirs is there', async () => {
    const [home = '', away = ''] = [living[1], lost[1]];
    const joined = await service.post('/v1/alias', { userId: home, previousId: away });
    expect([joined.status, (await track(home)).status]).toEqual([503, 200]);
  });

  test('is whole again once it is back, with all that was taken in', async () => {
    await dead.restart();
    await until('all to be taken in', async () => [...(await statuses(people))].join() === '200');
    const [one = ''] = living;
    // One at first, three rounds, one beside a bad one, and those of now.
    expect((await service.visitor(one)).counters['Product Viewed']?.count).toBeGreaterThanOrEqual(6);
  });
});
