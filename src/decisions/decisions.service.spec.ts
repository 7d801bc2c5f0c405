import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeShop } from '../../test/e2e/shop.js';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../../test/redis-server.js';
import { readConfig } from '../config.js';
import type { Rulebook } from '../engine/rulebook.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { openStores, type Stores } from '../stores/open-stores.js';
import { PersonalRecordsList } from '../stores/personal/personal-records-list.js';
import { type DocumentChange, type StoredDocument, VisitorStore } from '../stores/visitor-store.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { DecisionAnswer } from './decision-answer.js';
import { DecisionRecorder } from './decision-recorder.js';
import { readDecisionRequest } from './decision-request.js';
import { PropensityTable } from '../learning/propensity-table.js';
import { Reserver } from '../limits/reserver.js';
import { TokenMaker } from '../limits/token-maker.js';
import { BoundDecider, KnownOffers } from './bound-decider.js';
import { DecisionsService } from './decisions.service.js';
import { InputRecorder } from './input-recorder.js';
import { decideAgain, digestOf, recordedView } from './recorded-decision.js';
import { ShadowComparer } from './shadow-comparer.js';
import { allOf } from '../../test/in-parts.js';

const RETENTION = { keepInteractions: 500, keepDays: 90 };
/** Long enough for any machine; whoever waits for it in vain is found out by the test's own time. */
const GENEROUS_MS = 60_000;
const SHORT_MS = 20;

/** A store that tells what it was asked, and waits before it answers for whatever it is given to wait for. */
class WatchedStore extends VisitorStore {
  readonly calls: string[] = [];
  beforeLoad: () => Promise<void> = async () => undefined;
  beforeSave: () => Promise<void> = async () => undefined;

  constructor(private readonly store: VisitorStore) {
    super();
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    this.calls.push(`load ${ids.join(' ')}`);
    await this.beforeLoad();
    return this.store.load(ids);
  }

  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    this.calls.push(`save ${changes.map(({ id }) => id).join(' ')}`);
    await this.beforeSave();
    return this.store.save(changes);
  }

  setAside(id: string, stored: StoredDocument): Promise<boolean> {
    return this.store.setAside(id, stored);
  }
}

for (const kind of ['SQLite', 'Redis'] as const) {
  describe(`a decision that brings events, on ${kind}`, () => {
    let folder: string;
    let server: RedisServer | undefined;
    let stores: Stores;
    let rulebook: Rulebook;
    let store: WatchedStore;
    let visitors: VisitorsService;
    let people = 0;
    let messages = 0;
    const someone = () => `someone-${(people += 1)}`;

    beforeAll(async () => {
      Logger.overrideLogger(false);
      folder = await mkdtemp(join(tmpdir(), 'usher-events-'));
      await writeShop(join(folder, 'rules'));
      const loaded = loadRulebook(join(folder, 'rules')).rulebook;
      if (!loaded) throw new Error('the shop has no rules');
      rulebook = loaded;
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
    beforeEach(() => {
      store = new WatchedStore(stores.visitors);
      visitors = new VisitorsService(store, RETENTION);
    });

    /** A service on the watched store, and a way to have all written that it has to write. */
    function serviceWith(deadlineMs: number) {
      const rulebooks = new RulebookService();
      rulebooks.serve(new ServingRulebooks(rulebook));
      const records = new PersonalRecordsList();
      const inputs = new InputRecorder(stores.recorded, records, 1);
      const recorder = new DecisionRecorder(
        stores.decisions,
        records,
        inputs,
        new ShadowComparer(stores.releases, records),
      );
      const offers = new KnownOffers(new Reserver(visitors, stores.limits), new PropensityTable(stores.figures));
      const decisions = new DecisionsService(
        visitors,
        rulebooks,
        recorder,
        new BoundDecider(visitors, offers, new TokenMaker(stores.limits), deadlineMs),
      );
      return { decisions, written: () => inputs.beforeApplicationShutdown() };
    }
    const decide = async (request: object, deadlineMs = GENEROUS_MS): Promise<DecisionAnswer> => {
      const ask = readDecisionRequest({ placements: ['hero'], ...request });
      const { answer, text } = await serviceWith(deadlineMs).decisions.decide(ask);
      expect(text).toBe(JSON.stringify(answer));
      return answer;
    };
    const viewed = (ids: object = {}) => ({
      type: 'track',
      event: 'Product Viewed',
      properties: { sku: `c-${(messages += 1)}` },
      messageId: `m-${messages}`,
      ...ids,
    });
    const offersOf = ({ decisions }: DecisionAnswer) =>
      decisions.flatMap(({ items }) => items.map(({ offer }) => offer));
    /** What the store was asked for the decision alone. */
    async function callsOf(request: object): Promise<readonly string[]> {
      store.calls.length = 0;
      await decide(request);
      return [...store.calls];
    }

    test('reads once and writes once, and asks for nothing again', async () => {
      const [stranger, user, device] = [someone(), someone(), someone()];
      expect(await callsOf({ visitorId: stranger, events: [viewed()] })).toEqual([
        `load ${stranger}`,
        `save ${stranger}`,
      ]);
      await decide({ visitorId: device, events: [viewed({ userId: user, anonymousId: device })] });
      expect(await callsOf({ visitorId: user, events: [viewed({ userId: user })] })).toEqual([
        `load ${user}`,
        `save ${user}`,
      ]);
      expect(await callsOf({ visitorId: device, events: [viewed(), viewed()] })).toEqual([
        `load ${device}`,
        `load ${user}`,
        `save ${user}`,
      ]);
      expect(await callsOf({ visitorId: device })).toEqual([`load ${device}`, `load ${user}`]);
    });

    test('is answered though the store reads nothing any more once it has written', async () => {
      const visitorId = someone();
      store.beforeSave = async () => {
        store.beforeLoad = () => new Promise(() => undefined);
      };
      const answer = await decide({ visitorId, events: [viewed()] });
      expect([answer.served, answer.events, offersOf(answer)]).toEqual(['full', 'stored', ['phone']]);
    });

    test('is for the visitor it asks for, where an event is about somebody else', async () => {
      const [visitorId, other] = [someone(), someone()];
      const request = { visitorId, events: [viewed({ userId: other })] };
      const answer = await decide(request);
      expect([answer.events, offersOf(answer)]).toEqual(['stored', ['welcome']]);
      expect(offersOf(await decide({ visitorId: other }))).toEqual(['phone']);
      expect(await callsOf(request)).toEqual([`load ${other} ${visitorId}`]);
    });

    test('is for the person that the visitor has become part of by the events', async () => {
      const [user, device, tablet, phone] = [someone(), someone(), someone(), someone()];
      await decide({ visitorId: user, events: [viewed({ userId: user })] });
      await decide({ visitorId: device, events: [{ type: 'track', event: 'Seen' }] });
      await decide({ visitorId: tablet, events: [{ type: 'alias', anonymousId: tablet, previousId: device }] });
      const login = { type: 'identify', userId: user, anonymousId: device };
      // Neither names the tablet, nor the phone, which nobody has seen before.
      const answers = [
        await decide({ visitorId: tablet, events: [login] }),
        await decide({ visitorId: phone, events: [{ type: 'alias', userId: user, previousId: phone }] }),
      ];
      expect(answers.map((answer) => [answer.served, answer.events, offersOf(answer)])).toEqual([
        ['full', 'stored', ['phone']],
        ['full', 'stored', ['phone']],
      ]);
    });

    test('says that the events are stored, where the visitor it asks for can’t be read', async () => {
      const [visitorId, other] = [someone(), someone()];
      await stores.visitors.save([{ id: visitorId, from: undefined, document: Buffer.from('junk') }]);
      const answer = await decide({ visitorId, events: [viewed({ userId: other })] });
      expect([answer.served, answer.events]).toEqual(['context-only', 'stored']);
      expect(offersOf(await decide({ visitorId: other }))).toEqual(['phone']);
    });

    test.each(['beforeLoad', 'beforeSave'] as const)(
      'is made from the context where the store is late (%s), and the events are stored all the same',
      async (when) => {
        const visitorId = someone();
        const { promise: released, resolve: release } = Promise.withResolvers<void>();
        store[when] = () => released;
        const events = [viewed()];
        const late = await decide({ visitorId, events }, SHORT_MS);
        expect([late.served, late.events, offersOf(late)]).toEqual(['context-only', 'unconfirmed', ['welcome']]);
        release();
        // The writer takes one round after the other: what is told now comes after what was late.
        const again = await decide({ visitorId, events });
        expect([again.served, again.events, offersOf(again)]).toEqual(['full', 'stored', ['phone']]);
        expect((await visitors.find(visitorId))?.interactions).toHaveLength(1);
      },
    );

    test('is recorded so that it comes out the same again, however its events were written', async () => {
      const { decisions, written } = serviceWith(GENEROUS_MS);
      const [user, device] = [someone(), someone()];
      for (const events of [
        [viewed()],
        [viewed()],
        [{ type: 'identify', userId: user, anonymousId: device }],
        [viewed(), viewed()],
      ])
        await decisions.decide(
          readDecisionRequest({ visitorId: device, placements: ['hero', 'cards', 'banner', 'greeting'], events }),
        );
      await written();
      const inputs = await allOf(stores.recorded.about([device]));
      const keys = inputs.flatMap(({ visitor }) => (visitor.kind === 'stored' ? [visitor.state] : []));
      expect(new Set(keys).size).toBe(4);
      const states = await stores.recorded.states(keys);
      for (const [index, input] of inputs.entries()) {
        const again = decideAgain(input, recordedView(input, states.get(keys[index] ?? '')), rulebook);
        expect(digestOf(JSON.stringify(again))).toBe(input.answer);
      }
      // The last state is the one that lies in the store, by its version too.
      const [stored] = await stores.visitors.load([user]);
      expect(keys).toContain(stored?.version);
      expect(Buffer.from(states.get(stored?.version ?? '') ?? [])).toEqual(Buffer.from(stored?.document ?? []));
    });
  });
}
