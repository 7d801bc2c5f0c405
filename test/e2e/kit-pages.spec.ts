import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { renderDecisions } from '../../sdk/browser/src/server.js';
import { until } from '../until.js';
import { Chromium, type Tab } from './chromium.js';
import { KitSite } from './kit-site.js';

let site: KitSite;
let chromium: Chromium;
beforeAll(async () => {
  [site, chromium] = await Promise.all([KitSite.start(), Chromium.start()]);
});
afterAll(async () => {
  await Promise.all([site.stop(), chromium.stop()]);
});

const slot = (placement: string, id = placement) =>
  `<h1 id="${id}" data-usher="${placement}" data-usher-text="title">Our own</h1>`;
const textOf = (tab: Tab, id: string) => tab.read<string>(`document.querySelector('#${id}').textContent`);
const isDone = (id: string) => `document.querySelector('#${id}')?.dataset.usherDone !== undefined`;
const errorsOf = (tab: Tab) => tab.read<string[]>('errors');
const REQUESTS =
  'performance.getEntriesByType("resource").filter(({ name, initiatorType }) => ' +
  'initiatorType === "fetch" && name.endsWith("/v1/decisions")).length';

async function open(path: string, html: string, before = '', headers = {}): Promise<Tab> {
  site.pages.set(path, { html, headers });
  const tab = await chromium.newTab(before);
  await tab.goTo(site.url + path);
  return tab;
}

describe('a page that a server has made', () => {
  test('takes what it brings, asks nobody, and says views for whom it was decided', async () => {
    const answer = await site.decide('3f2a91c0-0000-4000-8000-000000000001', 'hero', 'aside');
    const html = site.head() + renderDecisions(answer as never) + slot('hero') + slot('aside');
    const tab = await open('/rendered', html);
    await tab.waitFor(`${isDone('hero')} && ${isDone('aside')}`);
    expect([await textOf(tab, 'hero'), await textOf(tab, 'aside')]).toEqual(['Camera', 'Our own']);
    expect(await tab.read(REQUESTS)).toBe(0);
    await until('the view', async () => {
      return (await site.heard('3f2a91c0-0000-4000-8000-000000000001'))['Offer Shown'] === 1;
    });
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('asks itself where what it brings is no answer', async () => {
    const broken = '<script type="application/json" data-usher-decisions>{"decisions":</script>';
    const tab = await open('/broken', site.head() + broken + slot('hero'));
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await tab.read(REQUESTS)]).toEqual(['Camera', 1]);
    expect(await errorsOf(tab)).toEqual([]);
  });
});

describe('a page in which much is forbidden or missing', () => {
  test.each([
    ['no storage', "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"],
    ['no IntersectionObserver', 'delete window.IntersectionObserver'],
    ['no beacon', 'delete Navigator.prototype.sendBeacon'],
    ['no way to give up a request', 'delete AbortSignal.timeout'],
    ['no random ids', 'delete Crypto.prototype.randomUUID'],
  ])('shows its offers and throws nothing: %s', async (name, before) => {
    const tab = await open(`/${name.replaceAll(' ', '-')}`, site.head() + slot('hero'), before);
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await errorsOf(tab)]).toEqual(['Camera', []]);
    await tab.read('usher.say({ type: "track", event: "Said" }); usher.consent(false); usher.page()');
    await tab.waitFor(isDone('hero'));
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('holds a strict Content-Security-Policy', async () => {
    const { service } = site;
    const policy =
      `default-src 'none'; script-src ${service.url}; connect-src ${service.url}; style-src 'nonce-n1'; ` +
      "require-trusted-types-for 'script'";
    const tab = await open('/strict', site.head('', { nonce: 'n1' }) + slot('hero'), '', {
      'content-security-policy': policy,
    });
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await errorsOf(tab)]).toEqual(['Camera', []]);
  });

  test('shows its default at once where it may not call the service', async () => {
    const tab = await open('/no-calls', site.head() + slot('hero'), '', {
      'content-security-policy': "connect-src 'none'",
    });
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await errorsOf(tab)]).toEqual(['Our own', []]);
  });

  test('shows its default where the key or a placement is not known, and says so to developers', async () => {
    const said =
      'window.said = []; console.warn = (...words) => said.push(words.map((one) => JSON.stringify(one)).join())';
    const wrongKey = site.head().replace(site.browserKey, 'no-key-of-this-service');
    const tab = await open('/wrong-key', wrongKey + slot('hero'), said);
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await tab.read('said.join()')]).toEqual([
      'Our own',
      expect.stringContaining('UNAUTHENTICATED'),
    ]);
    const other = await open('/wrong-place', site.head() + slot('heroo', 'hero'), said);
    await other.waitFor(isDone('hero'));
    expect(await other.read('said.join()')).toContain('the placements are aside, ');
    expect(await errorsOf(other)).toEqual([]);
  });
});

describe('a page that is rendered before anybody looks at it', () => {
  test('asks and keeps nothing until somebody does', async () => {
    const before = "Object.defineProperty(document, 'prerendering', { get: () => !window.isLookedAt })";
    const tab = await open('/ahead', site.head() + slot('hero'), before);
    await tab.waitFor('window.usher && document.readyState === "complete"');
    await tab.read('void usher.decide("aside")');
    expect([await tab.read(REQUESTS), await tab.read('localStorage.length')]).toEqual([0, 0]);
    await tab.read('isLookedAt = true; document.dispatchEvent(new Event("prerenderingchange"))');
    await tab.waitFor(isDone('hero'));
    expect([await textOf(tab, 'hero'), await tab.read(REQUESTS)]).toEqual(['Camera', 2]);
    expect(await errorsOf(tab)).toEqual([]);
  });
});

describe('two kits in a page', () => {
  test('fill no slot twice, and know people by ids of their own', async () => {
    const second = site.head('data-name="other"').replace(/^.*<script/, '<script');
    const tab = await open('/two', site.head() + second + slot('hero') + slot('aside'));
    await tab.waitFor(`${isDone('hero')} && window.other && localStorage.other`);
    expect(await tab.read(REQUESTS)).toBe(1);
    const ids = await tab.read<string[]>('[localStorage.usher, localStorage.other].map((kept) => JSON.parse(kept)[0])');
    expect(new Set(ids).size).toBe(2);
  });
});

describe('an application of one page', () => {
  test('decides anew for another address, and not for another place of the same', async () => {
    const tab = await open('/spa', site.head() + slot('hero') + '<a id="x" href="#x">x</a>');
    await tab.waitFor(isDone('hero'));
    await tab.read('history.pushState({}, "", "/spa/two"); usher.page()');
    await tab.waitFor(`${REQUESTS} === 2 && ${isDone('hero')}`);
    await tab.read('document.querySelector("#x").click()');
    await tab.waitFor('location.hash === "#x"');
    expect(await tab.read(REQUESTS)).toBe(2);
    await tab.read('history.go(-2)');
    await tab.waitFor(`location.pathname === '/spa' && ${REQUESTS} === 3 && ${isDone('hero')}`);
    expect([await textOf(tab, 'hero'), await errorsOf(tab)]).toEqual(['Camera', []]);
  });
});

describe('the whole loop', () => {
  test('a page decides, shows and is clicked, and a cap of three views holds at the fourth visit', async () => {
    const before =
      'const later = window.setTimeout; window.setTimeout = (work, ms) => later(work, ms === 1000 ? 0 : ms)';
    const page =
      site.head() + '<div data-usher="capped"><a id="capped" data-usher-text="title" data-usher-click>x</a></div>';
    const done = `document.querySelector('[data-usher]')?.dataset.usherDone === 'shown'`;
    const tab = await open('/loop', page, before);
    const shown: string[] = [];
    for (let visit = 1; visit <= 4; visit++) {
      await tab.goTo(`${site.url}/loop?${visit}`);
      await tab.waitFor(`location.search === '?${visit}' && ${done}`);
      shown.push(await textOf(tab, 'capped'));
      if (visit === 1) await tab.read('document.querySelector("#capped").click()');
      const id = await tab.read<string>('JSON.parse(localStorage.usher)[0]');
      await until('the view', async () => (await site.heard(id))['Offer Shown'] === visit);
    }
    expect(shown).toEqual(['Rare', 'Rare', 'Rare', 'Welcome']);
    const { contacts } = await site.visitor(await tab.read<string>('JSON.parse(localStorage.usher)[0]'));
    expect(contacts).toMatchObject({
      rare: { shown: { count: 3 }, clicked: { count: 1 } },
      welcome: { shown: { count: 1 } },
    });
  });

  test('a desk sees what a page showed and was clicked, and what it has accepted there is told to pages', async () => {
    const page =
      site.head() + '<div data-usher="hero"><a id="hero" data-usher-text="title" data-usher-click>x</a></div>';
    const done = `document.querySelector('[data-usher]')?.dataset.usherDone === 'shown'`;
    const tab = await open('/desk', page);
    await tab.waitFor(done);
    expect(await textOf(tab, 'hero')).toBe('Camera');
    await tab.read('document.querySelector("#hero").click()');
    const visitorId = await tab.read<string>('JSON.parse(localStorage.usher)[0]');
    await until('the click', async () => (await site.heard(visitorId))['Offer Clicked'] === 1);

    expect(await site.atDesk(`/v1/visitors/${visitorId}`)).toMatchObject({
      contacts: { camera: { clicked: { count: 1 } } },
      decisions: [{ placements: [{ placement: 'hero', items: [{ offer: 'camera' }] }] }],
    });
    const asked = { visitorId, placements: ['desk.next-best'] };
    const { decisionId, decisions } = await site.atDesk('/v1/decisions', asked);
    expect(decisions).toMatchObject([{ items: [{ offer: 'camera-plus' }] }]);
    const item = { visitorId, decisionId, placement: 'desk.next-best', offer: 'camera-plus' };
    expect(await site.atDesk('/v1/outcomes', { ...item, outcome: 'accepted' })).toMatchObject({ counted: true });

    await tab.goTo(`${site.url}/desk?again`);
    await tab.waitFor(`location.search === '?again' && ${done}`);
    expect(await textOf(tab, 'hero')).toBe('Welcome');
  });
});
