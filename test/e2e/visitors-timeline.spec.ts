import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Timeline } from '../../src/visitors/profile/timeline.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

const page = async (service: Service, id: string, query = ''): Promise<Timeline> =>
  (await service.get(`/v1/visitors/${id}/timeline${query}`)).body as Timeline;

describeOnBothStores('the timeline of a person', (service) => {
  const track = (userId: string, event: string, timestamp: string, channel = 'web') => ({
    type: 'track',
    userId,
    event,
    timestamp,
    messageId: randomUUID(),
    context: { channel },
  });

  test('is newest first, with the session of each', async () => {
    const id = someone();
    const [first, second, third] = [ago(300, 'm'), ago(280, 'm'), ago(10, 'm')];
    await service.tell(track(id, 'a', first, 'app'), track(id, 'c', third), track(id, 'b', second));
    const { visitorId, interactions, sessions, next } = await page(service, id);
    expect({ visitorId, next }).toEqual({ visitorId: id, next: null });
    expect(interactions).toMatchObject([
      { event: 'c', session: third },
      { event: 'b', session: first, channel: 'web', properties: {} },
      { event: 'a', session: first },
    ]);
    expect(sessions).toMatchObject([
      { start: third, end: third, active: true, interactions: 1 },
      { start: first, end: second, active: false, channel: 'app', interactions: 2 },
    ]);
  });

  test('is read page by page to its end, each once, also where many happened in the same moment', async () => {
    const id = someone();
    const moment = ago(5, 'm');
    await service.tell(
      ...Array.from({ length: 120 }, (_, n) => track(id, 'Seen', n < 100 ? moment : ago(10 + n, 'm'))),
    );
    const seen: unknown[] = [];
    for (let next: string | null = ''; next !== null;) {
      const read: Timeline = await page(service, id, `?limit=7&before=${encodeURIComponent(next)}`);
      seen.push(...read.interactions.map(({ messageId }) => messageId));
      expect(read.interactions.length).toBeLessThanOrEqual(7);
      next = read.next;
    }
    const whole = (await page(service, id, '?limit=500')).interactions.map(({ messageId }) => messageId);
    expect(new Set(seen).size).toBe(120);
    expect(seen).toEqual(whole);
  });

  test('goes on where it was when more happens meanwhile', async () => {
    const id = someone();
    await service.tell(...[1, 2, 3, 4].map((n) => track(id, `e-${n}`, ago(n, 'h'))));
    const { next } = await page(service, id, '?limit=2');
    await service.tell(track(id, 'new', ago(1, 'm')));
    expect((await page(service, id, `?limit=2&before=${next ?? ''}`)).interactions).toMatchObject([
      { event: 'e-3' },
      { event: 'e-4' },
    ]);
  });

  test('is of one channel, one event, or before a time, where that is asked for', async () => {
    const id = someone();
    await service.tell(
      track(id, 'a', ago(3, 'h')),
      track(id, 'b', ago(2, 'h'), 'app'),
      track(id, 'a', ago(1, 'h'), 'app'),
    );
    const events = async (query: string) =>
      (await page(service, id, query)).interactions.map(({ event, channel }) => [event, channel]);
    expect(await events('?channel=app')).toEqual([
      ['a', 'app'],
      ['b', 'app'],
    ]);
    expect(await events('?event=a&channel=')).toEqual([
      ['a', 'app'],
      ['a', 'web'],
    ]);
    expect(await events(`?before=${ago(90, 'm')}`)).toEqual([
      ['b', 'app'],
      ['a', 'web'],
    ]);
    expect(await events('?event=never')).toEqual([]);
    expect((await page(service, id)).interactions).toHaveLength(3);
  });

  test('says what is wrong with what is asked', async () => {
    const id = someone();
    await service.tell(track(id, 'a', ago(3, 'h')));
    const problems = async (query: string) => (await service.get(`/v1/visitors/${id}/timeline?${query}`)).body;
    for (const limit of ['0', '501', '-1', '1.5', 'ten', '1e2'])
      expect(await problems(`limit=${limit}`)).toMatchObject({
        code: 'INVALID_REQUEST',
        problems: [{ path: 'limit', message: expect.stringContaining('from 1 to 500') }],
      });
    for (const before of ['yesterday', 'W10', '2026-02-30'])
      expect(await problems(`before=${before}`)).toMatchObject({ problems: [{ path: 'before' }] });
    expect(await problems('chanel=web&event=a&event=b')).toMatchObject({
      problems: [
        { path: 'chanel', message: expect.stringContaining('channel') },
        { path: 'event', message: 'must be said once' },
      ],
    });
    expect((await service.get('/v1/visitors/nobody-at-all/timeline')).status).toBe(404);
  });
});

describeOnBothStores('the consents of a person', (service) => {
  const put = (id: string, purpose: string, body: unknown) =>
    service.send('PUT', `/v1/visitors/${encodeURIComponent(id)}/consents/${encodeURIComponent(purpose)}`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  test('are granted and denied, the latest word standing, and shown with their times', async () => {
    const id = someone();
    const [early, late, until] = [ago(2, 'h'), ago(1, 'h'), '2999-01-01T00:00:00.000Z'];
    await put(id, 'marketing', { status: 'granted', timestamp: late, until });
    await put(id, 'marketing', { status: 'denied', timestamp: early });
    const { status, body } = await put(id, 'a/b ü%', { status: 'denied' });
    expect([status, body]).toMatchObject([
      200,
      {
        visitorId: id,
        consents: { marketing: { status: 'granted', at: late, until }, 'a/b ü%': { status: 'denied' } },
      },
    ]);
    expect((await service.visitor(id)).consents['marketing']).toEqual({ status: 'granted', at: late, until });
  });

  test('that have expired are told as such', async () => {
    const id = someone();
    const [at, until] = [ago(2, 'd'), ago(1, 'd')];
    await put(id, 'marketing', { status: 'granted', timestamp: at, until });
    expect((await service.visitor(id)).consents).toEqual({
      marketing: { status: 'expired', said: 'granted', at, until },
    });
  });

  test('are not set by traits', async () => {
    const id = someone();
    await service.tell({
      type: 'identify',
      userId: id,
      traits: { consents: { marketing: 'granted' }, marketing: 'granted' },
    });
    expect((await service.visitor(id)).consents).toEqual({});
  });

  test('say what is wrong with what is sent', async () => {
    const id = someone();
    expect((await put(id, 'marketing', { status: 'yes', until: 'soon', why: 1 })).body).toMatchObject({
      code: 'INVALID_REQUEST',
      problems: [{ path: 'why' }, { path: 'status', message: 'must be "granted" or "denied"' }, { path: 'until' }],
    });
    expect((await put(id, 'p'.repeat(257), { status: 'denied' })).body).toMatchObject({
      problems: [{ path: 'purpose' }],
    });
    expect((await put(id, 'marketing', [])).status).toBe(400);
    expect(
      (await put(id, 'marketing', { status: 'granted', timestamp: ago(1, 'h'), until: ago(2, 'h') })).body,
    ).toMatchObject({ problems: [{ path: 'until' }] });
    expect((await service.get(`/v1/visitors/${id}`)).status).toBe(404);
  });
});
