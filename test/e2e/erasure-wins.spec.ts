import { expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import type { Erasure } from '../../src/stores/erasures.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { until } from '../until.js';
import { describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

/** As a service leaves it that is killed in the middle of an erasure. */
async function leaveUnfinished(service: Service, erasure: Erasure): Promise<void> {
  const text = JSON.stringify(erasure);
  if (service.store === 'Redis') {
    await service.redis.ask(`HSET usher:{erasures} ${erasure.key} ${JSON.stringify(text)}`);
    return;
  }
  const database = new DatabaseSync(service.databaseFile);
  database.prepare('INSERT INTO erasures (key, body) VALUES (?, ?)').run(erasure.key, text);
  database.close();
}

async function isUnfinished(service: Service): Promise<boolean> {
  if (service.store === 'Redis') return (await service.redis.ask('EXISTS usher:{erasures}')).includes('1');
  const database = new DatabaseSync(service.databaseFile, { readOnly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM erasures').get() as { count: number };
  database.close();
  return count > 0;
}

describeOnBothStores('an erasure', (service) => {
  const erase = (id: string) => service.send('DELETE', `/v1/visitors/${encodeURIComponent(id)}`);
  const exportOf = async (id: string): Promise<Partial<VisitorExport>> =>
    (await service.get(`/v1/visitors/${encodeURIComponent(id)}/export`)).body as Partial<VisitorExport>;
  const decided = async (id: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await service.decide({ visitorId: id, placements: ['hero'] });
    await until('the decisions to be logged', async () => (await exportOf(id)).decisions?.length === count);
  };

  test('comes to its end while the person does things all the time, who begin somebody new', async () => {
    const [user, device] = [someone(), someone()];
    await service.tell({ type: 'track', userId: user, anonymousId: device, event: 'before' });
    await decided(user, 20);
    let isOver = false;
    const statuses = new Set<number>();
    const goOn = async (): Promise<void> => {
      while (!isOver)
        statuses.add((await service.post('/v1/track', { userId: user, anonymousId: device, event: 'more' })).status);
    };
    const writers = [goOn(), goOn(), goOn(), goOn()];
    const { status } = await erase(device);
    isOver = true;
    await Promise.all(writers);
    expect([status, [...statuses]]).toEqual([204, [200]]);
    await service.post('/v1/track', { userId: user, event: 'after' });
    const { counters } = await service.visitor(user);
    expect(
      Object.keys(counters)
        .sort()
        .filter((name) => name !== 'more'),
    ).toEqual(['after']);
    expect((await exportOf(user)).decisions).toEqual([]);
  });

  test('that was broken off is gone on with at the next start', async () => {
    const [user, other] = [someone(), someone()];
    for (const userId of [user, other]) await service.tell({ type: 'track', userId, event: 'before' });
    await decided(user, 3);
    await service.halt();
    await leaveUnfinished(service, { key: 'k-1', ids: [user], isForgotten: false });
    await service.boot();
    await until('the erasure to end', async () => !(await isUnfinished(service)));
    expect((await service.get(`/v1/visitors/${user}/export`)).status).toBe(404);
    expect((await service.visitor(other)).counters).toHaveProperty('before');
  });

  test('that had removed the documents leaves alone who came under the same id since', async () => {
    const user = someone();
    await service.tell({ type: 'track', userId: user, event: 'of somebody new' });
    await decided(user, 3);
    await service.halt();
    await leaveUnfinished(service, { key: 'k-2', ids: [user, 'an old id'], isForgotten: true });
    await service.boot();
    await until('the erasure to end', async () => !(await isUnfinished(service)));
    expect((await service.visitor(user)).counters).toHaveProperty(['of somebody new']);
    expect((await exportOf(user)).decisions).toEqual([]);
  });

  test('asked for again by one id ends what was begun for all', async () => {
    const [user, device] = [someone(), someone()];
    await decided(device, 3);
    await leaveUnfinished(service, { key: 'k-3', ids: [user, device], isForgotten: true });
    expect((await erase(user)).status).toBe(204);
    expect((await service.get(`/v1/visitors/${device}/export`)).status).toBe(404);
    expect(await isUnfinished(service)).toBe(false);
  });
});
