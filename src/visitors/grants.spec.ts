import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../../test/redis-server.js';
import { readConfig } from '../config.js';
import type { Contact, Contacts } from '../engine/visitor/contacts.js';
import { openStores, type Stores } from '../stores/open-stores.js';
import { type DocumentChange, VisitorStore } from '../stores/visitor-store.js';
import type { GrantWish } from './contacts/fold-contacts.js';
import type { MemoryEvent } from './memory/memory-event.js';
import { USUAL_LIMITS } from './memory/limits.js';
import type { Retention } from './memory/memory.js';
import { HistoryImporter } from './care/history-importer.js';
import { tellMemory } from './care/visitor-export.js';
import { readHistory } from './intake/read-history.js';
import { VisitorSplitter } from './care/visitor-splitter.js';
import { VisitorsService } from './visitors.service.js';

const RETENTION: Retention = { keepInteractions: 500, keepDays: 90, splitDays: 90 };
const ASKING = 200;
const LIMIT = 3;

let refs = 0;
/** Wants a contact with an offer, of which there may be so many. */
const wish = (more: Partial<Contact> = {}, limit = LIMIT): GrantWish => {
  const contact: Contact = { event: 'decided', offer: 'a', ref: (refs += 1), at: Date.now(), ...more };
  return { contact, fits: (contacts) => contacts.of(contact.offer).length < limit };
};

for (const kind of ['SQLite', 'Redis'] as const) {
  describe(`contacts that limits leave a place for, on ${kind}`, () => {
    let folder: string;
    let server: RedisServer | undefined;
    let stores: Stores;
    let people = 0;
    const someone = () => `someone-${(people += 1)}`;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'usher-grants-'));
      if (kind === 'Redis') server = await startRedis();
      stores = await openStores(
        readConfig({ ...PATIENT_SETTINGS, USHER_DATA: folder, ...(server && { REDIS_URL: server.url }) }),
      );
    });
    afterAll(async () => {
      await stores.close();
      await server?.stop();
      await rm(folder, { recursive: true });
    });

    /** Two processes on one store. */
    const two = () =>
      [0, 1].map(() => new VisitorsService(stores.visitors, RETENTION)) as [VisitorsService, VisitorsService];
    const contactsOf = async (id: string): Promise<Contacts> => (await two()[0].view(id)).view.contacts();
    const grantAt = async (visitors: VisitorsService, id: string, isKnown: boolean) => {
      const { source } = isKnown ? await visitors.view(id) : { source: undefined };
      const { granted } = await visitors.grant(id, [wish()], source);
      return granted[0] === true;
    };
    const grantedOf = async (id: string, and: () => Promise<unknown> = async () => undefined): Promise<number> => {
      const processes = two();
      const asked = Array.from({ length: ASKING }, (_, at) =>
        grantAt(processes[at % 2] ?? processes[0], id, at % 3 > 0),
      );
      const [granted] = await Promise.all([Promise.all(asked), and()]);
      return granted.filter(Boolean).length;
    };

    test('are exactly as many as there may be, however many ask at once in two processes', async () => {
      const [stranger, known] = [someone(), someone()];
      await two()[0].record([interaction({ anonymousId: known })]);
      for (const id of [stranger, known]) {
        expect(await grantedOf(id)).toBe(LIMIT);
        expect((await contactsOf(id)).of('a')).toHaveLength(LIMIT);
      }
    });

    test('are as many while the visitor is joined into another', async () => {
      const [device, user] = [someone(), someone()];
      await two()[0].record([interaction({ anonymousId: device })]);
      const login = () => two()[1].record([identify(user, device)]);
      expect(await grantedOf(device, login)).toBe(LIMIT);
      expect((await contactsOf(user)).of('a')).toHaveLength(LIMIT);
      expect((await two()[0].grant(user, [wish()])).granted).toEqual([false]);
    });

    test('are as many while outcomes of the same offer come in, and none of these is lost', async () => {
      const id = someone();
      const visitors = two();
      await visitors[0].record([interaction({ anonymousId: id })]);
      const shown = Array.from({ length: 40 }, (_, at) => {
        const contact = { event: 'shown' as const, offer: 'b', ref: at, at: Date.now() };
        return { ...interaction({ anonymousId: id }), contact };
      });
      const tell = () => Promise.all(shown.map((event, at) => visitors[at % 2 === 0 ? 0 : 1].record([event])));
      expect(await grantedOf(id, tell)).toBe(LIMIT);
      const contacts = await contactsOf(id);
      expect([contacts.of('a').length, contacts.of('b').length]).toEqual([LIMIT, shown.length]);
      expect((await visitors[0].find(id))?.interactions).toHaveLength(shown.length + 1);
    });

    test('are there once where the answer was lost and they are asked for again', async () => {
      for (const isKnown of [true, false]) {
        const id = someone();
        await two()[0].record([interaction({ anonymousId: id })]);
        const visitors = new VisitorsService(new Counting(stores.visitors, 1), RETENTION);
        const { source } = isKnown ? await visitors.view(id) : { source: undefined };
        const same = wish({}, 1);
        await expect(visitors.grant(id, [same], source)).rejects.toThrow('the answer is lost');
        expect((await visitors.grant(id, [same], source)).granted).toEqual([true]);
        expect((await two()[1].grant(id, [wish({}, 1)], source)).granted).toEqual([false]);
        expect((await contactsOf(id)).of('a')).toEqual([same.contact]);
      }
    });

    test('take one round trip where nobody else writes, and are read with the rest', async () => {
      const id = someone();
      await two()[0].record([interaction({ anonymousId: id })]);
      const counting = new Counting(stores.visitors);
      const visitors = new VisitorsService(counting, RETENTION);
      const { source } = await visitors.view(id);
      counting.calls = [];
      const contact = { placement: 'hero', channel: 'web', heldUntil: Date.now() + 60_000 };
      const wishes = [wish(contact), wish({ ...contact, offer: 'b' })];
      expect(await visitors.grant(id, wishes, source)).toEqual({ granted: [true, true] });
      expect(counting.calls).toEqual(['save']);
      const contacts = await contactsOf(id);
      expect([...contacts.of('a'), ...contacts.of('b')]).toEqual(wishes.map((one) => one.contact));
    });

    test('tell who they are now where one was refused, so that it is decided again without another look', async () => {
      const id = someone();
      const [visitors, other] = two();
      await visitors.grant(id, [wish()]);
      const { source } = await visitors.view(id);
      await other.grant(id, [wish(), wish({ offer: 'b' })]);
      const { granted, documents } = await visitors.grant(id, [wish({}, 2), wish({ offer: 'b' }, 2)], source);
      expect(granted).toEqual([false, true]);
      const counting = new Counting(stores.visitors);
      const { view, source: next } = await new VisitorsService(counting, RETENTION).view(id, undefined, documents);
      expect([counting.calls, view.contacts().of('a').length, view.contacts().of('b').length]).toEqual([[], 2, 2]);
      expect((await visitors.grant(id, [wish()], next)).granted).toEqual([true]);
    });

    test('come about once, however often they are asked for, and can be given back', async () => {
      const id = someone();
      const [visitors, other] = two();
      const same = wish({}, 1);
      for (const one of [visitors, other, visitors]) expect((await one.grant(id, [same])).granted).toEqual([true]);
      expect((await contactsOf(id)).of('a')).toHaveLength(1);
      const released = { contact: { ...same.contact, event: 'released' as const }, fits: () => true };
      expect((await visitors.grant(id, [released])).granted).toEqual([true]);
      expect((await visitors.grant(id, [same])).granted).toEqual([false]);
    });

    test('are written into the document where many of them lie behind it', async () => {
      const id = someone();
      const [visitors] = two();
      await visitors.record([interaction({ anonymousId: id })]);
      for (let at = 0; at < 70; at++) {
        const { source } = await visitors.view(id);
        await visitors.grant(id, [wish({ offer: `offer-${at}` })], source);
      }
      expect((await contactsOf(id)).offers()).toHaveLength(70);
      const [stored] = await stores.visitors.load([id]);
      expect(stored?.document.length).toBeLessThan(3_000);
    });

    test('are of as many offers as a visitor may have, and of those that they have', async () => {
      const id = someone();
      const limits = { ...USUAL_LIMITS, contactOffers: 2 };
      const visitors = new VisitorsService(stores.visitors, RETENTION, undefined, limits);
      const offers = ['a', 'b', 'c', 'a'].map((offer) => wish({ offer }));
      expect((await visitors.grant(id, offers)).granted).toEqual([true, true, false, true]);
      const { source } = await visitors.view(id);
      expect((await visitors.grant(id, [wish({ offer: 'c' }), wish({ offer: 'b' })], source)).granted).toEqual([
        false,
        true,
      ]);
    });

    test('go with an export, and come back once however often that is imported', async () => {
      const [id, offer] = [someone(), 'told'];
      const [visitors] = two();
      const wishes = [
        wish({ offer, heldUntil: Date.now() + 60_000, placement: 'hero' }),
        wish({ offer, event: 'shown' }),
      ];
      await visitors.grant(id, wishes);
      const memory = await visitors.find(id);
      if (!memory) throw new Error('they are known');
      const other = someone();
      const line = JSON.parse(
        JSON.stringify(tellMemory({ ...memory, id: other, anonymousIds: [other] }, Date.now())),
      ) as unknown;
      const read = readHistory(line, Date.now());
      if (!('history' in read)) throw new Error(JSON.stringify(read.problems));
      const importer = new HistoryImporter(visitors, stores.visitors, RETENTION);
      for (let times = 0; times < 2; times++) expect(await importer.import([read.history])).toEqual([[]]);
      expect((await visitors.find(other))?.contacts).toEqual(memory.contacts);
      const narrow = new HistoryImporter(visitors, stores.visitors, RETENTION, { ...USUAL_LIMITS, contactOffers: 0 });
      const leftOut = await narrow.import([{ ...read.history, visitorId: someone(), known: [] }]);
      expect(leftOut).toEqual([[expect.objectContaining({ path: 'contacts' })]]);
    });

    test('are nobody’s where a guarded id is asked for', async () => {
      expect(await two()[0].grant('undefined', [wish()])).toEqual({ granted: [false] });
      expect(await stores.visitors.load(['undefined'])).toEqual([undefined]);
    });

    test('stay with the side that they came under when people are parted', async () => {
      const [device, user] = [someone(), someone()];
      const [visitors] = two();
      await visitors.record([interaction({ anonymousId: device })]);
      await visitors.grant(device, [wish({ offer: 'of the device' })]);
      await visitors.record([interaction({ userId: user })]);
      await visitors.record([identify(user, device)]);
      for (const [id, offer] of [
        [device, 'of the device since'],
        [user, 'of the user'],
      ] as const)
        await visitors.grant(id, [wish({ offer })], (await visitors.view(id)).source);
      expect((await contactsOf(user)).offers()).toHaveLength(3);
      await new VisitorSplitter(stores.visitors, visitors, RETENTION).split(user, { id: device, dryRun: false });
      expect((await contactsOf(user)).offers()).toEqual(['of the user']);
      expect((await contactsOf(device)).offers()).toEqual(['of the device', 'of the device since']);
    });
  });
}

/** Counts what a store is asked for; the answers to the first saves get lost. */
class Counting extends VisitorStore {
  calls: string[] = [];

  constructor(
    private readonly store: VisitorStore,
    private lost = 0,
  ) {
    super();
  }

  load(ids: readonly string[]) {
    this.calls.push('load');
    return this.store.load(ids);
  }

  async save(changes: readonly DocumentChange[]) {
    this.calls.push('save');
    const saved = await this.store.save(changes);
    if (this.lost-- > 0) throw new Error('the answer is lost');
    return saved;
  }

  setAside(...args: Parameters<VisitorStore['setAside']>) {
    return this.store.setAside(...args);
  }
}

let messages = 0;
function base(of: { readonly userId?: string; readonly anonymousId?: string }) {
  const timestamp = Date.now();
  const messageId = `message-${(messages += 1)}`;
  return {
    userId: of.userId,
    anonymousId: of.anonymousId,
    messageId,
    timestamp,
    arrival: timestamp * 1_000 + messages,
  };
}

function interaction(of: { readonly userId?: string; readonly anonymousId?: string }): MemoryEvent {
  return { ...base(of), kind: 'interaction', event: 'Page Viewed', channel: 'web', properties: {} };
}

function identify(userId: string, anonymousId: string): MemoryEvent {
  return { ...base({ userId, anonymousId }), kind: 'traits', source: 'identify', traits: {} };
}
