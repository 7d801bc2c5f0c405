import { expect, test } from '@jest/globals';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { ErrorCode, OpenFeature, type EvaluationContext, type JsonValue } from '@openfeature/server-sdk';
import { until } from '../until.js';
import { describeOn, describeOnBothStores, someone } from './harness.js';
import { amissInOfrep } from './ofrep-answers.js';
import type { Answer, Service } from './service.js';
import { SHOP_FILES } from './shop.js';

const FLAGS = '/ofrep/v1/evaluate/flags';
const DEFAULT = { offer: 'of the code' };
type Flag = Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> };

interface Asking {
  readonly headers?: Record<string, string>;
}

/** An answer over HTTP, held against the protocol. */
async function ask(service: Service, path: string, body: unknown, { headers = {} }: Asking = {}): Promise<Answer> {
  const answer = await service.send('POST', `${FLAGS}${path}`, {
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(amissInOfrep(path.startsWith('/') ? 'single' : 'bulk', answer)).toBeUndefined();
  return answer;
}

const of = (targetingKey: unknown, more: object = {}) => ({ context: { targetingKey, ...more } });
const flagsIn = ({ body }: Answer): Flag[] => (body as { flags: Flag[] }).flags;
const keysIn = (answer: Answer) => flagsIn(answer).map(({ key }) => key);
const again = (tag: string | null): Asking => ({ headers: { 'if-none-match': tag ?? '' } });

async function client(service: Service, headers: [string, string][] = []) {
  const domain = someone();
  await OpenFeature.setProviderAndWait(domain, new OFREPProvider({ baseUrl: service.url, headers }));
  return OpenFeature.getClient(domain);
}

describeOnBothStores('a server that asks by OpenFeature', (service) => {
  test('gets the offer that a decision would be, with rule and release', async () => {
    const visitor = someone();
    await service.patchTraits(visitor, { interests: ['pets'], petName: 'Rex' });
    const asked = { visitorId: visitor, placements: ['hero'], context: { page: 'start' } };
    const [decided] = (await service.decide(asked)).decisions[0]?.items ?? [];
    const { value, variant, reason, flagMetadata } = await (
      await client(service)
    ).getObjectDetails('hero', DEFAULT, { targetingKey: visitor, page: 'start' });
    expect(value).toEqual({ offer: 'camera', content: decided?.content, actions: decided?.actions });
    expect([variant, reason]).toEqual(['camera', 'TARGETING_MATCH']);
    expect(flagMetadata).toEqual({
      ...{ rule: 'pets-see-cameras', release: 1, reason: 'TARGETING_MATCH', score: decided?.score },
      ...{ decisionId: expect.any(String), token: expect.any(String) },
    });
  });

  test('gets all of several offers', async () => {
    const visitor = someone();
    await service.patchTraits(visitor, { interests: ['pets'] });
    const { value, variant } = await (
      await client(service)
    ).getObjectDetails<JsonValue>('cards', DEFAULT, { targetingKey: visitor, device: 'mobile' });
    expect([(value as { items: object[] }).items, variant]).toEqual([
      [expect.objectContaining({ offer: 'camera' }), expect.objectContaining({ offer: 'app' })],
      'camera,app',
    ]);
  });

  test('gets its own default where there is nothing to serve', async () => {
    const ofp = await client(service);
    expect(await ofp.getObjectValue('letter', DEFAULT, { targetingKey: someone() })).toEqual(DEFAULT);
    const { body } = await ask(service, '/letter', of(someone()));
    expect(body).toEqual(expect.objectContaining({ key: 'letter', reason: 'DEFAULT' }));
    expect(body).not.toHaveProperty('value');
  });

  test.each([
    ['an unknown flag', { flag: 'nowhere', context: { targetingKey: 'v' } }, ErrorCode.FLAG_NOT_FOUND],
    ['no targeting key', { context: {} }, ErrorCode.TARGETING_KEY_MISSING],
    ['an empty one', { context: { targetingKey: '' } }, ErrorCode.TARGETING_KEY_MISSING],
    ['too long a one', { context: { targetingKey: 'x'.repeat(300) } }, ErrorCode.INVALID_CONTEXT],
    ['a channel that is none', { context: { targetingKey: 'v', channel: 7 } }, ErrorCode.INVALID_CONTEXT],
    ['too much', { context: { targetingKey: 'v', text: 'x'.repeat(70_000) } }, ErrorCode.PARSE_ERROR],
  ])('is told what is wrong with %s', async (_what, asked, errorCode) => {
    const { flag = 'hero', context } = asked as { flag?: string; context: EvaluationContext };
    const details = await (await client(service)).getObjectDetails(flag, DEFAULT, context);
    expect([details.value, details.reason, details.errorCode]).toEqual([DEFAULT, 'ERROR', errorCode]);
  });
});

describeOnBothStores('an evaluation', (service) => {
  test('says in OpenFeature’s words why it is so, and in Usher’s', async () => {
    const fallback = (await ask(service, '/hero', of(someone()))).body;
    expect(fallback).toEqual(
      expect.objectContaining({
        variant: 'welcome',
        reason: 'STATIC',
        metadata: expect.objectContaining({ reason: 'DEFAULT' }),
      }),
    );
  });

  test('takes the channel from the context, or else from the placement, and lists and depth as they come', async () => {
    const context = { device: 'mobile', born: '2001-02-03T00:00:00Z', tags: ['a', 1], deep: { er: [{ x: null }] } };
    const title = async (more: object) =>
      ((await ask(service, '/letter', of(someone(), { ...context, ...more }))).body as { value: { content: object } })
        .value.content;
    expect([await title({}), await title({ channel: 'web' })]).toEqual([
      { title: 'The app, by letter' },
      { title: 'The app, on the web' },
    ]);
  });

  test('leaves no trace: no decision in the log, no visitor, no place of a limit', async () => {
    const visitor = someone();
    const { body } = await ask(service, '/hero', of(visitor));
    const { decisionId } = (body as Flag).metadata;
    await ask(service, '', of(visitor));
    expect((await service.get(`/v1/visitors/${visitor}`)).status).toBe(404);
    expect((await service.get(`/v1/decisions/recorded?limit=1000`)).text).not.toContain(String(decisionId));
  });

  test.each([
    ['no JSON', '{', 'PARSE_ERROR'],
    ['no object', '[]', 'PARSE_ERROR'],
    ['no context', {}, 'TARGETING_KEY_MISSING'],
    ['a context that is none', { context: [] }, 'INVALID_CONTEXT'],
    ['a key twice', '{"context":{"targetingKey":"a","targetingKey":"b"}}', 'INVALID_CONTEXT'],
    ['a poisoned context', '{"context":{"targetingKey":"a","__proto__":{"x":1}}}', 'PARSE_ERROR'],
    [
      'what is nested too deep',
      of('v', JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as object),
      'INVALID_CONTEXT',
    ],
    ['a null for a key', of(null), 'TARGETING_KEY_MISSING'],
    ['a list for a key', of(['a']), 'INVALID_CONTEXT'],
  ])('is refused for %s, alone and in a bulk', async (_what, body, errorCode) => {
    for (const path of ['/hero', '']) {
      const { status, body: refusal } = await ask(service, path, body);
      expect([path, status, refusal]).toEqual([path, 400, expect.objectContaining({ errorCode })]);
    }
  });
});

describeOnBothStores('a bulk', (service) => {
  test('has every placement, those of a channel, or those that are named', async () => {
    const visitor = someone();
    const all = ['banner', 'cards', 'greeting', 'hero', 'letter', 'season', 'talk'];
    expect(keysIn(await ask(service, '', of(visitor)))).toEqual(all);
    expect(keysIn(await ask(service, '', of(visitor, { channel: 'email' })))).toEqual([
      'banner',
      'greeting',
      'letter',
      'season',
    ]);
    expect(keysIn(await ask(service, '?placements=hero,%20cards,hero', of(visitor)))).toEqual(['hero', 'cards']);
    const { status, body } = await ask(service, '?placements=hero,nowhere', of(visitor));
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({
        errorCode: 'INVALID_CONTEXT',
        errorDetails: expect.stringMatching(/no placement "nowhere"/),
      }),
    ]);
  });

  test('is not sent again while it would be the same, whatever its decision ids', async () => {
    const visitor = someone();
    const first = await ask(service, '', of(visitor, { page: 'start' }));
    const tag = first.headers.get('etag');
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    for (const given of [tag, `W/${tag}`, `"other", ${tag}`])
      expect((await ask(service, '', of(visitor, { page: 'start' }), again(given))).status).toBe(304);
    for (const given of ['"other"', '*', '', 'W/', String(tag).slice(1, -1)])
      expect((await ask(service, '', of(visitor, { page: 'start' }), again(given))).status).toBe(200);
  });

  test('is sent again once it would be another: by the context, by what the visitor does, by a release', async () => {
    const visitor = someone();
    const tagOf = async (more: object = {}) => (await ask(service, '', of(visitor, more))).headers.get('etag');
    const before = await tagOf();
    expect((await ask(service, '', of(visitor, { device: 'mobile' }), again(before))).status).toBe(200);
    await service.tell({ type: 'track', userId: visitor, event: 'Product Viewed', properties: { sku: 'c-1' } });
    const seen = await ask(service, '', of(visitor), again(before));
    expect([seen.status, flagsIn(seen).find(({ key }) => key === 'hero')?.['variant']]).toEqual([200, 'phone']);
    const known = seen.headers.get('etag');
    expect((await ask(service, '', of(visitor), again(known))).status).toBe(304);
    await goLive(service, { ...SHOP_FILES, 'offers/hello.json': offer('Good day') });
    await until('the release to serve', async () => (await ask(service, '', of(visitor), again(known))).status === 200);
  });

  test('is sent again once an offer is due or over, without a release', async () => {
    const from = new Date(Date.now() + 1_500).toISOString();
    await goLive(service, { ...SHOP_FILES, 'offers/newcomer.json': offer('Now', { schedule: { from } }) });
    const visitor = someone();
    const banner = async (asking?: Asking) => ask(service, '?placements=banner', of(visitor), asking);
    // On a machine so busy that it is due by now, the tag of nothing is still that of before.
    const nothing = await banner(undefined);
    const tag = nothing.headers.get('etag');
    await until('the offer to be due', async () => {
      const { status } = await banner(again(tag));
      return status === 200 || flagsIn(nothing)[0]?.['variant'] === 'newcomer';
    });
    expect(flagsIn(await banner())[0]?.['variant']).toBe('newcomer');
  });
});

describeOn('SQLite', 'a limit', (service) => {
  test('is read as it stands: an offer that is used up is none, and one that is evaluated is not', async () => {
    const capped = offer('Few', { caps: [{ event: 'shown', limit: 2, per: 'total' }] });
    await goLive(service, {
      ...SHOP_FILES,
      'offers/few.json': capped,
      'proactive/few.json': JSON.stringify({
        ...{ name: 'Few', placements: ['season'], priority: 99, conditions: { all: [] } },
        event: { type: 'offer', params: { offer: 'few' } },
      }),
    });
    const season = async () => (await ask(service, '/season', of(someone()))).body as Flag;
    await until('the release to serve', async () => (await season())['variant'] === 'few');
    const seen = new Set<unknown>();
    for (let asked = 0; asked < 10; asked++) seen.add((await season())['variant']);
    expect([...seen]).toEqual(['few']);
    for (const visitorId of [someone(), someone()])
      expect(await service.offers({ visitorId, placements: ['season'] })).toEqual(['few']);
    expect((await season())['variant']).not.toBe('few');
  });
});

const keys = { browser: 'the-key-of-browser-000', server: 'the-key-of-server-0000', author: 'the-key-of-author-0000' };
describeOn(
  'SQLite',
  'a service with keys',
  (service) => {
    const FOR_LESS: [string, string][] = [['Authorization', `Bearer ${keys.author}`]];
    const bearer = (key: string): [string, string][] => [['Authorization', `Bearer ${key}`]];

    test.each<[string, [string, string][]]>([
      ['Authorization: Bearer', bearer(keys.browser)],
      ['X-API-Key', [['X-API-Key', keys.browser]]],
      ['Authorization of a server', bearer(keys.server)],
    ])('knows a key by %s', async (_how, headers) => {
      const ofp = await client(service, headers);
      expect((await ofp.getObjectDetails('hero', DEFAULT, { targetingKey: someone() })).errorCode).toBeUndefined();
    });

    test.each<[string, [string, string][]]>([
      ['no key', []],
      ['a wrong key', bearer('the-key-of-nobody-00')],
      ['a key for less', FOR_LESS],
      [
        'two keys',
        [
          ['X-API-Key', keys.browser],
          ['X-API-Key', keys.server],
        ],
      ],
      ['a wrong key before a good one', [...bearer('the-key-of-nobody-00'), ['X-API-Key', keys.browser]]],
    ])('refuses %s, and the client takes its default', async (_how, headers) => {
      const details = await (await client(service, headers)).getObjectDetails('hero', DEFAULT, { targetingKey: 'v' });
      expect([details.value, details.errorCode]).toEqual([DEFAULT, ErrorCode.GENERAL]);
      const sent = new Headers(headers);
      const { status, body } = await ask(service, '/hero', of('v'), { headers: Object.fromEntries(sent) });
      expect([status, body]).toEqual([
        headers === FOR_LESS ? 403 : 401,
        expect.objectContaining({ key: 'hero', errorCode: 'GENERAL', errorDetails: expect.any(String) }),
      ]);
    });

    test('takes X-API-Key nowhere else', async () => {
      const { status } = await service.send('GET', '/metrics', { headers: { 'x-api-key': keys.server } });
      expect(status).toBe(401);
    });

    test('lets pages of other sites read tags, and when to ask again', async () => {
      const headers = { authorization: `Bearer ${keys.browser}`, origin: 'https://shop.example' };
      const answer = await ask(service, '', of(someone()), { headers });
      expect([
        answer.headers.get('access-control-allow-origin'),
        answer.headers.get('access-control-expose-headers'),
      ]).toEqual(['*', 'ETag, Retry-After']);
    });
  },
  {
    settings: {
      USHER_KEYS: Object.entries(keys)
        .map((pair) => pair.join(':'))
        .join(),
    },
  },
);

function offer(title: string, more: object = {}): string {
  return JSON.stringify({ name: title, treatments: { '*': { content: { title } } }, ...more });
}

async function goLive(service: Service, files: Readonly<Record<string, string>>): Promise<void> {
  const { body } = await service.post('/v1/rulebook/releases', { files, message: 'Other rules' });
  const { version } = body as { version: number };
  expect((await service.post(`/v1/rulebook/releases/${version}/activate`, { as: 'live' })).status).toBe(200);
}
