import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateOf } from '../../src/stores/recorded-inputs.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import { Service } from './service.js';
import { until } from '../until.js';

const schema = JSON.parse(
  await readFile(join(import.meta.dirname, '../../schemas/visitor-export.json'), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const exported = async (service: Service, id: string): Promise<VisitorExport> =>
  (await service.get(`/v1/visitors/${encodeURIComponent(id)}/export`)).body as VisitorExport;
const imported = (service: Service, ...lines: unknown[]) =>
  service.post('/v1/visitors/import', lines.map((line) => JSON.stringify(line)).join('\n'), 'application/x-ndjson');

/** A person of whom everything is held that can be. */
async function liveFully(service: Service): Promise<{ readonly user: string; readonly device: string }> {
  const [user, device] = [`${someone()}-${service.store}`, `${someone()} "ü"`];
  const track = (n: number, more: object = {}) => ({
    type: 'track',
    userId: user,
    event: n % 2 ? 'Viewed' : 'Product "Bought"',
    properties: { n, deep: { a: [1, null, { b: '🐈' }] } },
    timestamp: ago(30 - n, 'h'),
    messageId: `${user}-${n}`,
    ...more,
  });
  await service.tell({ type: 'track', anonymousId: device, event: 'First', timestamp: ago(31, 'h') });
  await service.tell({
    type: 'identify',
    userId: user,
    anonymousId: device,
    traits: { plan: 'gold', tags: ['a', { b: 1 }], gone: 1 },
  });
  await service.tell(
    ...Array.from({ length: 25 }, (_, n) => track(n, { context: { channel: n % 3 ? 'web' : 'app' } })),
  );
  await service.patchTraits(user, { gone: null, age: 40 });
  for (const [purpose, body] of Object.entries({
    marketing: { status: 'granted' },
    old: { status: 'denied', timestamp: ago(3, 'd'), until: ago(1, 'd') },
  })) {
    await service.send('PUT', `/v1/visitors/${user}/consents/${purpose}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }
  await service.post('/v1/batch', { batch: [{ type: 'track', userId: user, event: 7 }] });
  await service.post('/v1/decisions', { visitorId: device, placements: ['hero'] });
  await until('the decision to be kept', async () => {
    const { decisions, recorded } = await exported(service, user);
    return decisions.length === 1 && recorded.length === 1;
  });
  return { user, device };
}

describeOnBothStores(
  'the export of a person',
  (service) => {
    if (service.store === 'Redis')
      test('is cut off where something can not be read midway, and never looks whole', async () => {
        const { user } = await liveFully(service);
        const broken = JSON.stringify(`{"visitorId":"${user}","decidedAt":broken`);
        await service.redis.ask(`RPUSH usher:decision-log ${broken}`);
        const response = await fetch(`${service.url}/v1/visitors/${user}/export`);
        expect(response.status).toBe(200);
        await expect(response.text()).rejects.toThrow();
        await service.redis.ask('DEL usher:decision-log');
        expect((await exported(service, user)).visitorId).toBe(user);
      });

    test('has everything held, as the schema describes it, by any of their ids', async () => {
      const { user, device } = await liveFully(service);
      const told = await exported(service, device);
      expect(validate(told) ? [] : validate.errors).toEqual([]);
      expect(told).toMatchObject({
        ...{ format: 'usher-visitor-1', identities: { known: [user], anonymous: [device] } },
        traitDetails: {
          plan: { value: 'gold', source: 'identify' },
          age: { value: 40, source: 'api' },
          gone: { value: null },
        },
        consents: { marketing: { status: 'granted' }, old: { status: 'expired', said: 'denied' } },
        counters: { Viewed: { count: 12 }, First: { count: 1 } },
        decisions: [{ visitorId: device, placements: [{ placement: 'hero' }] }],
        recorded: [
          {
            visitorId: device,
            request: { placements: [{ id: 'hero' }], context: {} },
            visitor: { kind: 'stored', keepInteractions: 10 },
          },
        ],
        rejected: [{ problems: [{ path: 'event' }] }],
      });
      expect(Object.keys(told.recordedStates)).toEqual(told.recorded.flatMap((input) => stateOf(input) ?? []));
      expect(told.interactions).toHaveLength(10);
      expect({ ...(await exported(service, user)), exportedAt: '' }).toEqual({ ...told, exportedAt: '' });
      expect((await service.get('/v1/visitors/nobody-at-all/export')).status).toBe(404);
    });

    test('imported into another service gives the same person, as often as it is done', async () => {
      const { user, device } = await liveFully(service);
      const told = await exported(service, device);
      // What was decided is of the service that decided it, as in what is exported below.
      const { decisions: _decided, ...single } = await service.visitor(user);
      const before = {
        single,
        timeline: (await service.get(`/v1/visitors/${user}/timeline`)).body,
      };
      const other = new Service({ store: service.store === 'Redis' ? 'SQLite' : 'Redis', settings: SETTINGS });
      await other.start();
      try {
        for (let time = 0; time < 3; time++) {
          expect((await imported(other, told)).body).toEqual({ accepted: 1, refusedCount: 0, refused: [] });
          expect({
            single: await other.visitor(user),
            timeline: (await other.get(`/v1/visitors/${user}/timeline`)).body,
          }).toEqual(before);
          expect(await other.visitor(device)).toEqual({ ...before.single, visitorId: device });
          expect({ ...(await exported(other, user)), exportedAt: '', visitorId: '' }).toEqual({
            ...told,
            exportedAt: '',
            visitorId: '',
            ids: expect.any(Array),
            // Whose each of it was is not told again: all of it is told under one id.
            sides: expect.any(Array),
            links: expect.any(Array),
            decisions: [],
            recorded: [],
            recordedStates: {},
            rejected: [],
          });
        }
        const again = Array.from({ length: 25 }, (_, n) => ({
          type: 'track',
          userId: user,
          event: 'Viewed',
          messageId: `${user}-${n}`,
          timestamp: ago(30 - n, 'h'),
        }));
        expect(await other.tell(...again)).toMatchObject({ accepted: 0, duplicates: 25 });
      } finally {
        await other.stop();
      }
    });

    test('imported where it came from changes nothing', async () => {
      const { user } = await liveFully(service);
      const told = await exported(service, user);
      await imported(service, told);
      expect({ ...(await exported(service, user)), exportedAt: '' }).toEqual({ ...told, exportedAt: '' });
    });
  },
  { settings: { USHER_KEEP_INTERACTIONS: '10', USHER_RECORD_SHARE: '1' } },
);

const SETTINGS = { USHER_KEEP_INTERACTIONS: '10', USHER_RECORD_SHARE: '1' };

describeOnBothStores('importing histories', (service) => {
  test('takes what a person did, whoever they were then, once', async () => {
    const [user, device] = [someone(), someone()];
    const line = {
      ...{
        visitorId: user,
        ids: [device],
        traits: { plan: 'gold' },
        consents: { email: 'denied', ads: { status: 'granted', until: '2999-01-01' } },
      },
      interactions: [
        { event: 'Bought', timestamp: ago(2, 'd'), properties: { total: 5 }, channel: 'shop' },
        { event: 'Bought', timestamp: ago(1, 'd'), properties: { total: 7 }, messageId: 'm-7' },
        { event: 'Bought', timestamp: ago(1, 'd'), properties: { total: 7 } },
      ],
    };
    await service.tell({ type: 'track', anonymousId: device, event: 'Seen' });
    for (let time = 0; time < 2; time++) {
      await imported(service, line);
      expect(await service.visitor(device)).toMatchObject({
        ...{ traits: { plan: 'gold' }, consents: { email: { status: 'denied' }, ads: { status: 'granted' } } },
        counters: { Bought: { count: 3 }, Seen: { count: 1 } },
        interactions: [
          { event: 'Seen' },
          { channel: 'server' },
          { channel: 'server' },
          { channel: 'shop', properties: { total: 5 } },
        ],
      });
    }
    expect((await service.visitor(user)).ids.toSorted()).toEqual([user, device].toSorted());
  });

  test('joins two known people where a line says that they are one', async () => {
    const [a, b] = [someone(), someone()];
    await service.tell({ type: 'track', userId: a, event: 'of a' }, { type: 'track', userId: b, event: 'of b' });
    await imported(service, { visitorId: a, identities: { known: [a, b] } });
    expect(await service.visitor(b)).toMatchObject({
      identities: { known: [a, b].toSorted(), anonymous: [] },
      counters: { 'of a': { count: 1 }, 'of b': { count: 1 } },
    });
  });

  test('says where each bad line is wrong', async () => {
    const visitorId = someone();
    const interaction = { event: 'Seen', timestamp: ago(1, 'd') };
    const { body } = await imported(
      service,
      { visitorId },
      { visitorId, trait: {} },
      {
        visitorId,
        interactions: [interaction, { ...interaction, timestamp: 'yesterday' }, { timestamp: ago(1, 'd') }, 7],
      },
      { visitorId, consents: { ads: 'maybe' }, ids: [''], identities: [], traitDetails: { a: 1 } },
      { visitorId, released: { counts: { Seen: { counts: { x: -1 }, first: '', last: '' } } } },
      { visitorId, interactions: [interaction] },
    );
    expect(body).toMatchObject({
      ...{ accepted: 1, refusedCount: 5 },
      refused: [
        { line: 1, problems: [{ path: 'traits', message: expect.stringContaining('interactions') }] },
        { line: 2, problems: [{ path: 'trait', message: expect.stringContaining('traits') }, { path: 'traits' }] },
        {
          line: 3,
          problems: [
            { path: 'interactions[1].timestamp' },
            { path: 'interactions[2].event' },
            { path: 'interactions[3]' },
            { path: 'interactions[3].event' },
            { path: 'interactions[3].timestamp' },
          ],
        },
        { line: 4 },
        { line: 5, problems: [{ path: 'released.counts' }] },
      ],
    });
    expect(
      (body as { refused: { problems: { path: string }[] }[] }).refused[3]?.problems.map(({ path }) => path),
    ).toEqual(['identities', 'ids[0]', 'traitDetails.a', 'consents.ads.status']);
    expect((await service.visitor(visitorId)).interactions).toHaveLength(1);
  });

  test('takes long histories, of many people, in one request', async () => {
    const ids = Array.from({ length: 300 }, someone);
    const line = (visitorId: string) => ({
      visitorId,
      interactions: Array.from({ length: 100 }, (_, n) => ({
        event: `e-${n % 7}`,
        timestamp: ago(n, 'h'),
        properties: { n, text: 'x'.repeat(20) },
        messageId: `${visitorId}-${n}`,
      })),
    });
    const { body } = await imported(service, ...ids.map(line), {
      ...line('whole-life'),
      interactions: Array.from({ length: 9_000 }, (_, n) => ({
        event: 'Seen',
        timestamp: ago(n, 'm'),
        messageId: `l-${n}`,
      })),
    });
    expect(body).toMatchObject({ accepted: 301 });
    expect((await service.visitor(ids[299] ?? '')).interactions).toHaveLength(100);
    expect((await service.visitor('whole-life')).counters).toMatchObject({ Seen: { count: 9_000 } });
  });
});
