import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { SettingsController } from './settings.controller.js';

const fastify = Fastify({ trustProxy: ['10.0.0.0/8'] });
const HERE = 'usher.example:3000';

beforeAll(async () => {
  fastify.get('/:key', async (request) =>
    new SettingsController().settings((request.params as { key: string }).key, request),
  );
  await fastify.ready();
});
afterAll(() => fastify.close());

async function addressFor(
  headers: Readonly<Record<string, string | string[]>>,
  remoteAddress = '10.1.2.3',
): Promise<string> {
  const answer = await fastify.inject({ url: '/a-key', headers: { host: HERE, ...headers }, remoteAddress });
  const { integrations } = answer.json<ReturnType<SettingsController['settings']>>();
  expect(integrations['Segment.io'].apiKey).toBe('a-key');
  return `${integrations['Segment.io'].protocol}://${integrations['Segment.io'].apiHost}`;
}

describe('where browsers are told to send events', () => {
  test.each<[string, Record<string, string | string[]>, string]>([
    ['is here', {}, `http://${HERE}/v1`],
    [
      'is the proxy in front',
      { 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' },
      'https://shop.example/v1',
    ],
    [
      'is the word of the proxy that is nearest',
      { 'x-forwarded-host': 'a.example , b.example ' },
      'http://b.example/v1',
    ],
    ['has the port of the proxy', { 'x-forwarded-host': 'a.example:8443' }, 'http://a.example:8443/v1'],
    ['may be an IPv6 address', { 'x-forwarded-host': '[2001:db8::1]:8443' }, 'http://[2001:db8::1]:8443/v1'],
    ['may be one of a zone', { 'x-forwarded-host': '[fe80::1%25eth0]' }, 'http://[fe80::1%25eth0]/v1'],
    ['is no address without its brackets', { 'x-forwarded-host': '2001:db8::1' }, `http://${HERE}/v1`],
    ['is no host with a path behind it', { 'x-forwarded-host': 'evil.example/x?' }, `http://${HERE}/v1`],
    ['is no host with somebody before it', { 'x-forwarded-host': 'a.example@evil.example' }, `http://${HERE}/v1`],
    ['is here where the header is empty', { 'x-forwarded-host': '', 'x-forwarded-proto': '' }, `http://${HERE}/v1`],
    ['is of no protocol but two', { 'x-forwarded-proto': 'javascript' }, `http://${HERE}/v1`],
    ['is of a protocol in any letters', { 'x-forwarded-proto': 'HTTPS' }, `https://${HERE}/v1`],
    ['is of the protocol of the nearest', { 'x-forwarded-proto': 'http, https' }, `https://${HERE}/v1`],
  ])('%s', async (_name, headers, address) => {
    expect(await addressFor(headers)).toBe(address);
  });

  test('is here, whatever is said by somebody who is no trusted proxy', async () => {
    const said = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await addressFor(said, '192.0.2.1')).toBe(`http://${HERE}/v1`);
    expect(await addressFor({ ...said, 'x-forwarded-for': '10.0.0.1' }, '192.0.2.1')).toBe(`http://${HERE}/v1`);
  });
});
