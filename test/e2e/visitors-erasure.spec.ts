import { expect, test } from '@jest/globals';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';
import { storedBytes } from './stored-bytes.js';
import { until } from '../until.js';

let people = 0;

/** Ids and words that are nowhere but with one person. */
function secretsOf() {
  people += 1;
  const mark = `zyx${people}q`;
  return {
    user: `user ${mark} ü}"%`,
    device: `device-${mark}-0c9f0b7e`,
    tablet: `${mark}\\\u00adtablet`,
    email: `${mark}.person@example.com`,
    words: [
      `trait-${mark}`,
      `value ${mark} 🐈`,
      `message-${mark}`,
      `purpose-${mark}`,
      `event ${mark}`,
      `channel-${mark}`,
      `refused-${mark}`,
    ],
    mark,
  };
}

type Secrets = ReturnType<typeof secretsOf>;

async function live(service: Service, { user, device, tablet, email, words, mark }: Secrets): Promise<void> {
  const [trait = '', value = '', message = '', purpose = '', event = '', channel = '', refused = ''] = words;
  await service.tell({
    type: 'track',
    anonymousId: device,
    event,
    properties: { value, nested: { email } },
    messageId: `${message}-1`,
  });
  await service.post('/v1/decisions', { visitorId: device, placements: ['hero'] });
  await service.tell({ type: 'identify', userId: user, anonymousId: device, traits: { email, [trait]: [value] } });
  await service.tell({ type: 'identify', userId: user, anonymousId: tablet, messageId: `${message}-2` });
  await service.tell(
    ...Array.from({ length: 40 }, (_, n) => ({
      type: 'track',
      userId: user,
      event: 'Seen',
      properties: { [`${trait}-${n}`]: `${value} ${n}` },
      messageId: `${message}-s-${n}`,
      timestamp: ago(n, 'h'),
      context: { channel },
    })),
  );
  await service.send('PUT', `/v1/visitors/${encodeURIComponent(tablet)}/consents/${purpose}`, {
    body: '{"status":"granted"}',
    headers: { 'content-type': 'application/json' },
  });
  await service.post('/v1/batch', { batch: [{ type: 'track', userId: user, event: 7, properties: { refused } }] });
  for (const visitorId of [user, tablet, device])
    await service.post('/v1/decisions', {
      visitorId,
      placements: ['hero', 'cards'],
      context: { [trait]: `context-${mark}` },
    });
}

const SETTINGS = { USHER_RECORD_SHARE: '1' };

describeOnBothStores(
  'erasing a person',
  (service) => {
    const erase = (id: string) => service.send('DELETE', `/v1/visitors/${encodeURIComponent(id)}`);

    test('leaves no byte of them in the store, whichever id is named, and loses nothing of others', async () => {
      const all = Array.from({ length: 12 }, secretsOf);
      for (const one of all) await live(service, one);
      const [gone, staying] = [all.filter((_, n) => n % 2 === 0), all.filter((_, n) => n % 2 === 1)];
      const exportOf = async ({ user }: Secrets) => ({
        ...((await service.get(`/v1/visitors/${encodeURIComponent(user)}/export`)).body as object),
        exportedAt: '',
      });
      await until('every decision to be kept', async () => {
        const kept = (await Promise.all(all.map(exportOf))) as Partial<VisitorExport>[];
        return kept.every(({ decisions, recorded }) => decisions?.length === 4 && recorded?.length === 4);
      });
      const before = await Promise.all(staying.map(exportOf));
      const full = await storedBytes(service);
      for (const { mark } of all) expect(full.includes(mark)).toBe(true);

      for (const [n, { user, device, tablet }] of gone.entries()) {
        const { status, text } = await erase([user, device, tablet][n % 3] ?? user);
        expect([status, text]).toEqual([204, '']);
      }
      const left = await storedBytes(service);
      for (const { user, device, tablet, email, words, mark } of gone) {
        for (const secret of [user, device, tablet, email, ...words, mark, encodeURIComponent(user)])
          expect([secret, left.includes(secret)]).toEqual([secret, false]);
        for (const id of [user, device, tablet])
          expect((await service.get(`/v1/visitors/${encodeURIComponent(id)}`)).status).toBe(404);
        expect((await service.get(`/v1/visitors/${encodeURIComponent(user)}/export`)).status).toBe(404);
      }
      expect(await Promise.all(staying.map(exportOf))).toEqual(before);
    });

    test('may be asked for again, and of a stranger', async () => {
      const id = someone();
      await service.tell({ type: 'track', userId: id, event: 'Seen' });
      expect([(await erase(id)).status, (await erase(id)).status, (await erase('nobody-at-all')).status]).toEqual([
        204, 204, 204,
      ]);
      expect((await erase('x'.repeat(257))).status).toBe(400);
    });

    test('lets a later event begin a new person', async () => {
      const [user, device] = [someone(), someone()];
      await service.tell({ type: 'track', userId: user, anonymousId: device, event: 'before', messageId: `${user}-1` });
      await erase(device);
      await service.tell({ type: 'track', anonymousId: device, event: 'after', messageId: `${user}-1` });
      expect(await service.visitor(device)).toMatchObject({
        ids: [device],
        counters: { after: { count: 1 } },
        interactions: [{ event: 'after' }],
      });
      expect((await service.get(`/v1/visitors/${user}`)).status).toBe(404);
    });

    test('in the middle of everything leaves all of the old or a new person, never a part of both', async () => {
      for (let round = 0; round < 8; round++) {
        const [user, device] = [someone(), someone()];
        await service.tell(
          { type: 'track', userId: user, anonymousId: device, event: 'old', messageId: `${user}-old` },
          { type: 'identify', userId: user, traits: { old: true } },
        );
        const storm = Array.from({ length: 30 }, async (_, n) => {
          await new Promise((resolve) => setTimeout(resolve, n));
          await service.tell({
            type: 'track',
            ...(n % 3 === 0
              ? { anonymousId: device }
              : n % 3 === 1
                ? { userId: user }
                : { userId: user, anonymousId: device }),
            event: `new ${n}`,
            messageId: `${user}-${n}`,
          });
        });
        await new Promise((resolve) => setTimeout(resolve, round * 3));
        expect((await erase(round % 2 === 0 ? user : device)).status).toBe(204);
        await Promise.all(storm);
        for (const id of [user, device]) {
          const { body, text } = await service.get(`/v1/visitors/${id}`);
          expect(text).not.toContain('"old"');
          if ((body as { interactions?: unknown }).interactions !== undefined)
            expect((body as { traits: object }).traits).toEqual({});
        }
      }
    });
  },
  { settings: SETTINGS },
);
