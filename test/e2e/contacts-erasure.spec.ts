import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { until } from '../until.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import { storedBytes } from './stored-bytes.js';

const treatments = { '*': { content: { title: 'Look' } } };
const FILES: Readonly<Record<string, object>> = {
  'placements/slot.json': { name: 'Slot', fallback: 'plain' },
  'placements/desk.json': { name: 'Desk', channel: 'call-centre', fallback: 'plain', lease: { minutes: 20 } },
  'offers/plain.json': { name: 'Plain', treatments },
  'offers/limited.json': {
    ...{ name: 'Limited', treatments, goal: { event: 'Order Completed' } },
    caps: [
      { event: 'shown', limit: 2 },
      { event: 'shown', limit: 1_000, per: 'total' },
      { event: 'accepted', limit: 1_000, per: 'total' },
    ],
  },
  'proactive/limited.json': {
    ...{ name: 'Limited', placements: ['slot', 'desk'], conditions: { all: [] } },
    event: { type: 'offer', params: { offer: 'limited' } },
  },
};

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-contacts-erasure-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

/** One person, with words that are nowhere but in what became of offers for them. */
function personOf(n: number) {
  const mark = `qzx${n}w`;
  return {
    ...{ mark, user: `user-${mark}`, device: `device-${mark}`, channel: `channel-${mark}`, place: `place-${mark}` },
    offers: ['dismissed', 'imported'].map((how) => `${how}-${mark}`),
  };
}

type Person = ReturnType<typeof personOf>;

interface Standing {
  readonly limits: readonly { readonly event: string; readonly confirmed: number; readonly held: number }[];
  readonly visitor?: { readonly limits: readonly object[]; readonly stoppedBy: readonly object[] };
}

describeOnBothStores(
  'what became of offers for somebody who is erased',
  (service) => {
    const erase = (id: string) => service.send('DELETE', `/v1/visitors/${id}`);
    const standing = async (id: string) =>
      (await service.get(`/v1/offers/limited/limits?visitorId=${id}`)).body as Standing;
    const exportOf = async ({ user }: Person) =>
      (await service.get(`/v1/visitors/${user}/export`)).body as Partial<VisitorExport>;

    /** Decided, held, leased, shown, clicked, rated, dismissed, reached and imported, under two ids. */
    async function live({ mark, user, device, channel, place, offers }: Person): Promise<string[]> {
      const answers: DecisionAnswer[] = [];
      for (const placements of [['slot'], ['desk'], ['slot']])
        answers.push(await service.decide({ visitorId: device, placements }));
      await service.tell({ type: 'identify', userId: user, anonymousId: device, messageId: `m-${mark}-join` });
      const { decisionId, decisions } = answers[0] as DecisionAnswer;
      const item = { visitorId: device, decisionId, placement: 'slot', offer: 'limited', channel };
      for (const outcome of ['shown', 'clicked'])
        await service.post('/v1/outcomes', { ...item, outcome, token: decisions[0]?.items[0]?.token });
      await service.post('/v1/outcomes', { ...item, outcome: 'rated', rating: 2 });
      const away = {
        visitorId: user,
        offer: offers[0],
        placement: place,
        outcome: 'dismissed',
        timestamp: ago(1, 'h'),
      };
      await service.post('/v1/outcomes', { ...away, messageId: `m-${mark}-away` });
      await service.tell({ type: 'track', userId: user, event: 'Order Completed', messageId: `m-${mark}-order` });
      const contacts = [{ offer: offers[1], event: 'shown', timestamp: ago(2, 'd'), placement: place }];
      const line = JSON.stringify({ visitorId: user, contacts });
      await service.post('/v1/visitors/import', line, 'application/x-ndjson');
      await service.post('/v1/outcomes', {
        visitorId: user,
        offer: `refused-${mark}`,
        outcome: 'shown',
        timestamp: 'x',
      });
      return answers.map((answer) => answer.decisionId);
    }

    test('is in no export, no byte of the store and no decision any more, and all of others stays', async () => {
      const people = Array.from({ length: 6 }, (_one, n) => personOf(n));
      const decided = new Map<Person, string[]>();
      for (const one of people) decided.set(one, await live(one));
      const [gone, staying] = [people.filter((_one, n) => n % 2 === 0), people.filter((_one, n) => n % 2 === 1)];
      await until('all decisions to be kept', async () => {
        const all = await Promise.all(people.map(exportOf));
        return all.every(({ decisions, recorded }) => decisions?.length === 3 && recorded?.length === 3);
      });
      const told = async (of: readonly Person[]) =>
        (await Promise.all(of.map(exportOf))).map((one) => ({ ...one, exportedAt: '' }));
      const before = { exports: await told(staying), totals: (await standing('anybody')).limits };
      const full = await storedBytes(service);
      const wordsOf = (one: Person) => [
        ...[one.mark, one.user, one.device, one.channel, one.place],
        ...[...one.offers, ...(decided.get(one) ?? [])],
      ];
      // Each word was there to be found: in documents as bytes, in the log and in what was recorded.
      for (const one of people)
        for (const word of [one.user, one.channel, one.place, ...one.offers]) expect(full.includes(word)).toBe(true);
      expect((await exportOf(people[0] as Person)).contacts?.map(({ event }) => event).sort()).toEqual(
        ['clicked', 'decided', 'decided', 'dismissed', 'rated', 'shown', 'shown'].sort(),
      );

      for (const [n, { user, device }] of gone.entries()) expect((await erase(n % 2 ? user : device)).status).toBe(204);

      const left = await storedBytes(service);
      for (const one of gone)
        for (const word of wordsOf(one)) expect([word, left.includes(word)]).toEqual([word, false]);
      for (const { user, device } of gone)
        for (const id of [user, device]) {
          expect((await service.get(`/v1/visitors/${id}`)).status).toBe(404);
          expect((await service.get(`/v1/visitors/${id}/export`)).status).toBe(404);
        }
      const recorded = (await service.get('/v1/decisions/recorded?limit=500')).text;
      const rejected = (await service.get('/v1/tracking/rejected?limit=200')).text;
      for (const one of gone)
        for (const word of wordsOf(one))
          expect([recorded.includes(word), rejected.includes(word)]).toEqual([false, false]);
      expect(await told(staying)).toEqual(before.exports);
      // What was shown was shown: places in total stay taken, and say of whom in no way.
      expect((await standing('anybody')).limits).toEqual(before.totals);
    });

    test('limits nobody who comes after them under the same ids', async () => {
      const one = personOf(100);
      await live(one);
      expect((await standing(one.user)).visitor?.limits).not.toEqual((await standing(someone())).visitor?.limits);
      await erase(one.user);
      for (const id of [one.user, one.device])
        expect((await standing(id)).visitor).toEqual((await standing(someone())).visitor);
      expect(await service.offers({ visitorId: one.device, placements: ['slot'] })).toEqual(['limited']);
    });

    test('comes back by no outcome that is told late: that is of whoever comes after them', async () => {
      const id = someone();
      const { decisionId } = await service.decide({ visitorId: id, placements: ['slot'] });
      const item = { visitorId: id, decisionId, placement: 'slot', offer: 'limited' };
      await service.post('/v1/outcomes', { ...item, outcome: 'shown' });
      const shown = async () => (await standing('anybody')).limits[0]?.confirmed;
      const before = await shown();
      await erase(id);
      for (const outcome of ['shown', 'clicked']) await service.post('/v1/outcomes', { ...item, outcome });
      const { contacts } = await service.visitor(id);
      expect(contacts).toEqual({
        limited: { shown: expect.objectContaining({ count: 1 }), clicked: expect.objectContaining({ count: 1 }) },
      });
      // In total it is the same one, told again.
      expect(await shown()).toBe(before);
    });

    test('is all of the old or of a new person where decisions go on meanwhile', async () => {
      for (let round = 0; round < 6; round++) {
        const [id, old] = [`stormy-${round}-qzx`, `of-old-${round}`];
        await service.post('/v1/outcomes', { visitorId: id, offer: old, outcome: 'accepted' });
        const storm = Array.from({ length: 20 }, async (_one, n) => {
          await new Promise((resolve) => setTimeout(resolve, n));
          const answer = await service.decide({ visitorId: id, placements: ['slot'] });
          const item = { visitorId: id, decisionId: answer.decisionId, placement: 'slot', offer: 'limited' };
          await service.post('/v1/outcomes', { ...item, outcome: n % 2 ? 'shown' : 'dismissed' });
        });
        await new Promise((resolve) => setTimeout(resolve, round * 4));
        expect((await erase(id)).status).toBe(204);
        await Promise.all(storm);
        expect((await service.get(`/v1/visitors/${id}`)).text).not.toContain(old);
        expect((await service.get(`/v1/visitors/${id}/export`)).text).not.toContain(old);
        expect((await erase(id)).status).toBe(204);
        expect((await storedBytes(service)).includes(id)).toBe(false);
      }
    });
  },
  { settings: { USHER_RULES: rulesFolder(), USHER_RECORD_SHARE: '1' } },
);
