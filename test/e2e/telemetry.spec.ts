import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BuiltCli } from './built-cli.js';
import { until } from '../until.js';

let cli: BuiltCli;
let collector: Server;
const got: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly text: string }[] = [];
beforeAll(async () => {
  cli = await BuiltCli.open();
  collector = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const text = Buffer.concat(chunks as Buffer[]).toString();
      got.push({ path: request.url ?? '', headers: request.headers, text });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
});
afterAll(async () => {
  collector.close();
  await cli.remove();
});

/** The names and values of an OTLP resource. */
function resourceIn(text: string, member: 'resourceMetrics' | 'resourceSpans'): Record<string, unknown> {
  const sent = JSON.parse(text) as Record<string, { resource: { attributes: { key: string; value: object }[] } }[]>;
  const attributes = sent[member]?.[0]?.resource.attributes ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]));
}

test('traces and metrics are sent as the standard variables say, and the process measures itself', async () => {
  const { port } = collector.address() as AddressInfo;
  const service = await cli.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=shop',
    OTEL_SERVICE_NAME: 'usher-of-the-shop',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    USHER_DATA: `${cli.folder}/data`,
  });
  try {
    const body = JSON.stringify({ visitorId: 'u-9', placements: ['home.hero'] });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${service.url}/v1/decisions`, { method: 'POST', headers, body })).status).toBe(200);
    const sentTo = (path: string) => got.find((one) => one.path === path);
    await until('both to be sent', () => sentTo('/v1/traces') !== undefined && sentTo('/v1/metrics') !== undefined);
    for (const [path, member] of [
      ['/v1/traces', 'resourceSpans'],
      ['/v1/metrics', 'resourceMetrics'],
    ] as const) {
      const sent = sentTo(path);
      expect(sent?.headers['x-team']).toBe('shop');
      expect(resourceIn(sent?.text ?? '', member)).toMatchObject({
        'service.name': 'usher-of-the-shop',
        'deployment.environment.name': 'staging',
      });
    }
    expect(sentTo('/v1/metrics')?.text).toContain('"process.cpu.time"');

    const text = await (await fetch(`${service.url}/metrics`)).text();
    for (const sample of [
      'process_cpu_time_total{cpu_mode="user"',
      'process_memory_usage{',
      'process_uptime{',
      'v8js_memory_heap_used{v8js_heap_space_name="old_space"',
      'nodejs_eventloop_delay_p99{',
      'nodejs_eventloop_utilization{',
      'nodejs_eventloop_time_total{nodejs_eventloop_state="active"',
    ])
      expect(text).toMatch(new RegExp(`^${sample.replaceAll(/[{."]/g, '\\$&')}.* [0-9]`, 'm'));
  } finally {
    await service.stop();
  }
});

test('what is set and has no effect is told when the service starts', async () => {
  const { stdout, stderr, code } = await cli.run(['start'], { env: { REDIS_URI: 'redis://x', PORT: 'x' } });
  // It does not start for the other reason, and says that first.
  expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('PORT: must be a whole number')]);
  const service = await cli.start({ REDIS_URI: 'redis://x', USHER_KEEP_DAY: '3', USHER_DATA: `${cli.folder}/data` });
  expect(service.said()).toMatch(/REDIS_URI is not a setting of Usher; did you mean \W*REDIS_URL/);
  expect(service.said()).toMatch(/USHER_KEEP_DAY is not a setting of Usher; did you mean \W*USHER_KEEP_DAYS/);
  await service.stop();
});

test('what is done before anybody asks is counted nowhere', async () => {
  for (const USHER_KEYS of ['', 'admin:a-key-of-at-least-sixteen']) {
    const service = await cli.start({ USHER_DATA: `warm-${USHER_KEYS.length}`, USHER_KEYS });
    const headers = { authorization: 'Bearer a-key-of-at-least-sixteen' };
    const metrics = await (await fetch(`${service.url}/metrics`, { headers })).text();
    expect(metrics).toContain('process_cpu_time');
    expect(metrics).not.toMatch(/usher_(decisions|access_refused|visitors_unread|ids_guarded)_total\{/);
    const recorded = await fetch(`${service.url}/v1/decisions/recorded`, { headers });
    expect([recorded.status, await recorded.text()]).toEqual([200, '']);
    await service.stop();
  }
});
