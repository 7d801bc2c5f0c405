import { describe, expect, test } from '@jest/globals';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { visit } from './browser.js';
import { ago, describeOnBothStores } from './harness.js';
import { LossyProxy } from './lossy-proxy.js';
import type { Service } from './service.js';

const BUNDLE = createRequire(import.meta.url)
  .resolve('@segment/analytics-next')
  .replace(/\/dist\/.*/, '/dist/umd/standalone.js');

/** What each client is made to say of a person. */
interface Story {
  readonly userId: string;
  readonly anonymousId: string;
}

type Tell = (proxy: LossyProxy, story: Story) => Promise<void>;

describeOnBothStores('a client whose every third answer is lost', (service) => {
  describe('is heard to the last word, each once:', () => {
    test.concurrent('@segment/analytics-node', () => isHeardOnce(service, 'segment-node', tellBySegment));
    test.concurrent('@rudderstack/rudder-sdk-node', () => isHeardOnce(service, 'rudder-node', tellByRudderStack));
    test.concurrent('@segment/analytics-next in Chromium', () =>
      isHeardOnce(service, 'segment-browser', tellByBrowser),
    );
  });
});

async function isHeardOnce(service: Service, name: string, tell: Tell): Promise<void> {
  const story = { userId: `u-${name}`, anonymousId: `a-${name}` };
  await service.tell({
    type: 'track',
    anonymousId: before(story),
    event: 'Came By',
    properties: { step: 0 },
    timestamp: ago(1, 'h'),
  });
  const proxy = await LossyProxy.start(service.url);
  await tell(proxy, story).finally(() => proxy.stop());
  // Each word is a request, sent until its answer came.
  expect(proxy.answers.delivered).toBe(wordsOf(story).length);
  expect(proxy.answers.lost).toBeGreaterThan(1);
  const { traits, interactions, counters } = await service.visitor(story.userId);
  expect(traits).toEqual({ plan: 'gold', visits: 3, group: { id: 'c-7', name: 'Acme' } });
  expect(interactions.map(({ event, properties }) => [event, properties['step']]).reverse()).toEqual([
    ['Came By', 0],
    ['Page Viewed', 1],
    ['Product Viewed', 2],
    ['Product Added', 3],
    ['Screen Viewed', 4],
    ['Order Completed', 5],
  ]);
  expect(Object.values(counters).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1]);
}

/** The id of a device that the alias is about. */
function before({ anonymousId }: Story): string {
  return `before-${anonymousId}`;
}

async function tellBySegment({ url: host }: LossyProxy, story: Story): Promise<void> {
  const client = new Analytics({ writeKey: 'k', host, flushAt: 1 });
  for (const { type, ...message } of wordsOf(story)) {
    client[type](message as never);
    await sleep(2);
  }
  await client.closeAndFlush({ timeout: 60_000 });
}

async function tellByRudderStack({ url: dataPlaneUrl }: LossyProxy, story: Story): Promise<void> {
  const client = new RudderAnalytics('k', { dataPlaneUrl, flushAt: 1, logLevel: 'none' });
  const heard: Promise<unknown>[] = [];
  for (const { type, ...message } of wordsOf(story)) {
    heard.push(
      new Promise((resolve, reject) =>
        client[type](message as never, (error?: Error) => (error ? reject(error) : resolve(undefined))),
      ),
    );
    await sleep(2);
  }
  await Promise.all(heard);
}

/** A word each with a moment of its own: what happens in the same millisecond has no order but that of arrival. */
function wordsOf(story: Story) {
  const { userId, anonymousId } = story;
  return [
    { type: 'identify', userId, anonymousId, traits: { plan: 'gold', visits: 3 } },
    { type: 'page', userId, name: 'Home', properties: { step: 1 } },
    { type: 'track', userId, event: 'Product Viewed', properties: { step: 2 } },
    { type: 'track', userId, event: 'Product Added', properties: { step: 3 } },
    { type: 'screen', userId, name: 'Basket', properties: { step: 4 } },
    { type: 'track', userId, event: 'Order Completed', properties: { step: 5 } },
    { type: 'group', userId, groupId: 'c-7', traits: { name: 'Acme' } },
    { type: 'alias', userId, previousId: before(story) },
  ] as const;
}

/** A page as the snippet of the library makes it, on another origin than the service. */
async function tellByBrowser(proxy: LossyProxy, story: Story): Promise<void> {
  const site = {
    '/': { type: 'text/html', content: pageOf(proxy.url, story) },
    '/analytics.js': { type: 'text/javascript', content: await readFile(BUNDLE) },
  };
  await visit(site, () => proxy.answers.delivered === wordsOf(story).length);
}

const pageOf = (url: string, story: Story): string => `<!doctype html><title>Shop</title>
<script>
  // The client waits up to five seconds before it tries again; nobody likes to wait for a test.
  const later = window.setTimeout;
  window.setTimeout = (work, ms, ...rest) => later(work, ms > 1000 ? ms / 10 : ms, ...rest);
  window.analytics = Object.assign([], { _writeKey: 'k', _cdn: '${url}' });
  analytics.push(['setAnonymousId', '${story.anonymousId}']);
</script>
<script src="/analytics.js"></script>
<script>
  const report = (problem) => fetch('/problem', { method: 'POST', body: String(problem) });
  const tell = async () => {
    analytics.on('error', ({ reason }) => report(reason));
    await analytics.identify('${story.userId}', { plan: 'gold', visits: 3 });
    await analytics.page('Home', { step: 1 });
    await analytics.track('Product Viewed', { step: 2 });
    await analytics.track('Product Added', { step: 3 });
    await analytics.screen('Basket', { step: 4 });
    await analytics.track('Order Completed', { step: 5 });
    await analytics.group('c-7', { name: 'Acme' });
    await analytics.alias('${story.userId}', '${before(story)}');
  };
  const whenLoaded = () => (window.analytics.initialized ? tell().catch(report) : later(whenLoaded, 10));
  whenLoaded();
</script>`;
