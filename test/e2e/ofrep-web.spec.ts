import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { visit } from './browser.js';
import { describeOnBothStores } from './harness.js';
import { pageOf, Witness } from './ofrep-page.js';
import type { Service } from './service.js';
import { SHOP_FILES } from './shop.js';

const keys = { browser: 'the-key-of-browser-000', server: 'the-key-of-server-0000', admin: 'the-key-of-admin-00000' };
const BULK = /^\/ofrep\/v1\/evaluate\/flags/;
const STREAM = /^\/ofrep\/v1\/streams\?since=[\w-]+&token=[\w-]{22}$/;

/** What the page tells of itself. */
interface Report {
  readonly at: string;
  readonly hero?: { readonly value: { readonly content: { readonly title: string } }; readonly reason: string };
  readonly letter?: unknown;
  readonly nowhere?: unknown;
  readonly why?: string;
}

/** A page with the client of OpenFeature, as its makers say that it is to be set up. */
const script = (url: string, key: string) => `
  const { OpenFeature } = await import('@openfeature/web-sdk');
  const { OFREPWebProvider } = await import('@openfeature/ofrep-web-provider');
  const report = (what) => fetch('${url}/report', { method: 'POST', body: JSON.stringify(what) });
  const client = OpenFeature.getClient();
  const shown = (at) => report({
    at,
    hero: client.getObjectDetails('hero', {}),
    letter: client.getObjectDetails('letter', { of: 'the code' }),
    nowhere: client.getObjectDetails('nowhere', { of: 'the code' }).errorCode,
  });
  client.addHandler('PROVIDER_CONFIGURATION_CHANGED', () => shown('changed'));
  await OpenFeature.setContext({ targetingKey: 'page-visitor' });
  try {
    await OpenFeature.setProviderAndWait(new OFREPWebProvider({
      baseUrl: '${url}', headers: [['Authorization', 'Bearer ${key}']], cacheMode: 'disabled',
    }));
  } catch (error) { await report({ at: 'refused', why: String(error.code ?? error) }); throw error; }
  await shown('first');
  await OpenFeature.setContext({ targetingKey: 'page-visitor', page: 'cart' });
  await OpenFeature.setContext({ targetingKey: 'page-visitor', page: 'till' });
  await shown('again');`;

describeOnBothStores(
  'a page that asks by OpenFeature, of another origin',
  (service) => {
    let witness: Witness;
    beforeAll(async () => {
      witness = await Witness.start(service.url);
    });
    afterAll(() => witness.stop());
    const told = (at: string) => (witness.reports as Report[]).find((one) => one.at === at);

    test('gets offers and defaults, keeps them while they are the same, and hears of a release', async () => {
      const page = await pageOf(script(witness.url, keys.browser));
      let isAsked = false;
      await visit(page, () => {
        // The page listens by now, or is about to: it says what served when it asked.
        if (!isAsked && told('again')) void goLive(service);
        isAsked ||= told('again') !== undefined;
        return told('changed') !== undefined;
      });
      expect(told('first')).toEqual({
        at: 'first',
        hero: expect.objectContaining({ reason: 'STATIC', variant: 'welcome' }),
        letter: expect.objectContaining({ value: { of: 'the code' } }),
        nowhere: 'FLAG_NOT_FOUND',
      });
      expect(told('again')?.hero).toEqual(told('first')?.hero);
      expect([witness.count(BULK, 304), witness.count(STREAM, 200)]).toEqual([2, 1]);
      expect(told('changed')?.hero?.value.content.title).toBe('Welcome back');
      // Once before, and once when it heard.
      expect(witness.count(BULK, 200)).toBe(2);
    });

    test('hears that its key is wrong', async () => {
      const page = await pageOf(script(witness.url, 'a-key-that-is-wrong'));
      let isOver = false;
      await expect(visit(page, () => isOver)).rejects.toThrow(/PROVIDER_FATAL|Initialization failed/);
      isOver = true;
      expect(witness.count(BULK, 401)).toBe(1);
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

async function goLive(service: Service): Promise<void> {
  const welcome = { name: 'Welcome', treatments: { '*': { content: { title: 'Welcome back' } } } };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${keys.admin}` };
  const post = (path: string, body: object) =>
    service.send('POST', `/v1/rulebook/releases${path}`, { headers, body: JSON.stringify(body) });
  const files = { ...SHOP_FILES, 'offers/welcome.json': JSON.stringify(welcome) };
  const { version } = (await post('', { files, message: 'Back' })).body as { version: number };
  expect((await post(`/${version}/activate`, { as: 'live' })).status).toBe(200);
}
