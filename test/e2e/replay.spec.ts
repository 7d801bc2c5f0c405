import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as replaying from '../../src/cli/replay/replay-decisions.js';
import type { ReplayReport } from '../../src/replay/replay-report.js';
import type { RecordedLine } from '../../src/decisions/recorded/recorded-lines.js';
import { importBuilt } from './built.js';
import { ago, describeOn, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';
import { writeShop } from './shop.js';
import { until } from '../until.js';

const { replayDecisions } = await importBuilt<typeof replaying>('./cli/replay/replay-decisions.js');

let folder: string;
let rules: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-replay-'));
  rules = join(folder, 'rules');
  await writeShop(rules);
});
afterAll(() => rm(folder, { recursive: true }));

/** The shop of the tests with one rule file changed. */
async function rulesWith(
  name: string,
  file: string,
  change: (was: Record<string, unknown>) => object,
): Promise<string> {
  const dir = join(folder, name);
  await cp(rules, dir, { recursive: true });
  const path = join(dir, `${file}.json`);
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)));
  return dir;
}

async function replayed(
  service: Service,
  options: Partial<replaying.ReplayCommandOptions> = {},
): Promise<{ code: number; report: ReplayReport; text: string }> {
  const said: string[] = [];
  const code = await replayDecisions(
    { url: service.url, key: undefined, json: true, ...options },
    (text) => void said.push(text),
  );
  const text = said.join('\n');
  return { code, text, report: ((options.json ?? true) ? JSON.parse(text) : undefined) as ReplayReport };
}

/** What is recorded reaches the store a moment after the answer. */
async function recordedSoon(service: Service, count: number): Promise<RecordedLine[]> {
  let lines: RecordedLine[] = [];
  await until(`${count} recorded decisions`, async () => {
    const { text } = await service.get('/v1/decisions/recorded');
    lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordedLine);
    return lines.filter((line) => 'input' in line).length >= count;
  });
  return lines;
}

/**
 * Owners of pets, some of whom look at products between their decisions, and strangers. Gives how many decisions it
 * made.
 */
async function live(service: Service, owners: number): Promise<number> {
  let decisions = 0;
  const decide = async (request: object) => {
    decisions += 1;
    expect((await service.decide(request)).served).toBe('full');
  };
  for (let n = 0; n < owners; n++) {
    const [user, device] = [`${someone()} ü`, someone()];
    await service.tell({ type: 'track', anonymousId: device, event: 'App Opened' });
    await service.tell({
      type: 'identify',
      userId: user,
      anonymousId: device,
      traits: { interests: ['pets'], firstName: `Ann ${n}` },
    });
    await decide({
      visitorId: device,
      placements: ['hero', { id: 'cards', count: 1 }, 'greeting'],
      context: { page: `/p/${n}?x=1` },
    });
    if (n % 2 === 0)
      await service.tell({ type: 'track', userId: user, event: 'Product Viewed', properties: { sku: `c-${n}` } });
    await decide({ visitorId: user, placements: ['hero', 'cards'] });
    await decide({ visitorId: user, placements: ['banner'], events: [{ type: 'track', event: 'Banner Asked' }] });
    await decide({
      visitorId: someone(),
      placements: ['hero', 'letter'],
      channel: 'email',
      context: { device: 'mobile' },
    });
  }
  return decisions;
}

describeOnBothStores(
  'replay',
  (service) => {
    let decisions = 0;
    beforeAll(async () => {
      decisions = await live(service, 10);
      await service.decide({ visitorId: 'not-recorded', placements: ['hero'], dryRun: true });
    });

    test('finds each decision as it was, bit for bit, with the very release that made it', async () => {
      const lines = await recordedSoon(service, decisions);
      expect(lines.filter((line) => 'input' in line)).toHaveLength(decisions);
      const { code, report } = await replayed(service);
      expect(report).toMatchObject({
        decisions,
        different: 0,
        differences: [],
        leftOut: { releaseGone: 0, releaseUnfit: 0, documentGone: 0 },
      });
      expect(code).toBe(0);
      expect((await replayed(service, { against: rules })).report.against).toMatchObject({
        changed: 0,
        otherReasons: 0,
        examples: [],
      });
    });

    test('against other rules reports exactly the planted changes', async () => {
      const against = await rulesWith('dogs', 'proactive/pets-see-cameras', (was) => ({
        ...was,
        placements: ['hero'],
        conditions: { all: [{ fact: 'profile', path: '$.interests', operator: 'contains', value: 'dogs' }] },
      }));
      const { report, code } = await replayed(service, { against });
      // Each owner asks twice for hero and cards; five of them have looked at a product before the second time.
      expect(report.against).toMatchObject({
        changed: 20,
        changedShare: 0.5,
        otherOffers: 20,
        visitors: { visitors: 20, changed: 10, loseOnlyOffer: 0 },
      });
      expect(
        report.against?.placements
          .slice(0, 2)
          .map(({ placement, changed, emptied }) => [placement, changed, emptied])
          .sort(),
      ).toEqual([
        ['cards', 20, 15],
        ['hero', 20, 15],
      ]);
      expect(report.against?.offers.filter(({ gained, lost }) => gained + lost > 0)).toEqual([
        { offer: 'camera', before: 40, after: 0, gained: 0, lost: 40 },
        { offer: 'welcome', before: 0, after: 30, gained: 30, lost: 0 },
        { offer: 'phone', before: 5, after: 10, gained: 5, lost: 0 },
      ]);
      expect(report.against?.examples).toHaveLength(10);
      expect([
        code,
        (await replayed(service, { against, failAbove: '50' })).code,
        (await replayed(service, { against, failAbove: '49.9' })).code,
      ]).toEqual([0, 0, 1]);
      expect((await replayed(service, { against, limit: '7' })).report.decisions).toBe(7);
    });

    test('writes a report for a pull request', async () => {
      const against = await rulesWith('silent', 'offers/welcome', (was) => ({ ...was, status: 'paused' }));
      const markdown = join(folder, 'report.md');
      const { text } = await replayed(service, { against, markdown, json: false });
      expect(text).toContain('With the release that made each, all come out as they did, bit for bit.');
      expect(await readFile(markdown, 'utf8')).toMatch(/^## What would change\n/);
      await expect(replayed(service, { against, markdown: join(folder, 'nowhere/report.md') })).rejects.toThrow(
        /nowhere\/report\.md can't be written \(ENOENT\)/,
      );
    });

    test('tells what is wrong with the rules it is given, or with its options', async () => {
      const broken = await rulesWith('broken', 'proactive/summer', (was) => ({
        ...was,
        event: { type: 'offer', params: { offer: 'nothing-like-it' } },
      }));
      expect(await replayed(service, { against: broken })).toMatchObject({ code: 1, report: { ok: false } });
      await expect(replayed(service, { since: 'yesterday' })).rejects.toThrow(
        /answered 400.*\n.*since: must be an ISO 8601 time/,
      );
      await expect(replayed(service, { limit: '0' })).rejects.toThrow(/--limit/);
      await expect(replayed(service, { failAbove: '5' })).rejects.toThrow(/--against/);
      await expect(replayed(service, { against: rules, failAbove: '101' })).rejects.toThrow(/--fail-above/);
    });

    test('is told of the time that it asks for, and of nothing else', async () => {
      expect((await replayed(service, { since: ago(1, 'd').slice(0, 10) })).report.decisions).toBe(decisions);
      expect((await service.get(`/v1/decisions/recorded?since=${ago(1, 'h')}&until=${ago(30, 'm')}`)).text).toBe('');
      expect((await service.get('/v1/decisions/recorded?until=7d&since=1d')).body).toMatchObject({
        code: 'INVALID_REQUEST',
        problems: [{ path: 'until' }],
      });
      expect((await service.get('/v1/decisions/recorded?from=7d&since=x&releases=no')).body).toMatchObject({
        problems: [{ path: 'from' }, { path: 'since' }, { path: 'releases' }],
      });
    });

    test('makes each decision again with the release that served its visitor, live or canary', async () => {
      const release = (await service.get('/v1/rulebook/releases/1?files=true')).body as {
        files: Record<string, string>;
      };
      const files = {
        ...release.files,
        'offers/welcome.json': JSON.stringify({
          name: 'Welcome',
          treatments: { '*': { content: { title: 'Hello from the canary' } } },
        }),
      };
      expect((await service.post('/v1/rulebook/releases', { files, message: 'says hello' })).status).toBe(201);
      expect((await service.post('/v1/rulebook/releases/2/activate', { as: 'canary', share: 50 })).status).toBe(200);
      const served = new Map<number, number>();
      for (let attempt = 0; attempt < 400 && Math.min(served.get(1) ?? 0, served.get(2) ?? 0) < 20; attempt++) {
        const { rulebook } = await service.decide({ visitorId: someone(), placements: ['hero'] });
        served.set(rulebook.version, (served.get(rulebook.version) ?? 0) + 1);
      }
      expect((await service.post('/v1/rulebook/rollback', {})).status).toBe(200);
      const before = decisions;
      decisions += (served.get(1) ?? 0) + (served.get(2) ?? 0);
      await recordedSoon(service, decisions);
      const { report } = await replayed(service, { against: rules });
      expect(report).toMatchObject({
        decisions,
        different: 0,
        releases: { 1: before + (served.get(1) ?? 0), 2: served.get(2) },
      });
      expect(report.against).toMatchObject({ changed: served.get(2), otherOffers: 0 });
    });

    test('knows no more of somebody who was erased', async () => {
      const [user, device] = [someone(), someone()];
      await service.tell({ type: 'identify', userId: user, anonymousId: device, traits: { interests: ['pets'] } });
      for (const visitorId of [user, device, user]) await service.decide({ visitorId, placements: ['hero'] });
      await recordedSoon(service, decisions + 3);
      // What waits to be recorded is let go as well.
      await service.decide({ visitorId: device, placements: ['hero'] });
      expect((await service.send('DELETE', `/v1/visitors/${user}`)).status).toBe(204);
      const { text } = await service.get('/v1/decisions/recorded');
      expect([text.includes(`"${user}"`), text.includes(`"${device}"`)]).toEqual([false, false]);
      expect((await replayed(service)).report).toMatchObject({ decisions, leftOut: { documentGone: 0 } });
    });
  },
  { settings: { USHER_RECORD_SHARE: '1' } },
);

describeOn(
  'SQLite',
  'recording',
  (service) => {
    test('keeps a share of the decisions, and the log all of them', async () => {
      for (let n = 0; n < 400; n++) await service.decide({ visitorId: `v-${n}`, placements: ['banner'] });
      const inputs = (await recordedSoon(service, 60)).filter((line) => 'input' in line);
      // 400 draws at 0.25: fewer than 60 or more than 140 come once in 10^5 runs.
      expect(inputs.length).toBeGreaterThanOrEqual(60);
      expect(inputs.length).toBeLessThanOrEqual(140);
      expect((await replayed(service)).report).toMatchObject({ different: 0 });
    });
  },
  { settings: { USHER_RECORD_SHARE: '0.25' } },
);
