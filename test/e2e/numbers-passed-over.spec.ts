import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askDecision } from '../../src/cli/ask-decision.js';
import { importVisitors } from '../../src/cli/import-visitors.js';
import { trackEvents } from '../../src/cli/track-events.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import { until } from '../until.js';
import { SHOP_FILES } from './shop.js';

const FILES = {
  ...SHOP_FILES,
  'contextual/spenders.json': JSON.stringify({
    ...{ name: 'Spenders', placements: ['banner'], event: { type: 'offer', params: { offer: 'app' } } },
    conditions: {
      all: [
        {
          fact: 'interactions',
          params: { event: 'Paid', aggregate: 'sum', property: 'revenue' },
          operator: 'greaterThan',
          value: 100,
        },
      ],
    },
  }),
  'cases/spent.json': JSON.stringify({
    ...{ name: 'Spent', request: { placements: ['banner'] }, now: '2026-11-20T09:00:00Z' },
    expect: { banner: ['newcomer'] },
    visitor: {
      interactions: [{ event: 'Paid', timestamp: '2026-11-01T00:00:00Z', properties: { revenue: '149,90' } }],
    },
  }),
};
const plain = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '');

describeOnBothStores('a value that is no number, where numbers are summed up', (service) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-numbers-'));
    const { status } = await service.post('/v1/rulebook/releases', { files: FILES, message: 'Spenders' });
    expect(status).toBe(201);
    await service.post('/v1/rulebook/releases/2/activate', { as: 'live' });
    await until('the release to serve', async () => {
      const { rulebook } = await service.decide({ visitorId: someone(), placements: ['banner'] });
      return rulebook.version === 2;
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const paid = (userId: string, revenue: unknown) => ({
    ...{ type: 'track', userId, event: 'Paid', timestamp: ago(1, 'h'), properties: { revenue } },
  });
  const send = async (run: typeof trackEvents, name: string, text: string, json: boolean): Promise<string> => {
    await writeFile(join(folder, name), text);
    const said: string[] = [];
    expect(
      await run(join(folder, name), { url: service.url, key: undefined, json }, (line) => void said.push(line)),
    ).toBe(0);
    return plain(said.join('\n'));
  };

  test('is told by the explanation, with how many and one of them', async () => {
    const visitorId = someone();
    await service.tell(...[20, '30.5', '149,90', true, null].map((revenue) => paid(visitorId, revenue)));
    const { explanation } = await service.decide({ visitorId, placements: ['banner'], explain: true });
    const rule = explanation?.[0]?.rules.find((one) => one.rule === 'spenders');
    expect(rule?.conditions).toMatchObject({
      all: [{ result: false, factResult: 50.5, passedOver: { count: 3, of: 5, example: '149,90' } }],
    });
    const said: string[] = [];
    await askDecision(
      visitorId,
      ['banner'],
      { url: service.url, key: undefined, explain: true },
      (text) => void said.push(text),
    );
    expect(plain(said.join('\n'))).toContain('it is 50.5, 3 of 5 values passed over as no number, such as "149,90"');
  });

  test('is not spoken of where every value is a number, or numbers are not summed up', async () => {
    const visitorId = someone();
    await service.tell(paid(visitorId, 20), paid(visitorId, '30.5'));
    await service.tell({ type: 'track', userId: visitorId, event: 'Product Viewed', properties: { sku: 'c' } });
    const { explanation } = await service.decide({ visitorId, placements: ['banner', 'cards'], explain: true });
    expect(JSON.stringify(explanation)).toContain('"factResult":50.5');
    expect(JSON.stringify(explanation)).not.toContain('assedOver');
  });

  test('is warned of by the check where a case has it, by the name of the file and its place', async () => {
    const { body } = await service.post('/v1/rulebook/check', { files: FILES });
    expect(body).toMatchObject({
      problems: [],
      warnings: [
        { file: 'cases/spent.json', line: 1, message: expect.stringMatching(/^"149,90" is no number, and the/) },
      ],
    });
  });

  test('is told by an import over HTTP where it is a number in another writing', async () => {
    const line = (revenue: string) =>
      JSON.stringify({
        visitorId: someone(),
        interactions: [{ event: 'Paid', timestamp: ago(1, 'd'), properties: { revenue } }],
      });
    const lines = ['12.5', '1.234,50', 'free', '0,5'].map(line).join('\n');
    expect((await service.post('/v1/visitors/import', lines, 'application/x-ndjson')).body).toMatchObject({
      accepted: 4,
      unreadNumbers: [{ path: 'properties.revenue', count: 2, line: 2, example: '1.234,50' }],
    });
    const table = `visitorId,age,city\n${someone()},"41,5",Ulm\n`;
    expect((await service.post('/v1/visitors/import', table, 'text/csv')).body).toMatchObject({
      unreadNumbers: [{ path: 'traits.age', count: 1, line: 2, example: '41,5' }],
    });
    const sound = `visitorId,age\n${someone()},41.5\n`;
    expect((await service.post('/v1/visitors/import', sound, 'text/csv')).body).not.toHaveProperty('unreadNumbers');
  });

  test('is told by usher track and usher import, with the line of the first', async () => {
    const row = (revenue: string) => `${someone()};Paid;${ago(2, 'h')};${revenue}\n`;
    const events = `visitorId;event;timestamp;properties.revenue\n${row('7.5')}${row('1.234,50')}${row('8,5')}`;
    expect(await send(trackEvents, 'e.csv', events, false)).toContain(
      '  2  properties.revenue, such as "1.234,50" (line 3)',
    );
    const visitors = `{"visitorId":"${someone()}","traits":{"age":"41,5"}}\n`;
    expect(JSON.parse(await send(importVisitors, 'v.ndjson', visitors, true))).toMatchObject({
      unreadNumbers: [{ path: 'traits.age', count: 1, line: 1, example: '41,5' }],
    });
  });
});
