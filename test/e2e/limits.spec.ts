import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type { ReplayReport } from '../../src/replay/replay-report.js';
import type * as replaying from '../../src/cli/replay/replay-decisions.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';
import { until } from '../until.js';

const offer = (title: string, more: object = {}) => ({
  name: title,
  treatments: { '*': { content: { title } } },
  ...more,
});
const everybody = (placement: string, id: string, priority = 1) => ({
  name: `${id} for everybody`,
  placements: [placement],
  conditions: { all: [] },
  event: { type: 'offer', params: { offer: id } },
  priority,
});
const shown = (limit: number, more: object = {}) => ({ event: 'shown', limit, ...more });

const FILES: Readonly<Record<string, object>> = {
  'placements/three.json': { name: 'Three', fallback: 'plain' },
  'placements/few.json': { name: 'Few', fallback: 'plain' },
  'placements/brief.json': { name: 'Brief', fallback: 'plain' },
  'placements/stock.json': { name: 'Stock', fallback: 'plain' },
  'placements/letter.json': { name: 'Letter', channel: 'email', fallback: 'plain' },
  'placements/pair.json': { name: 'Pair', count: 2, fallback: 'plain' },
  'placements/desk.json': { name: 'Desk', channel: 'call-centre', fallback: 'plain', lease: { minutes: 20 } },
  'placements/site.json': { name: 'Site', channel: 'web', fallback: 'plain' },
  'offers/plain.json': offer('Plain', { transactional: true }),
  'offers/thrice.json': offer('Thrice', { caps: [shown(3, { within: '7d' })] }),
  'offers/ten-in-all.json': offer('Ten', { caps: [shown(10, { per: 'total' }), shown(1)] }),
  'offers/back-soon.json': offer('Back soon', { caps: [shown(1, { per: 'total', hold: '1s' })] }),
  'offers/bike.json': offer('Bike', { stock: {} }),
  'offers/hundred.json': offer('Hundred', { caps: [{ event: 'accepted', limit: 20, per: 'total', hold: '2d' }] }),
  'offers/second.json': offer('Second best', { transactional: true }),
  'offers/leased.json': offer('Leased'),
  'proactive/three.json': everybody('three', 'thrice'),
  'proactive/few.json': everybody('few', 'ten-in-all', 2),
  'proactive/few-second.json': everybody('few', 'second'),
  'proactive/brief.json': everybody('brief', 'back-soon'),
  'proactive/stock.json': everybody('stock', 'bike'),
  'proactive/letter.json': everybody('letter', 'hundred'),
  'proactive/pair.json': everybody('pair', 'thrice', 2),
  'proactive/pair-second.json': everybody('pair', 'second'),
  'proactive/desk.json': everybody('desk', 'leased'),
  'proactive/site.json': everybody('site', 'leased'),
};

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-limits-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

interface Limits {
  readonly limits: readonly { readonly per: string; readonly left: number; readonly held: number }[];
}

interface Token {
  readonly token?: string;
}

describeOnBothStores(
  'limits',
  (service) => {
    const offersOf = ({ decisions }: DecisionAnswer) =>
      decisions.flatMap(({ items }) => items.map(({ offer }) => offer));
    const got = async (visitorId: string, placement: string, more: object = {}) =>
      offersOf(await service.decide({ visitorId, placements: [placement], ...more }));
    const outcome = async (answer: DecisionAnswer, what: string, at = 0) => {
      const [decision] = answer.decisions;
      const item = decision?.items[at];
      const body = {
        ...{ visitorId: answer.visitorId, decisionId: answer.decisionId, placement: decision?.placement },
        ...{ offer: item?.offer, outcome: what },
      };
      return service.post('/v1/outcomes', body);
    };
    const left = async (id: string) => ((await service.get(`/v1/offers/${id}/limits`)).body as Limits).limits[0];

    describe('for each person', () => {
      test('are kept by 200 decisions at once: exactly three get what is to be shown three times', async () => {
        const visitorId = someone();
        const answers = await Promise.all(Array.from({ length: 200 }, () => got(visitorId, 'three')));
        expect(answers.filter(([first]) => first === 'thrice')).toHaveLength(3);
        expect(answers.filter(([first]) => first === 'plain')).toHaveLength(197);
      });

      test('are kept while the person is joined with another', async () => {
        const [device, user] = [someone(), someone()];
        const login = { type: 'identify', userId: user, anonymousId: device, traits: { plan: 'gold' } };
        const asks = Array.from({ length: 200 }, (_one, at) =>
          at === 50
            ? service.tell(login).then(() => [])
            : got(at < 100 ? device : ([device, user][at % 2] ?? user), 'three'),
        );
        const answers = await Promise.all(asks);
        const granted = answers.filter(([first]) => first === 'thrice').length;
        // Before the login the two are two people.
        expect(granted).toBeGreaterThanOrEqual(3);
        expect(granted).toBeLessThanOrEqual(6);
        expect(await got(device, 'three')).toEqual(['plain']);
      });

      test('count once what is decided for two placements of one call', async () => {
        const visitorId = someone();
        for (let at = 0; at < 2; at++) await got(visitorId, 'three');
        const answer = await service.decide({ visitorId, placements: ['three', 'pair'] });
        expect(answer.decisions.map(({ items }) => items.map(({ offer }) => offer))).toEqual([['thrice'], ['second']]);
      });

      test('give the place back that is dismissed, and keep that which is shown', async () => {
        const visitorId = someone();
        const answers = [];
        for (let at = 0; at < 3; at++) answers.push(await service.decide({ visitorId, placements: ['three'] }));
        expect(await got(visitorId, 'three')).toEqual(['plain']);
        await outcome(answers[0] as DecisionAnswer, 'shown');
        expect(await got(visitorId, 'three')).toEqual(['plain']);
        await outcome(answers[1] as DecisionAnswer, 'dismissed');
        expect(await got(visitorId, 'three')).toEqual(['thrice']);
      });

      test('are told with what is left, and what else keeps an offer away', async () => {
        const [visitorId, called] = [someone(), someone()];
        const answers = [];
        for (let at = 0; at < 3; at++) answers.push(await service.decide({ visitorId, placements: ['three'] }));
        await outcome(answers[0] as DecisionAnswer, 'shown');
        const standing = async (id: string, query: string) =>
          (await service.get(`/v1/offers/${id}/limits?${query}`)).body;
        expect(await standing('thrice', `visitorId=${visitorId}`)).toEqual({
          offer: 'thrice',
          limits: [],
          visitor: {
            limits: [
              {
                ...{ event: 'shown', per: 'visitor', limit: 3, within: '7d', taken: 3, held: 2, left: 0 },
                opensAt: expect.stringMatching(/Z$/) as unknown,
              },
            ],
            stoppedBy: [],
          },
        });
        expect(await standing('thrice', `visitorId=${called}`)).toMatchObject({
          visitor: { limits: [{ taken: 0, held: 0, left: 3 }] },
        });
        expect(await got(called, 'desk')).toEqual(['leased']);
        const leased = { gate: 'LEASED', lease: { channel: 'call-centre', placement: 'desk' } };
        // A channel is a name, read as at every other door.
        for (const channel of ['web', '%20web%E2%80%8B'])
          expect(await standing('leased', `visitorId=${called}&channel=${channel}`)).toMatchObject({
            visitor: { limits: [], stoppedBy: [leased] },
          });
        expect(await standing('leased', `visitorId=${called}&channel=%20call-centre`)).toMatchObject({
          visitor: { stoppedBy: [] },
        });
        expect((await service.get('/v1/offers/thrice/limits?visitor=u')).status).toBe(400);
      });

      test.each(['undefined', 'null', 'NaN', '', '%20', '%7B%7Buser_id%7D%7D', '0'])(
        'are not told of whoever is called %j, which is nobody: not as of a stranger, who has all of them left',
        async (id) => {
          const { status, body } = await service.get(`/v1/offers/thrice/limits?visitorId=${id}`);
          expect([status, body]).toMatchObject([400, { problems: [{ path: 'visitorId' }] }]);
        },
      );

      test('are counted where they are asked for of an id that clients send by mistake', async () => {
        const counted = async () =>
          Number(
            /usher_ids_guarded_total\{door="offers"[^}]*\} (\d+)/.exec((await service.get('/metrics')).text)?.[1] ?? 0,
          );
        const before = await counted();
        await service.get('/v1/offers/thrice/limits?visitorId=undefined');
        await service.get('/v1/offers/thrice/limits?visitorId=somebody');
        expect((await counted()) - before).toBe(1);
      });

      test('hold for nobody: ids that clients send by mistake get no limited offer', async () => {
        expect(await got('undefined', 'three')).toEqual(['plain']);
      });
    });

    describe('in total', () => {
      test('are kept by many people at once, and what is refused leaves the next best', async () => {
        const people = Array.from({ length: 100 }, someone);
        const answers = await Promise.all(people.map((id) => got(id, 'few')));
        expect(answers.filter(([first]) => first === 'ten-in-all')).toHaveLength(10);
        expect(answers.filter(([first]) => first === 'second')).toHaveLength(90);
        expect(await left('ten-in-all')).toMatchObject({ per: 'total', left: 0, held: 10 });
      });

      test('come back when their hold is over', async () => {
        expect(await got(someone(), 'brief')).toEqual(['back-soon']);
        expect(await got(someone(), 'brief')).toEqual(['plain']);
        await until('the place to come back', async () => (await got(someone(), 'brief'))[0] === 'back-soon');
      });

      test('are as many as are told to be there, and none before', async () => {
        expect(await got(someone(), 'stock')).toEqual(['plain']);
        const told = await service.send('PUT', '/v1/offers/bike/stock', {
          body: JSON.stringify({ left: 2 }),
          headers: { 'content-type': 'application/json' },
        });
        expect(told.status).toBe(200);
        await until('the stock to be known', async () => (await got('the-first', 'stock'))[0] === 'bike');
        expect(await got(someone(), 'stock')).toEqual(['bike']);
        expect(await got(someone(), 'stock')).toEqual(['plain']);
        const table = await service.send('PUT', '/v1/offers/stock', {
          body: 'offer,left\nbike,5\nbyke,1\n',
          headers: { 'content-type': 'text/csv' },
        });
        expect(table).toMatchObject({ status: 200, body: { accepted: 1, refusedCount: 1, refused: [{ line: 3 }] } });
        expect(await left('bike')).toMatchObject({ limit: 5, held: 2, left: 3 });
      });

      test('of a batch that is run again are taken by the same people', async () => {
        const people = Array.from({ length: 60 }, someone);
        const body = people.map((visitorId) => JSON.stringify({ visitorId, placements: ['letter'] })).join('\n');
        const run = async (): Promise<readonly (string | undefined)[]> => {
          const { text } = await service.post(
            '/v1/decisions/batch?batchId=letter-1&hold=2d',
            body,
            'application/x-ndjson',
          );
          return text
            .trim()
            .split('\n')
            .map((line) => offersOf(JSON.parse(line) as DecisionAnswer)[0]);
        };
        const first = await run();
        expect(first.filter((one) => one === 'hundred')).toHaveLength(20);
        expect(await run()).toEqual(first);
      });

      test('are looked at by a dry run, which takes none', async () => {
        const before = await left('hundred');
        expect(await got(someone(), 'letter', { dryRun: true })).toEqual(['plain']);
        expect(await left('hundred')).toEqual(before);
        const visitorId = someone();
        for (let at = 0; at < 5; at++) expect(await got(visitorId, 'three', { dryRun: true })).toEqual(['thrice']);
      });
    });

    test('an offer that one channel holds is held back by the others, until it is over or declined', async () => {
      const visitorId = someone();
      const atTheDesk = await service.decide({ visitorId, placements: ['desk'] });
      expect(offersOf(atTheDesk)).toEqual(['leased']);
      expect(await got(visitorId, 'site')).toEqual(['plain']);
      expect(await got(visitorId, 'desk')).toEqual(['leased']);
      expect(await got(someone(), 'site')).toEqual(['leased']);
    });

    test('decisions within limits come out the same when they are made again', async () => {
      const said: string[] = [];
      const { replayDecisions } = await importBuilt<typeof replaying>('./cli/replay/replay-decisions.js');
      const code = await replayDecisions(
        { url: service.url, key: undefined, json: true },
        (text) => void said.push(text),
      );
      const report = JSON.parse(said.join('\n')) as ReplayReport;
      expect([code, report.different, report.differences]).toEqual([0, 0, []]);
      expect(report.decisions).toBeGreaterThan(300);
    });

    test('items carry a token, and dry runs none', async () => {
      const request = { visitorId: someone(), placements: ['three', 'site'] };
      const { decisions } = await service.decide(request);
      const tokens = decisions.flatMap(({ items }) => items.map(({ token }: Token) => token));
      expect(tokens).toHaveLength(2);
      expect(new Set(tokens).size).toBe(2);
      for (const token of tokens) expect(token).toMatch(/^[\w-]{16}$/);
      expect(JSON.stringify(await service.decide({ ...request, dryRun: true }))).not.toContain('token');
    });
  },
  { settings: { USHER_RULES: rulesFolder(), USHER_RECORD_SHARE: '1' } },
);
