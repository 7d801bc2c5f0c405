import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import { describeOnBothStores } from './harness.js';
import type { Answer, Service } from './service.js';
import { blocksOf } from './tutorial.js';
import { until } from '../until.js';

const EXAMPLE = join(import.meta.dirname, '../../rules');

/** Does what a command of the page says, as curl would. */
function run(service: Service, command: string): Promise<Answer> {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const after = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
  const path = words.find((word) => word.startsWith('localhost:3000'))?.slice('localhost:3000'.length) ?? '';
  if (words.includes('-d')) return service.post(path, JSON.parse(after('-d')));
  if (!words.includes('-G')) return service.get(path);
  const [name = '', value = ''] = after('--data-urlencode').split('=');
  return service.get(`${path}?${name}=${encodeURIComponent(value)}`);
}

const commandsIn = (text: string) => text.trim().split(/\n(?=curl )/);

describeOnBothStores(
  'a desk',
  (service) => {
    test('finds a caller, sees them, speaks and hears as docs/desks.md says', async () => {
      const [block] = blocksOf('desks.md');
      const answers: Answer[] = [];
      for (const command of commandsIn(block?.text ?? '')) {
        const answer = await run(service, command);
        expect([command, answer.status]).toEqual([command, 200]);
        answers.push(answer);
      }
      const [, found, , decided, told, seen] = answers.map(({ body }) => body);
      expect(found).toMatchObject({ people: [{ visitorId: 'c-17', matched: [{ trait: 'phone' }] }] });
      expect(decided).toMatchObject({ decisions: [{ items: [{ offer: 'resume-configured-model' }] }] });
      expect(told).toMatchObject({ success: true, counted: true });
      expect(seen).toMatchObject({
        contacts: {
          'resume-configured-model': {
            dismissed: { count: 1, channel: 'call-centre', placement: 'desk.next-best', until: expect.any(String) },
          },
        },
      });
      const hero = { visitorId: 'c-17', placements: ['home.hero'] };
      expect(await service.offers(hero)).not.toContain('resume-configured-model');
      // A day later it is time again.
      const later = new Date(Date.now() + 25 * 3_600_000).toISOString();
      expect(await service.offers({ ...hero, dryRun: true, now: later })).toContain('resume-configured-model');
    });

    test('tells in its view what was decided, and what became of it on whatever channel', async () => {
      const track = { type: 'track', event: 'Model Configured', properties: { model: 'Model S' } };
      await service.tell({ ...track, userId: 'c-18', anonymousId: 'device-18' });
      const decide = (placement: string, visitorId: string): Promise<DecisionAnswer> =>
        service.decide({ visitorId, placements: [placement] });
      const web = await decide('home.hero', 'device-18');
      const desk = await decide('desk.next-best', 'c-18');
      const offer = 'resume-configured-model';
      const tell = (said: object) => service.post('/v1/outcomes', { visitorId: 'c-18', offer, ...said });
      await tell({ decisionId: web.decisionId, placement: 'home.hero', outcome: 'clicked', channel: 'web' });
      await tell({
        decisionId: desk.decisionId,
        placement: 'desk.next-best',
        outcome: 'shown',
        channel: 'call-centre',
      });
      await tell({
        ...{ decisionId: desk.decisionId, placement: 'desk.next-best', channel: 'call-centre' },
        ...{ outcome: 'accepted', timestamp: new Date(Date.now() + 1).toISOString() },
      });
      await until('both are in the log', async () => (await service.visitor('c-18')).decisions?.length === 2);
      const { decisions } = await service.visitor('device-18');
      const itemOf = (placement: string, outcomes: object[]) => [
        expect.objectContaining({
          placement,
          items: [
            { offer, rule: 'configured-model-returns', outcomes: outcomes.map((one) => expect.objectContaining(one)) },
          ],
        }),
      ];
      expect(decisions).toEqual([
        {
          ...{ decisionId: desk.decisionId, at: expect.any(String), visitorId: 'c-18', release: 1 },
          placements: itemOf('desk.next-best', [
            { outcome: 'shown', channel: 'call-centre' },
            { outcome: 'accepted', channel: 'call-centre' },
          ]),
        },
        {
          ...{ decisionId: web.decisionId, at: expect.any(String), visitorId: 'device-18', release: 1 },
          placements: itemOf('home.hero', [{ outcome: 'clicked', channel: 'web' }]),
        },
      ]);
      const asked = async (limit: string) => (await service.get(`/v1/visitors/c-18?limit=${limit}`)).body;
      expect(await asked('1')).toMatchObject({ decisions: [{ decisionId: desk.decisionId }] });
      expect(await asked('0')).not.toHaveProperty('decisions');
      expect((await service.get('/v1/visitors/c-18?limit=201')).status).toBe(400);
      // What was accepted stays away from every channel.
      expect(await service.offers({ visitorId: 'c-18', placements: ['home.hero'] })).not.toContain(offer);
    });

    test.each([
      [{ outcome: 'later', until: 'soon' }, /until/],
      [{ outcome: 'later', until: '2001-01-01' }, /must be later than the outcome, by 90 days at most/],
      [{ outcome: 'later', until: new Date(Date.now() + 91 * 86_400_000).toISOString() }, /by 90 days at most/],
      [{ outcome: 'accepted', until: '2999-01-01' }, /only with the outcome/],
    ])('refuses what can be no "later": %j', async (said, message) => {
      const { status, text } = await service.post('/v1/outcomes', { visitorId: 'c-19', offer: 'welcome', ...said });
      expect([status, text]).toEqual([400, expect.stringMatching(message)]);
    });

    test('is told "no" after "later", which counts in its place', async () => {
      const item = { visitorId: 'c-20', decisionId: 'd-20', placement: 'desk.next-best', offer: 'car-cover' };
      await service.post('/v1/outcomes', { ...item, outcome: 'later' });
      expect((await service.visitor('c-20')).contacts?.['car-cover']?.dismissed?.until).toBeDefined();
      const timestamp = new Date(Date.now() + 1).toISOString();
      await service.post('/v1/outcomes', { ...item, outcome: 'dismissed', timestamp });
      const { contacts } = await service.visitor('c-20');
      expect(contacts?.['car-cover']?.dismissed).toMatchObject({ count: 1 });
      expect(contacts?.['car-cover']?.dismissed).not.toHaveProperty('until');
    });
  },
  { settings: { USHER_RULES: EXAMPLE } },
);
