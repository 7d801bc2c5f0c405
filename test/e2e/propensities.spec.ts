import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as replaying from '../../src/cli/replay/replay-decisions.js';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type { ReplayReport } from '../../src/replay/replay-report.js';
import { until } from '../until.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';
import type { Answer, Service } from './service.js';
const { replayDecisions } = await importBuilt<typeof replaying>('./cli/replay/replay-decisions.js');

const offer = (title: string, more: object) => ({
  name: title,
  treatments: { '*': { content: { title } } },
  ...more,
});
const rule = (id: string) => ({
  name: `${id} for all`,
  placements: ['shelf', 'plain'],
  conditions: { all: [] },
  event: { type: 'offer', params: { offer: id } },
});
const FILES: Readonly<Record<string, object>> = {
  'placements/shelf.json': { name: 'Shelf', arbitration: 'score', count: 2 },
  'placements/plain.json': { name: 'By priority', count: 2 },
  'segments/pet-lovers.json': {
    name: 'Pet lovers',
    conditions: { all: [{ fact: 'profile', path: '$.interests', operator: 'contains', value: 'pets' }] },
  },
  'offers/camera.json': offer('Camera', { propensity: 0.02 }),
  'offers/loan.json': offer('Loan', { propensity: 0.01 }),
  'proactive/camera.json': rule('camera'),
  'proactive/loan.json': rule('loan'),
};

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-score-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

const upload = (service: Service, body: string, type = 'application/x-ndjson'): Promise<Answer> =>
  service.send('PUT', '/v1/offers/propensities', { body, headers: { 'content-type': type } });
const lines = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

describeOnBothStores(
  'uploaded propensities',
  (service) => {
    const decide = (visitorId: string, more: object = {}): Promise<DecisionAnswer> =>
      service.decide({ visitorId, placements: ['shelf', 'plain'], ...more });
    const scores = async (visitorId: string) =>
      (await decide(visitorId)).decisions[0]?.items.map(({ offer: id, score }) => [id, score]);

    test('of a visitor come before those of a segment, and those before what the offers say', async () => {
      const [ada, bob, eve] = [someone(), someone(), someone()];
      await service.patchTraits(ada, { interests: ['pets'] });
      await service.patchTraits(bob, { interests: ['pets'] });
      expect(await scores(bob)).toEqual([
        ['camera', 0.02],
        ['loan', 0.01],
      ]);
      const rows = lines(
        { offer: 'loan', segment: 'pet-lovers', propensity: 0.03 },
        { offer: 'camera', visitorId: ada, propensity: 0.5 },
        { offer: 'loan', visitorId: ada, propensity: 0.04 },
      );
      expect(await upload(service, rows)).toMatchObject({
        status: 200,
        body: { accepted: 3, ofVisitors: 2, ofSegments: 1, refusedCount: 0, refused: [] },
      });
      expect(await scores(ada)).toEqual([
        ['camera', 0.5],
        ['loan', 0.04],
      ]);
      expect(await scores(bob)).toEqual([
        ['loan', 0.03],
        ['camera', 0.02],
      ]);
      expect(await scores(eve)).toEqual([
        ['camera', 0.02],
        ['loan', 0.01],
      ]);
      expect((await decide(bob)).decisions[1]?.items.map((item) => item.offer)).toEqual(['camera', 'loan']);
      expect((await service.visitor(ada)).traits).toMatchObject({ 'propensity:camera': 0.5 });
    });

    test('come as a CSV, too, and an empty one takes away what was said', async () => {
      const cat = someone();
      await service.patchTraits(cat, { interests: ['pets'] });
      const csv = `offer;propensity;segment;visitorId\nloan;0.9;pet-lovers;\ncamera;0.8;;${cat}\n`;
      expect((await upload(service, csv, 'text/csv')).body).toMatchObject({ accepted: 2 });
      expect(await scores(cat)).toEqual([
        ['loan', 0.9],
        ['camera', 0.8],
      ]);
      const away = lines(
        { offer: 'loan', segment: 'pet-lovers', propensity: null },
        { offer: 'camera', visitorId: cat, propensity: null },
      );
      expect((await upload(service, away)).body).toMatchObject({ accepted: 2 });
      expect(await scores(cat)).toEqual([
        ['camera', 0.02],
        ['loan', 0.01],
      ]);
    });

    test('are refused row by row, and the good ones are taken', async () => {
      const rows = [
        lines(
          { offer: 'loans', segment: 'pet-lovers', propensity: 0.1 },
          { offer: 'loan', segment: 'pet-lover', propensity: 0.1 },
          { offer: 'loan', segment: 'pet-lovers', propensity: 1.5 },
          { offer: 'loan', propensity: 0.1 },
          { offer: 'loan', segment: 'pet-lovers', visitorId: 'u', propensity: 0.1, offr: 1 },
          { offer: 'loan', visitorId: 'null', propensity: 0.1 },
          { offer: 'loan', visitorId: someone(), propensity: '0.25' },
        ),
        '{"offer":',
      ].join('\n');
      const { status, body } = await upload(service, rows);
      expect(status).toBe(200);
      expect(body).toMatchObject({ accepted: 1, refusedCount: 7 });
      const refused = (body as { refused: { line: number; problems: { path: string; message: string }[] }[] }).refused;
      expect(
        refused.map(({ line, problems }) => [line, ...problems.map((one) => `${one.path} ${one.message}`)]),
      ).toEqual([
        [1, 'offer is no offer of the live release: "loans"; did you mean "loan"?'],
        [2, 'segment is no segment of the live release: "pet-lover"; did you mean "pet-lovers"?'],
        [3, 'propensity must be a number from 0 to 1'],
        [4, ' must name either a visitorId or a segment, of whom the propensity is'],
        [
          5,
          'offr is not asked for; did you mean "offer"?',
          ' must name either a visitorId or a segment, of whom the propensity is',
        ],
        [6, expect.stringContaining('visitorId')],
        [8, ' is not a JSON object'],
      ]);
    });

    test('are refused as a whole where they are no table of them', async () => {
      expect(await upload(service, '{}', 'application/json')).toMatchObject({ status: 415 });
      expect(await upload(service, 'offer,propensty,segment\nloan,1,pet-lovers\n', 'text/csv')).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('did you mean "propensity"?') as unknown },
      });
    });

    test('leave a device a device, and a known person known', async () => {
      const [device, user] = [someone(), someone()];
      await service.tell({ type: 'identify', userId: user, traits: { plan: 'gold' } });
      await upload(
        service,
        lines(
          { offer: 'loan', visitorId: device, propensity: 0.1 },
          { offer: 'loan', visitorId: user, propensity: 0.1 },
        ),
      );
      expect((await service.visitor(device)).identities).toMatchObject({ known: [], anonymous: [device] });
      expect((await service.visitor(user)).identities).toMatchObject({ known: [user], anonymous: [] });
    });

    describe('are part of what is recorded', () => {
      test('so that a decision is made again as it was, whatever was uploaded since', async () => {
        const dan = someone();
        await service.patchTraits(dan, { interests: ['pets'] });
        await upload(service, lines({ offer: 'loan', segment: 'pet-lovers', propensity: 0.7 }));
        const { decisionId, decisions } = await decide(dan);
        expect(decisions[0]?.items[0]).toMatchObject({ offer: 'loan', score: 0.7 });
        await upload(service, lines({ offer: 'loan', segment: 'pet-lovers', propensity: 0 }));
        await until('the decision to be recorded', async () =>
          (await service.get('/v1/decisions/recorded')).text.includes(decisionId),
        );
        const told: string[] = [];
        await replayDecisions({ url: service.url, key: undefined, json: true }, (line) => void told.push(line));
        const report = JSON.parse(told.join('\n')) as ReplayReport;
        expect(report).toMatchObject({ different: 0, differences: [] });
        expect(report.decisions).toBeGreaterThan(5);
      });
    });
  },
  { settings: { USHER_RULES: rulesFolder(), USHER_RECORD_SHARE: '1' } },
);
