import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { until } from '../until.js';
import { usualSingleView } from '../../src/engine/visitor/usual-single-view.js';
import type * as reading from '../../src/rulebook/kinds/read-rules.js';
import { importBuilt } from './built.js';
import { ago, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

const { readRules } = await importBuilt<typeof reading>('./rulebook/kinds/read-rules.js');

const POLICY = 'policies/single-view.json';
const GERMAN = {
  name: 'Unsere Wörter',
  support: {
    contacted: [{ names: ['Supportanruf'] }],
    opened: [{ names: ['Fall'], followedBy: ['geöffnet', 'ergänzt'] }],
    closed: [{ names: ['Fall'], followedBy: ['gelöst'] }],
    case: ['fallnummer'],
    minutes: ['dauer'],
  },
  satisfaction: { rated: [{ names: ['Benotet'] }], scales: [{ property: 'note', worst: 6, best: 1 }] },
  sentiment: { properties: ['stimmung'], words: { 'sehr schlecht': -1 } },
};

/** The files of the example business, by path. */
function exampleFiles(): Record<string, string> {
  const paths = readRules('rules').files.map(({ path }) => path.replace(/^rules\//, ''));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(`rules/${path}`, 'utf8')]));
}

/** Someone who did this in English, and had the same done in German besides, with other numbers. */
async function cross(service: Service): Promise<string> {
  const userId = someone();
  const track = (event: string, properties: object, timestamp: string) => ({
    ...{ type: 'track', userId, event, properties, timestamp },
  });
  await service.tell(
    { type: 'identify', userId, traits: { firstName: 'Ada' } },
    track('Support Called', { minutes: 40, caseId: 'c-71' }, ago(2, 'd')),
    track(
      'Support Ticket Updated',
      { durationSeconds: 1_620, ticketId: 'c-71', sentiment: 'very negative' },
      ago(1, 'd'),
    ),
    track('Supportanruf', { dauer: 12, fallnummer: 'f-1', stimmung: 'Sehr_Schlecht' }, ago(5, 'h')),
    track('Benotet', { note: 2 }, ago(4, 'h')),
  );
  return userId;
}

/** What the desk sees of a person, and what it is told to say. */
async function atTheDesk(service: Service, id: string): Promise<object> {
  const { support, sentiment, satisfaction } = await service.visitor(id);
  const request = { visitorId: id, placements: ['desk.greeting', 'desk.next-best'], channel: 'call-centre' };
  const { decisions } = await service.decide(request);
  return {
    minutes: support.minutes,
    mood: sentiment.latest?.value,
    rated: satisfaction.ratings.latest?.value,
    offers: decisions.flatMap(({ items }) => items.map(({ offer }) => offer)),
    title: decisions[0]?.items[0]?.content['title'],
  };
}

const TOLD = {
  offers: ['open-matter', 'named-contact'],
  title: 'Ada has spent more than an hour on an open matter, and is cross',
};
const NOTHING = { offers: ['welcome', 'ask-what-brings-you'], title: 'Nothing special on file' };

/** Publishes the example with other files, and waits until it decides. */
async function goLive(service: Service, changes: Readonly<Record<string, string | undefined>>): Promise<void> {
  const files = Object.fromEntries(
    // The cases of the shelf are told in its own words.
    Object.entries({ ...exampleFiles(), ...changes }).filter(
      ([path, text]) => text !== undefined && !path.startsWith('cases/'),
    ),
  );
  const published = await service.post('/v1/rulebook/releases', { files, message: 'Other words' });
  expect([published.status, published.text]).toEqual([201, expect.any(String)]);
  const { version } = published.body as { version: number };
  const activated = await service.post(`/v1/rulebook/releases/${version}/activate`, {});
  expect([activated.status, activated.text]).toEqual([200, expect.any(String)]);
  const asked = { visitorId: someone(), placements: ['desk.greeting'], dryRun: true };
  await until(`release ${version} to answer`, async () => (await service.decide(asked)).rulebook.version === version);
}

describeOnBothStores(
  'the single view',
  (service) => {
    test('and the decision at the desk go by the same words, and change together', async () => {
      const id = await cross(service);
      const english = { minutes: 67, mood: -1, ...TOLD };
      expect(await atTheDesk(service, id)).toEqual(english);

      await goLive(service, { [POLICY]: JSON.stringify(GERMAN) });
      expect(await atTheDesk(service, id)).toEqual({ minutes: 12, mood: -1, rated: 0.8, ...NOTHING });
      await service.tell({
        ...{ type: 'track', userId: id, event: 'FALL ergänzt', timestamp: ago(1, 'h') },
        properties: { fallnummer: 'f-1', dauer: 55 },
      });
      expect(await atTheDesk(service, id)).toEqual({ minutes: 67, mood: -1, rated: 0.8, ...TOLD });

      await goLive(service, { [POLICY]: undefined });
      expect(await atTheDesk(service, id)).toEqual(english);
    });

    test('a policy in which a name means two things is refused', async () => {
      const closed = { name: 'x', support: { opened: [{ names: ['A'] }], closed: [{ names: ['a'] }] } };
      const files = { ...exampleFiles(), [POLICY]: JSON.stringify(closed) };
      const { status, text } = await service.post('/v1/rulebook/releases', { files, message: 'Broken' });
      expect([status, text]).toEqual([
        expect.any(Number),
        expect.stringContaining('stands under \\"opened\\" already'),
      ]);
      expect(status).toBeGreaterThanOrEqual(400);
    });
  },
  { settings: { USHER_RULES: 'rules' } },
);

describe('the words of the example business', () => {
  test('are the usual ones, written out', () => {
    const { $schema, name, description, ...words } = JSON.parse(readFileSync(`rules/${POLICY}`, 'utf8')) as object &
      Record<string, unknown>;
    expect([typeof $schema, typeof name, typeof description]).toEqual(['string', 'string', 'string']);
    expect(words).toEqual(usualSingleView);
  });
});
