import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOn, someone } from './harness.js';
import type { Answer, Service } from './service.js';
import { SHOP_FILES } from './shop.js';
import { until } from '../until.js';

interface Refusal {
  readonly code: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

const offer = (content: unknown) => JSON.stringify({ name: 'Hostile', treatments: { '*': { content } } });
const texts = (count: number, text: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, text]));
const LOOPS = '{% for a in (1..100) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}';
const GROWS = '{% assign a = "0123456789" %}{% for n in (1..22) %}{% assign a = a | append: a %}{% endfor %}{{ a }}';

/** What an author may send, the place that is told, and what of the message. */
const HOSTILE: readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
  [
    'a megabyte of YAML keys',
    { 'offers/a.yaml': Array.from({ length: 90_000 }, (_, at) => `k${at}: 1`).join('\n') },
    'offers/a.yaml',
    /too much for one rule file/,
  ],
  ['nested flow', { 'offers/a.yaml': `a: ${'['.repeat(400_000)}` }, 'offers/a.yaml:1:67', /too deep/],
  [
    'a template of 900 kB',
    { 'offers/a.json': offer({ t: `${'{{ profile.a }}'.repeat(60_000)}` }) },
    'offers/a.json',
    /100000 are the most/,
  ],
  [
    'a template of nothing but if',
    { 'offers/a.json': offer({ t: '{% if now %}'.repeat(900) }) },
    'offers/a.json',
    /inside each other/,
  ],
  [
    'a hundred texts that loop',
    { 'offers/a.json': offer(texts(100, LOOPS)) },
    'offers/a.json',
    /more work than a decision may take/,
  ],
  [
    'twenty texts that grow',
    { 'offers/a.json': offer(texts(20, GROWS)) },
    'offers/a.json',
    /more work than a decision may take/,
  ],
  [
    'a path that looks at any depth again and again',
    {
      'segments/a.json': JSON.stringify({
        name: 'Deep',
        conditions: { all: [{ fact: 'profile', path: '$..*..*..*', operator: 'contains', value: 1 }] },
      }),
    },
    'segments/a.json',
    /more than once/,
  ],
  [
    'a file that is larger than any may be',
    { 'offers/a.json': offer({ t: 'x'.repeat(1_100_000) }) },
    'offers/a.json',
    /more than the 1048576/,
  ],
];

function publish(service: Service, files: Readonly<Record<string, string>>): Promise<Answer> {
  return service.post('/v1/rulebook/releases', { files: { ...SHOP_FILES, ...files }, message: 'Take this' });
}

async function haveServe(service: Service, version: number): Promise<void> {
  expect((await service.post(`/v1/rulebook/releases/${version}/activate`, {})).status).toBe(200);
  await until(`release ${version} to serve`, async () => {
    const { rulebook } = await service.decide({ visitorId: someone(), placements: ['hero'] });
    return rulebook.version === version;
  });
}

/** Decides for one visitor after the other for as long as something goes on; gives how full they were served. */
async function meanwhile(service: Service, goesOn: Promise<unknown>): Promise<ReadonlySet<string>> {
  let isOver = false;
  void goesOn.finally(() => (isOver = true)).catch(() => undefined);
  const served = new Set<string>();
  do {
    served.add((await service.decide({ visitorId: someone(), placements: ['hero'] })).served);
    // Asking without a pause would take from the check the core that it needs.
    await sleep(10);
  } while (!isOver);
  return served;
}

describeOn('SQLite', 'a hostile release', (service) => {
  test.each(HOSTILE)('of %s is refused with its place, and decisions go on', async (_what, files, place, message) => {
    const publishing = publish(service, files);
    expect(await meanwhile(service, publishing)).toEqual(new Set(['full']));
    const { status, body } = await publishing;
    const { code, problems } = body as Refusal;
    expect([status, code]).toEqual([422, 'RELEASE_REFUSED']);
    expect(problems.map(({ path }) => path).join()).toContain(place);
    expect(problems.map((problem) => problem.message).join()).toMatch(message);
    const { body: checked } = await service.post('/v1/rulebook/check', { files: { ...SHOP_FILES, ...files } });
    expect((checked as { problems: unknown[] }).problems).toHaveLength(problems.length);
  });

  test('of 190 cases is no trouble: it is published, and decisions go on', async () => {
    const written = { name: 'A case', request: { placements: ['hero'] }, now: '2026-11-21T10:00:00Z', expect: {} };
    const cases = Array.from({ length: 190 }, (_, at) => [`cases/more-${at}.json`, JSON.stringify(written)]);
    const publishing = publish(service, Object.fromEntries(cases) as Record<string, string>);
    expect(await meanwhile(service, publishing)).toEqual(new Set(['full']));
    expect((await publishing).status).toBe(201);
  });
});

describeOn('SQLite', 'texts that only one visitor makes costly', (service) => {
  test('are passed over for them, told by explain and counted, and go by the clock of the decision', async () => {
    const loops = '{% for a in profile.all %}{% for b in profile.all %}{{ b }}{% endfor %}{% endfor %}';
    const costly = { 'offers/welcome.json': offer({ t: `${loops}{{ 'now' | date: '%s' }}` }) };
    const { version } = (await publish(service, costly)).body as { version: number };
    await haveServe(service, version);
    const request = { placements: ['hero'], dryRun: true, now: '2026-11-21T10:00:00Z', explain: true };
    const [few, many] = [someone(), someone()];
    await service.patchTraits(few, { all: ['x'] });
    await service.patchTraits(many, { all: Array.from({ length: 200 }, () => 'x') });
    const shown = (await service.decide({ ...request, visitorId: few })).decisions[0]?.items[0];
    expect(shown?.content).toEqual({ t: `x${Date.parse(request.now) / 1_000}` });
    const { served, decisions, explanation } = await service.decide({ ...request, visitorId: many });
    expect([served, decisions[0]?.items.map((item) => item.offer)]).toEqual(['full', []]);
    expect(JSON.stringify(explanation)).toContain('"gate":"OVER_BUDGET"');
    expect((await service.get('/metrics')).text).toMatch(/^usher_texts_over_budget_total(\{.*\})? [1-9]/m);
  });
});

describeOn('SQLite', 'a release that another process has checked', (service) => {
  test('is built aside where it is large, and goes live', async () => {
    const long = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`offers/long-${at}.json`, offer({ t: `${'x'.repeat(9_000)}{{ now }}` })]),
    );
    const { version } = (await publish(service, long)).body as { version: number };
    // What this process had at hand of it is gone.
    await service.restart();
    await haveServe(service, version);
  });
});

describeOn(
  'SQLite',
  'a check that takes too long',
  (service) => {
    test('is given up, says what it was about, and the next one is answered', async () => {
      const comments = `${'<!--'.repeat(24_000)}{{ now }}`;
      const treatments = { '*': { as: 'html', content: texts(10, comments) } };
      const names = ['a', 'b', 'c', 'd'].map((name) => `offers/${name}.json`);
      const slow = Object.fromEntries(names.map((name) => [name, JSON.stringify({ name, treatments })]));
      const { status, body } = await publish(service, slow);
      expect([status, body]).toEqual([
        422,
        {
          code: 'CHECK_TOO_COSTLY',
          message: expect.stringMatching(
            /more than 8000 ms \(USHER_CHECK_TIMEOUT_MS\), while checking offers\/[a-d].json/,
          ),
          problems: [{ path: expect.stringMatching(/^offers\/[a-d].json$/), message: expect.any(String) }],
        },
      ]);
      expect((await publish(service, {})).status).toBe(201);
    });
  },
  { settings: { USHER_CHECK_TIMEOUT_MS: '8000' } },
);

const KEYS = ['the-key-of-an-author-1', 'the-key-of-an-author-2'];

describeOn(
  'SQLite',
  'authors who ask all the time',
  (service) => {
    const ask = (path: string, key = '') =>
      service.send('POST', `/v1/rulebook/${path}`, {
        body: JSON.stringify({ files: SHOP_FILES, message: 'Once more' }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      });

    test('are told when to ask again, each by themselves', async () => {
      const [mine, theirs] = KEYS;
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await ask('releases', mine)).status);
      expect(statuses).toEqual([201, 201, 429]);
      const { headers, body } = await ask('releases', mine);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body).toMatchObject({
        code: 'RATE_LIMITED',
        problems: [{ message: expect.stringMatching(/2 times a minute/) }],
      });
      expect((await ask('releases', theirs)).status).toBe(201);
      expect((await ask('check', mine)).status).toBe(400);
    });
  },
  { settings: { USHER_KEYS: KEYS.map((key) => `author:${key}`).join(), USHER_PUBLISHES_PER_MINUTE: '2' } },
);
