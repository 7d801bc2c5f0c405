import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

const HERO = '<h1 id="hero" data-usher="hero" style="height:60px"><span data-usher-text="title">Our own</span></h1>';
const SHOWN = 'document.querySelector("#hero")?.dataset.usherDone === "shown"';

/** Notes at each frame what can be seen of the slot, and how the page moved. */
const WATCH_FRAMES = `
  window.frames_ = []; window.shift = 0;
  const look = () => {
    const slot = document.querySelector('#hero');
    if (slot && !slot.dataset.usherDone) window.hiding ??= slot.getAnimations()[0];
    if (slot && getComputedStyle(slot).visibility === 'visible')
      frames_.push([slot.textContent, performance.now() - (window.hiding?.startTime ?? 0)]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (shift += value)))
    .observe({ type: 'layout-shift', buffered: true });`;

/** The seconds of the page pass when the test says so. */
const OWN_SECONDS = `
  window.seconds = [];
  const later = window.setTimeout;
  window.setTimeout = (work, ms, ...rest) => (ms === 1000 ? seconds.push(work) : later(work, ms, ...rest));
  window.passSecond = () => seconds.splice(0).forEach((work) => work());
  window.frame = () => new Promise((over) => requestAnimationFrame(() => later(over)));`;

async function open(path: string, html: string, before = '', headers = {}): Promise<Tab> {
  site.pages.set(path, { html, headers });
  const tab = await chromium.newTab(before);
  await tab.goTo(site.url + path);
  return tab;
}

const idOf = (tab: Tab) => tab.read<string>('JSON.parse(localStorage.usher)[0]');
const errorsOf = (tab: Tab) => tab.read<string[]>('errors');

describe('a slot', () => {
  test('shows what is decided and never flashes its default, and nothing moves', async () => {
    const tab = await open('/in-time', `${site.head()}<p>Above</p>${HERO}<p>Below</p>`, WATCH_FRAMES);
    await tab.waitFor(`${SHOWN} && frames_.length > 2`);
    expect(await tab.read('[...new Set(frames_.map(([text]) => text))]')).toEqual(['Camera']);
    expect([await tab.read('shift'), await errorsOf(tab)]).toEqual([0, []]);
    expect(await tab.read('getComputedStyle(document.querySelector("p")).visibility')).toBe('visible');
  });

  test('shows its default after 400 ms where the script never comes, as the service is frozen', async () => {
    process.kill(site.service.pid, 'SIGSTOP');
    try {
      const tab = await open('/frozen', `${site.head('', { timeoutMs: 400 })}${HERO}`, WATCH_FRAMES);
      await tab.waitFor('frames_.length > 0');
      const [text, afterMs] = await tab.read<[string, number]>('frames_[0]');
      expect([text, afterMs >= 400]).toEqual(['Our own', true]);
      expect(await tab.read('document.readyState')).not.toBe('loading');
    } finally {
      process.kill(site.service.pid, 'SIGCONT');
    }
  });

  test('keeps its default where the script is there and the answer comes too late', async () => {
    const kit = await (await fetch(`${site.service.url}/sdk/usher.js`)).text();
    site.pages.set('/own/sdk/usher.js', { html: kit });
    const head = site.head(`data-url="${site.service.url}"`, { timeoutMs: 400 });
    const own = head.replace(`${site.service.url}/sdk/`, '/own/sdk/');
    process.kill(site.service.pid, 'SIGSTOP');
    let tab: Tab;
    try {
      tab = await open('/late', `${own}${HERO}`, WATCH_FRAMES);
      await tab.waitFor('document.querySelector("#hero")?.dataset.usherDone === ""');
    } finally {
      process.kill(site.service.pid, 'SIGCONT');
    }
    await site.decide('somebody', 'hero');
    await tab.waitFor('frames_.length > 10');
    expect(await tab.read('[...new Set(frames_.map(([text]) => text))]')).toEqual(['Our own']);
    expect([await tab.read('shift'), await errorsOf(tab)]).toEqual([0, []]);
  });

  test('shares one request with all others, and those that come later have their own', async () => {
    const cards =
      '<ul data-usher="cards"><template><li><b data-usher-text="title"></b></li></template><li>None</li></ul>' +
      '<div data-usher="aside">Aside</div>';
    const tab = await open('/several', `${site.head()}${HERO}${cards}`);
    await tab.waitFor(`${SHOWN} && document.querySelector('[data-usher=aside]').dataset.usherDone === ''`);
    const requests =
      'performance.getEntriesByType("resource").filter(({ name, initiatorType }) => ' +
      'initiatorType === "fetch" && name.endsWith("/v1/decisions")).length';
    expect(await tab.read('[...document.querySelectorAll("li")].map((li) => li.textContent)')).toEqual([
      'Camera',
      'Bike',
    ]);
    expect(await tab.read('document.querySelector("[data-usher=aside]").textContent')).toBe('Aside');
    expect(await tab.read(requests)).toBe(1);
    await tab.read(`document.body.insertAdjacentHTML('beforeend',
      '<p id="new" data-usher="capped" data-usher-text="title">x</p>' +
      '<p id="same" data-usher="hero" data-usher-text="title">x</p>')`);
    await tab.waitFor(`document.querySelector('#new').textContent === 'Rare'`);
    expect([await tab.read(requests), await tab.read('document.querySelector("#same").textContent')]).toEqual([
      2,
      'Camera',
    ]);
    await tab.read('usher.page()');
    await tab.waitFor(`${requests} === 3 && ${SHOWN}`);
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('sets texts and addresses that lead somewhere, and nothing that could run', async () => {
    const slot =
      '<div id="hero" data-usher="nasty"><b data-usher-text="title"></b><a data-usher-href="actions.0.url">a</a>' +
      '<iframe data-usher-src="data"></iframe><img data-usher-src="odd"><script data-usher-text="title"></script>' +
      '<i data-usher-text="missing">default</i></div>';
    const tab = await open('/nasty', `${site.head()}${slot}`);
    await tab.waitFor(SHOWN);
    expect(await tab.read('document.querySelector("#hero b").innerHTML')).toMatch(/^&lt;img src=x/);
    expect(await tab.read('document.querySelector("#hero").querySelectorAll("[href],[src]").length')).toBe(0);
    expect(await tab.read('[...document.querySelectorAll("#hero [hidden]")].map((one) => one.localName)')).toEqual([
      'a',
      'iframe',
      'img',
      'script',
      'i',
    ]);
    expect([await tab.read('window.ran ?? 0'), await errorsOf(tab)]).toEqual([0, []]);
  });
});

describe('what becomes of an offer', () => {
  const below = `<p style="height:300vh"></p>${HERO}<p style="height:300vh"></p>`;
  const scrollTo = (tab: Tab, where: string) => tab.read(`${where}; frame().then(frame)`);
  const toHero = 'document.querySelector("#hero").scrollIntoView()';

  test('is that it was shown when half of it was seen for a second, and not after a glimpse', async () => {
    const tab = await open('/viewed', `${site.head()}${below}`, OWN_SECONDS);
    await tab.waitFor(SHOWN);
    await scrollTo(tab, toHero);
    await tab.waitFor('seconds.length === 1');
    // It goes again before the second is over.
    await scrollTo(tab, 'scrollTo(0, 0)');
    await tab.read('passSecond()');
    await scrollTo(tab, toHero);
    await tab.waitFor('seconds.length === 1');
    await tab.read('usher.say({ type: "track", event: "Glimpsed" })');
    const id = await idOf(tab);
    await until('the glimpse', async () => 'Glimpsed' in (await site.heard(id)));
    expect(await site.heard(id)).toEqual({ Glimpsed: 1 });
    await tab.read('passSecond()');
    await until('the view', async () => 'Offer Shown' in (await site.heard(id)));
    // Once, however often it comes back.
    await scrollTo(tab, 'scrollTo(0, 0)');
    await scrollTo(tab, toHero);
    await tab.read('passSecond(); usher.say({ type: "track", event: "Passed" })');
    await until('the end', async () => 'Passed' in (await site.heard(id)));
    expect(await site.heard(id)).toEqual({ Glimpsed: 1, 'Offer Shown': 1, Passed: 1 });
    expect((await site.visitor(id)).contacts).toMatchObject({ camera: { shown: { count: 1 } } });
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('is seen where it is larger than the window, and not in a tab behind others', async () => {
    const hidden = `${OWN_SECONDS};Object.defineProperty(document, 'hidden', { get: () => window.isBehind ?? false });`;
    const large = HERO.replace('height:60px', 'height:700vh');
    const tab = await open('/large', `${site.head()}${large}`, hidden);
    await tab.waitFor(`${SHOWN} && seconds.length === 1`);
    await tab.read('isBehind = true; passSecond(); usher.say({ type: "track", event: "Behind" })');
    const id = await idOf(tab);
    await until('the tab behind', async () => 'Behind' in (await site.heard(id)));
    expect(await site.heard(id)).toEqual({ Behind: 1 });
    await tab.read('isBehind = false; document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))');
    await tab.read('passSecond()');
    await until('the view', async () => 'Offer Shown' in (await site.heard(id)));
  });

  test('is what was clicked, though the page goes with the click', async () => {
    const slot = '<div id="hero" data-usher="hero"><a data-usher-href="actions.0.url">Our own</a></div>';
    const tab = await open('/clicked', `${site.head()}${slot}`);
    site.pages.set('/next', { html: '<!doctype html><title>Next</title>' });
    await tab.waitFor(SHOWN);
    const id = await idOf(tab);
    await tab.read('document.querySelector("a").click()');
    await tab.waitFor('document.title === "Next"');
    await until('the click', async () => (await site.heard(id))['Offer Clicked'] === 1);
    expect((await site.visitor(id)).contacts).toMatchObject({ camera: { clicked: { count: 1 } } });
  });

  test('is that it was rated, accepted or sent away, as the page declares', async () => {
    const buttons =
      '<b data-usher-rate="4">4</b><b data-usher-rate="yes">y</b><b data-usher-accept>a</b><b data-usher-dismiss>x</b>';
    const tab = await open(
      '/declared',
      `${site.head()}<ul data-usher="cards"><template><li><i data-usher-text="title"></i>${buttons}</li></template>` +
        '</ul>',
    );
    await tab.waitFor('document.querySelectorAll("li").length === 2');
    await tab.read('[...document.querySelectorAll("li:first-of-type b")].forEach((button) => button.click())');
    const id = await idOf(tab);
    await until('all', async () => Object.keys(await site.heard(id)).length === 3);
    const { contacts = {}, interactions = [] } = await site.visitor(id);
    expect(Object.keys(contacts)).toEqual(['camera']);
    expect(contacts['camera']).toMatchObject({ accepted: { count: 1 }, dismissed: { count: 1 }, rated: { count: 1 } });
    const ratings = interactions.filter(({ event }) => event === 'Offer Rated').map(({ properties }) => properties);
    expect(ratings).toEqual(
      expect.arrayContaining([expect.objectContaining({ rating: 4 }), expect.objectContaining({ helpful: true })]),
    );
    expect(await tab.read('[...document.querySelectorAll("li")].map((li) => li.hidden)')).toEqual([true, false]);
  });

  test('waits while there is no network, over pages too, and arrives once', async () => {
    const slot = '<div id="hero" data-usher="hero"><b data-usher-text="title"></b><i data-usher-click>c</i></div>';
    const tab = await open('/offline', `${site.head()}${slot}`);
    await tab.waitFor(SHOWN);
    const id = await idOf(tab);
    await tab.goOnline(false);
    await tab.waitFor('!navigator.onLine');
    await tab.read('document.querySelector("i").click(); usher.say({ type: "track", event: "Offline" })');
    expect(await tab.read('Object.keys(JSON.parse(localStorage.usher)[1]).length')).toBe(2);
    expect(await site.heard(id)).toEqual({});
    await tab.goOnline(true);
    await until('both', async () => Object.keys(await site.heard(id)).length >= 2);
    await tab.waitFor('Object.keys(JSON.parse(localStorage.usher)[1]).length === 0');
    // Sent again though it was heard, as after an answer that was lost.
    await tab.read('usher.say({ messageId: "again", type: "track", event: "Again" })');
    await tab.waitFor('Object.keys(JSON.parse(localStorage.usher)[1]).length === 0');
    await tab.read('usher.say({ messageId: "again", type: "track", event: "Again" })');
    await tab.waitFor('Object.keys(JSON.parse(localStorage.usher)[1]).length === 0');
    expect(await site.heard(id)).toEqual({ 'Offer Clicked': 1, Offline: 1, Again: 1 });
    // What an earlier page could not say, the next one does.
    await tab.read(`localStorage.usher = JSON.stringify(['${id}', { left: JSON.stringify(
      { messageId: 'left', type: 'track', event: 'Left', anonymousId: '${id}' }) }])`);
    await tab.goTo(`${site.url}/offline`);
    await until('what was left', async () => (await site.heard(id))['Left'] === 1);
  });

  test('is said again under the same id after an answer that was lost, and counts once', async () => {
    const losing = `
      window.sent = [];
      const [real, later] = [window.fetch, window.setTimeout];
      window.setTimeout = (work, ms) => later(work, ms === 10000 ? 50 : ms);
      window.fetch = async (url, init) => {
        const answer = await real(url, init);
        if (!String(url).endsWith('/v1/batch')) return answer;
        sent.push(JSON.parse(init.body).batch.map(({ messageId }) => messageId).join());
        if (sent.length === 1) throw new TypeError('lost');
        return sent.length === 2 ? new Response('', { status: 503 }) : answer;
      };`;
    const tab = await open('/lost', `${site.head()}${HERO}`, losing);
    await tab.waitFor(SHOWN);
    const id = await idOf(tab);
    await tab.read('sent.length = 0; usher.say({ type: "track", event: "Said" })');
    await tab.waitFor('sent.length === 3 && Object.keys(JSON.parse(localStorage.usher)[1]).length === 0');
    expect(new Set(await tab.read<string[]>('sent')).size).toBe(1);
    expect(await site.heard(id)).toEqual({ Said: 1 });
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('is let go of where the service will never take it', async () => {
    const tab = await open('/never', `${site.head().replace(site.browserKey, 'no-key-of-this-service')}${HERO}`);
    await tab.waitFor('document.querySelector("#hero")?.dataset.usherDone === ""');
    await tab.read('usher.say({ type: "track", event: "Said" })');
    await tab.waitFor('Object.keys(JSON.parse(localStorage.usher)[1]).length === 0');
    const circle = 'const circle = {}; circle.circle = circle; usher.say(circle); usher.say({ n: 1n });';
    await tab.read(`(() => { ${circle} })()`);
    expect([await tab.read('Object.keys(JSON.parse(localStorage.usher)[1]).length'), await errorsOf(tab)]).toEqual([
      0,
      [],
    ]);
  });
});

describe('consent', () => {
  const stored = 'JSON.stringify([document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)])';
  const nothing = JSON.stringify(['', [], []]);

  test('that is refused leaves nothing on the device, and what was kept goes', async () => {
    const tab = await open('/refused', `${site.head('data-consent="ask"')}${HERO}`);
    await tab.waitFor('window.usher');
    await tab.read('usher.consent(false)');
    await tab.waitFor(SHOWN);
    await tab.read('usher.say({ type: "track", event: "Said" })');
    await tab.waitFor('performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/v1/batch"))');
    expect(await tab.read(stored)).toBe(nothing);
    await tab.read('usher.consent(true)');
    const id = await idOf(tab);
    await tab.read('usher.consent(false)');
    expect(await tab.read(stored)).toBe(nothing);
    await tab.read('usher.consent(true)');
    expect(await idOf(tab)).not.toBe(id);
    expect(await errorsOf(tab)).toEqual([]);
  });

  test('is known again on the next page, and with it the person', async () => {
    const tab = await open('/known', `${site.head()}${HERO}`);
    await tab.waitFor(SHOWN);
    const id = await idOf(tab);
    await tab.goTo(`${site.url}/known?again`);
    await tab.waitFor(`location.search && ${SHOWN}`);
    expect(await idOf(tab)).toBe(id);
  });

  test.each([
    ['a platform of IAB TCF', '', 'heard({ purpose: { consents: { 1: true, 5: true, 6: false } } }, true)'],
    ['Google’s Consent Mode', 'data-consent="google"', 'say("default", "granted"); say("update", "denied")'],
  ])('is asked of %s, and a no keeps nothing', async (_name, attributes, no) => {
    const before = `
      window.heard = () => 0;
      ${attributes ? '' : 'window.__tcfapi = (command, version, tell) => (window.heard = tell);'}
      window.dataLayer = [];
      function gtag() { dataLayer.push(arguments); }
      window.say = (kind, word) => gtag('consent', kind, { personalization_storage: word });`;
    const tab = await open(
      attributes ? '/google' : '/tcf',
      `${site.head(attributes, { timeoutMs: 400 })}${HERO}`,
      before,
    );
    await tab.waitFor('window.usher && document.readyState === "complete"');
    expect(await tab.read(stored)).toBe(nothing);
    await tab.read(no);
    expect(await tab.read(stored)).toBe(nothing);
    await tab.read(
      'heard({ eventStatus: "useractioncomplete", purpose: { consents: { 1: true, 5: true, 6: true } } }, true);' +
        'say("update", "granted")',
    );
    expect(await idOf(tab)).toMatch(/^[\da-f-]{36}$/);
    expect(await errorsOf(tab)).toEqual([]);
  });
});
