import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../../test/redis-server.js';
import { readConfig } from '../config.js';
import { openStores, type Stores } from '../stores/open-stores.js';
import { PersonalRecordsList } from '../stores/personal/personal-records-list.js';
import { input, state } from '../stores/recorded-inputs.contract.js';
import { storedRecords } from '../stores/personal/stored-records.js';
import { WaitingRecords } from '../stores/personal/waiting-records.js';
import { type DocumentChange, VisitorStore } from '../stores/visitor-store.js';
import { encode, isBeingParted } from './documents/codec.js';
import { NOTHING_FORGOTTEN } from './memory/forgotten.js';
import { HistoryImporter } from './care/history-importer.js';
import type { MemoryEvent } from './memory/memory-event.js';
import { emptyMemory, type Retention } from './memory/memory.js';
import { RetentionSweeper } from './care/retention-sweeper.js';
import { VisitorDocuments } from './care/visitor-documents.js';
import { VisitorEraser } from './care/visitor-eraser.js';
import { allOf, parsed } from '../../test/in-parts.js';
import type { VisitorExport } from './care/visitor-export.js';
import { VisitorExporter } from './care/visitor-exporter.js';
import { VisitorSplitter } from './care/visitor-splitter.js';
import { VisitorsService } from './visitors.service.js';

const DAY = 86_400_000;
const RETENTION: Retention = { keepInteractions: 500, keepDays: 90, splitDays: 90 };

for (const kind of ['SQLite', 'Redis'] as const) {
  describe(`keeping and erasing visitors on ${kind}`, () => {
    let folder: string;
    let server: RedisServer | undefined;
    let stores: Stores;
    let people = 0;
    const someone = () => `someone-${(people += 1)}`;

    const open = () =>
      openStores(readConfig({ ...PATIENT_SETTINGS, USHER_DATA: folder, ...(server && { REDIS_URL: server.url }) }));
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'usher-keeping-'));
      if (kind === 'Redis') server = await startRedis();
      stores = await open();
    });
    afterAll(async () => {
      await stores.close();
      await server?.stop();
      await rm(folder, { recursive: true });
    });

    const visitorsOf = (of: Stores) => new VisitorsService(of.visitors, RETENTION);
    const eraserOf = (of: Stores) => new VisitorEraser(of, recordsOf(of), visitorsOf(of));
    const sweeperOf = (retention: Retention) => new RetentionSweeper(recordsOf(stores, retention));
    const put = (id: string, document: Uint8Array) => stores.visitors.save([{ id, from: undefined, document }]);
    const isThere = async (...ids: string[]) => (await stores.visitors.load(ids)).map((one) => one !== undefined);
    const point = (of: string) => encode({ kind: 'alias', of });

    describe('somebody who was being parted when a process died', () => {
      /** A person and the device that is to leave them, as the process left them after so many documents. */
      const leftAfter = async (writes: number): Promise<readonly [string, string]> => {
        const [user, device] = [someone(), someone()];
        const dying = new DyingVisitors(stores.visitors);
        const visitors = new VisitorsService(dying, RETENTION);
        await visitors.record([interaction({ anonymousId: device, event: 'of the device' })]);
        await visitors.record([interaction({ userId: user, anonymousId: device, event: 'of the user' })]);
        dying.left = writes;
        const split = new VisitorSplitter(dying, visitors, RETENTION).split(user, { id: device, dryRun: false });
        await expect(split).rejects.toThrow('dead');
        return [user, device];
      };
      const eventsOf = async (id: string) =>
        (await visitorsOf(stores).find(id))?.interactions.map(({ event }) => event);

      test.each([1, 2])('after %i documents is two people for an erasure, of whom one stays', async (writes) => {
        const [user, device] = await leftAfter(writes);
        await eraserOf(stores).erase(device);
        expect([await eventsOf(user), await eventsOf(device)]).toEqual([['of the user'], undefined]);
        const [other, leaving] = await leftAfter(writes);
        await eraserOf(stores).erase(other);
        expect([await eventsOf(other), await eventsOf(leaving)]).toEqual([undefined, ['of the device']]);
      });

      test('is one for an erasure that had noted both before', async () => {
        const [user, device] = await leftAfter(1);
        await stores.erasures.note({ key: 'both', ids: [user, device], isForgotten: false });
        await eraserOf(stores).erase(user);
        expect(await isThere(user, device)).toEqual([false, false]);
      });

      test('is two after the walk of retention', async () => {
        const [user, device] = await leftAfter(1);
        await sweeperOf(RETENTION).walk(Date.now, 0);
        expect([await eventsOf(user), await eventsOf(device)]).toEqual([['of the user'], ['of the device']]);
        expect((await stores.visitors.load([user])).some((one) => one && isBeingParted(one.document))).toBe(false);
      });
    });

    test.each([0, 1])(
      'somebody who was parted is erased with what the other one notes of them, and no other note is (%i)',
      async (which) => {
        const [user, device, tablet] = [someone(), someone(), someone()];
        const visitors = visitorsOf(stores);
        for (const id of [device, tablet]) {
          await visitors.record([interaction({ anonymousId: id }), interaction({ userId: user, anonymousId: id })]);
          await new VisitorSplitter(stores.visitors, visitors, RETENTION).split(user, { id, dryRun: false });
        }
        // Whoever has the note may have become somebody else.
        const eve = someone();
        await visitors.record([interaction({ userId: eve, anonymousId: device })]);
        const [gone, stays] = which === 0 ? [user, eve] : [eve, user];
        await eraserOf(stores).erase(gone);
        const others = await stores.visitors.load([stays, tablet]);
        for (const id of gone === user ? [user] : [eve, device])
          expect(others.map((one) => one && Buffer.from(one.document).includes(id))).toEqual([false, false]);
        expect((await visitors.find(tablet))?.parted?.length).toBe(gone === user ? undefined : 1);
        expect((await visitors.find(stays))?.interactions).toHaveLength(2);
      },
    );

    test('of whom somebody was joined is forgotten when it can’t be undone any more, and only then', async () => {
      const [user, device] = [someone(), someone()];
      await visitorsOf(stores).record([interaction({ userId: user, anonymousId: device })]);
      const isApart = async () => (await visitorsOf(stores).find(user))?.apart !== undefined;
      const days = 24 * 3_600_000;
      await sweeperOf({ ...RETENTION, keepDays: 0 }).walk(() => Date.now() + 89 * days, 0);
      expect(await isApart()).toBe(true);
      await sweeperOf({ ...RETENTION, keepDays: 0 }).walk(() => Date.now() + 91 * days, 0);
      expect(await isApart()).toBe(false);
    });

    test('a document that can’t be read is erased, and one that was set aside before', async () => {
      const id = someone();
      await put(id, Buffer.from('unreadable'));
      const [stored] = await stores.visitors.load([id]);
      if (stored) await stores.visitors.setAside(id, stored);
      const visitors = new VisitorsService(stores.visitors, RETENTION);
      const exporter = new VisitorExporter(visitors, recordsOf(stores));
      expect((await parsed<VisitorExport>(await exporter.export(id)))?.setAside).toEqual({
        [id]: Buffer.from('unreadable').toString('base64'),
      });
      await put(id, Buffer.from('unreadable again'));
      await eraserOf(stores).erase(id);
      expect([await isThere(id), await stores.housekeeping.asides([id])]).toEqual([[false], [undefined]]);
    });

    test('of a person with large documents the export tells the latest states that fit, oldest first', async () => {
      const all = [1, 2, 3, 4].map((n) => input(n));
      const large = Buffer.alloc(30 * 1024 * 1024);
      const recorded = {
        about: async function* () {
          yield all;
        },
        states: async (keys: readonly string[]) => new Map(keys.map((key) => [key, large])),
      } as unknown as Stores['recorded'];
      const visitors = new VisitorsService(stores.visitors, RETENTION);
      const exporter = new VisitorExporter(visitors, recordsOf({ ...stores, recorded }));
      expect(
        Object.keys((await parsed<VisitorExport>(await exporter.export(someone())))?.recordedStates ?? {}),
      ).toEqual(['state 3', 'state 4']);
    });

    test('a document that can’t be read is set aside, not written over, when counts are restored', async () => {
      const id = someone();
      await put(id, Buffer.from('unreadable'));
      const visitors = new VisitorsService(stores.visitors, RETENTION);
      const counts = { Seen: { counts: { elsewhere: 7 }, first: 1e12, last: 1e12 } };
      const released = { evicted: counts, forgotten: NOTHING_FORGOTTEN };
      await new HistoryImporter(visitors, stores.visitors, RETENTION).import([
        {
          visitorId: id,
          known: [],
          others: [],
          traits: [],
          consents: [],
          interactions: [],
          released,
          origin: undefined,
        },
      ]);
      expect((await visitors.find(id))?.evicted).toEqual(counts);
      expect((await stores.housekeeping.asides([id])).map((one) => one && Buffer.from(one).toString())).toEqual([
        'unreadable',
      ]);
    });

    test('many old decisions are forgotten without keeping others waiting', async () => {
      const now = Date.now();
      const old = Array.from({ length: 2_500 }, (_, n) => ({
        decisionId: `old-${n}`,
        visitorId: 'old',
        decidedAt: now - 91 * DAY,
        rulebookVersion: 1,
        served: 'full',
        placements: [],
      }));
      await stores.decisions.append(old);
      let left = -1;
      setTimeout(() => void allOf(stores.decisions.about(['old'])).then(({ length }) => (left = length)), 0);
      await sweeperOf(RETENTION).walk(() => now, 20);
      expect(left).toBeGreaterThan(0);
      expect(await allOf(stores.decisions.about(['old']))).toEqual([]);
    });

    test('people who are just being joined are erased together, wherever the joining has got to', async () => {
      const [home, source, device, stranger] = [someone(), someone(), someone(), someone()];
      await put(
        home,
        encode({ kind: 'memory', memory: { ...emptyMemory(home), userIds: [home], anonymousIds: [stranger] } }),
      );
      await put(
        source,
        encode({ kind: 'memory', memory: { ...emptyMemory(source), anonymousIds: [source, device], joining: home } }),
      );
      await put(device, point(source));
      const beside = someone();
      await put(
        stranger,
        encode({ kind: 'memory', memory: { ...emptyMemory(stranger), anonymousIds: [stranger, beside] } }),
      );
      await eraserOf(stores).erase(device);
      expect(await isThere(home, source, device, stranger)).toEqual([false, false, false, true]);
    });

    test('pointers that go round in a circle, or nowhere, are erased', async () => {
      const [a, b, c] = [someone(), someone(), someone()];
      await put(a, point(b));
      await put(b, point(a));
      await put(c, point('nobody'));
      for (const id of [b, c]) await eraserOf(stores).erase(id);
      expect(await isThere(a, b, c)).toEqual([false, false, false]);
    });

    test('a room that holds something in memory is told of all ids, before the log is erased', async () => {
      const [user, device] = [someone(), someone()];
      const visitors = new VisitorsService(stores.visitors, RETENTION);
      await visitors.record([interaction({ userId: user, anonymousId: device })]);
      const records = recordsOf(stores);
      const told = new Set<string>();
      records.register(new WaitingRecords('Room.queue', (ids) => ids.forEach((id) => told.add(id))));
      await new VisitorEraser(stores, records, visitorsOf(stores)).erase(device);
      expect([...told].sort()).toEqual([user, device].sort());
    });

    test('erasing against writers of other processes ends in nobody, or in somebody new', async () => {
      const [other, third] = await Promise.all([open(), open()]);
      for (let round = 0; round < 10; round++) {
        const [user, device, tablet] = [someone(), someone(), someone()];
        const services = [stores, other, third].map(({ visitors }) => new VisitorsService(visitors, RETENTION));
        const tell = (n: number, event: string) =>
          services[n % 3]?.record([
            interaction({
              ...(n % 4 === 0 ? { userId: user } : {}),
              anonymousId: n % 2 ? device : tablet,
              event,
              messageId: `${user}-${event}-${n}`,
            }),
          ]);
        for (let n = 0; n < 12; n++) await tell(n, 'old');
        await services[0]?.record([
          interaction({ userId: user, anonymousId: device }),
          interaction({ userId: user, anonymousId: tablet }),
        ]);
        const writing = Array.from({ length: 40 }, async (_, n) => {
          await new Promise((resolve) => setTimeout(resolve, n / 2));
          await tell(n, 'new');
        });
        await Promise.all([...writing, eraserOf(other).erase([user, device, tablet][round % 3] ?? user)]);
        for (const id of [user, device, tablet]) {
          const memory = await services[1]?.find(id);
          expect(memory?.interactions.filter(({ event }) => event !== 'new') ?? []).toEqual([]);
        }
      }
      await Promise.all([other.close(), third.close()]);
    });

    test('retention trims who never comes back, and their logs; who came recently is left alone', async () => {
      const [gone, here] = [someone(), someone()];
      const visitors = new VisitorsService(stores.visitors, RETENTION);
      const now = Date.now();
      await visitors.record([
        interaction({ anonymousId: gone, timestamp: now - 80 * DAY, properties: { secret: 'kept too long' } }),
        interaction({ anonymousId: here, timestamp: now }),
      ]);
      await stores.decisions.append([
        {
          decisionId: 'd-1',
          visitorId: gone,
          decidedAt: now - 80 * DAY,
          rulebookVersion: 1,
          served: 'full',
          placements: [],
        },
      ]);
      const load = () => stores.visitors.load([gone, here]);
      const [before, inTime] = await load();
      expect(Buffer.from(before?.document ?? []).includes('kept too long')).toBe(true);

      const sweeper = sweeperOf(RETENTION);
      await sweeper.walk(() => now, 0);
      expect(await load()).toEqual([before, inTime]);
      await sweeper.walk(() => now + 20 * DAY, 0);
      const [after, stillInTime] = await load();
      expect(Buffer.from(after?.document ?? []).includes('kept too long')).toBe(false);
      expect(stillInTime).toEqual(inTime);
      expect(await allOf(stores.decisions.about([gone]))).toEqual([]);
      const memory = await visitors.find(gone);
      expect([memory?.interactions, Object.values(memory?.evicted['Seen']?.counts ?? {})]).toEqual([[], [1]]);
      await sweeper.walk(() => now + 20 * DAY, 0);
      expect(await load()).toEqual([after, inTime]);
    });

    test('retention forgets recorded inputs after days of their own, and the states that were for them', async () => {
      const now = Date.now();
      const [old, young] = [
        input(1, { visitorId: someone(), decidedAt: now - 6 * DAY }),
        input(2, { visitorId: someone(), decidedAt: now }),
      ];
      await stores.recorded.append([old, young], [state(1), state(2)]);
      const about = () => allOf(stores.recorded.about([old.visitorId, young.visitorId]));
      const sweeper = sweeperOf({ ...RETENTION, keepDays: 0 });
      await sweeper.walk(() => now, 0);
      expect(await about()).toEqual([old, young]);
      await sweeper.walk(() => now + 2 * DAY, 0);
      expect(await about()).toEqual([young]);
      expect([...(await stores.recorded.states([state(1).key, state(2).key])).keys()]).toEqual([state(2).key]);
    });

    test('what is too old is not told, though it lies in the store still', async () => {
      const id = someone();
      await new VisitorsService(stores.visitors, { ...RETENTION, keepDays: 0 }).record([
        interaction({ anonymousId: id, timestamp: Date.now() - 200 * DAY }),
      ]);
      expect((await new VisitorsService(stores.visitors, RETENTION).find(id))?.interactions).toEqual([]);
    });

    test('a pointer to nobody is removed by the walk once it had its time', async () => {
      const [id, home] = [someone(), someone()];
      await put(id, point(home));
      const sweeper = sweeperOf(RETENTION);
      const now = Date.now();
      for (const [after, there] of [
        [0, true],
        [59_000, true],
        [61_000, false],
      ] as const) {
        await sweeper.walk(() => now + after, 0);
        expect(await isThere(id)).toEqual([there]);
      }
    });

    test('a walk passes over documents that can’t be read, and ends with the service', async () => {
      const id = someone();
      await put(id, Buffer.from('unreadable'));
      const sweeper = sweeperOf(RETENTION);
      await sweeper.walk(Date.now, 0);
      expect(await isThere(id)).toEqual([true]);
      sweeper.onApplicationBootstrap();
      await sweeper.beforeApplicationShutdown();
    });
  });
}

/** What is held in the stores, and in nobody's memory. */
function recordsOf(stores: Omit<Stores, 'close'>, retention = RETENTION): PersonalRecordsList {
  const records = new PersonalRecordsList(storedRecords(stores, { ...retention, keepRecordedDays: 7 }));
  const visitors = new VisitorsService(stores.visitors, retention);
  new VisitorDocuments(stores, retention, records, visitors).onModuleInit();
  return records;
}

let messages = 0;

function interaction(more: {
  userId?: string;
  anonymousId?: string;
  event?: string;
  messageId?: string;
  timestamp?: number;
  properties?: Record<string, string>;
}): MemoryEvent {
  messages += 1;
  return {
    kind: 'interaction',
    userId: undefined,
    anonymousId: undefined,
    event: 'Seen',
    messageId: `m-${messages}`,
    timestamp: Date.now(),
    arrival: Date.now() * 1_000 + messages,
    channel: 'web',
    properties: {},
    ...more,
  };
}

/** Visitors of a process that dies after so many documents were written. */
class DyingVisitors extends VisitorStore {
  left = Infinity;

  constructor(private readonly store: VisitorStore) {
    super();
  }

  async load(ids: readonly string[]): ReturnType<VisitorStore['load']> {
    return this.store.load(ids);
  }

  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    const saved: boolean[] = [];
    for (const change of changes) {
      if (this.left-- <= 0) throw new Error('dead');
      saved.push(...(await this.store.save([change])));
    }
    return saved;
  }

  async setAside(...aside: Parameters<VisitorStore['setAside']>): Promise<boolean> {
    return this.store.setAside(...aside);
  }
}
