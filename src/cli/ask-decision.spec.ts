import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askDecision, type DecideOptions } from './ask-decision.js';

const ANSWER = {
  decisionId: 'd-1',
  visitorId: 'u-9',
  rulebook: { version: 42, digest: 'sha256:0' },
  served: 'full',
  decisions: [
    {
      placement: 'home.hero',
      reason: 'TARGETING_MATCH',
      items: [
        {
          offer: 'resume',
          rule: 'configured-model-returns',
          reason: 'TARGETING_MATCH',
          content: { image: '/m.jpg', title: 'Your model is waiting' },
          actions: [{ type: 'schedule', label: 'Book a test drive', url: '/drive' }, { type: 'call' }],
        },
        { offer: 'welcome', reason: 'DEFAULT', content: { points: 3 }, actions: [] },
      ],
    },
    { placement: 'home.cards', reason: 'DEFAULT', items: [] },
  ],
  elapsedMs: 0.9,
};

let server: Server;
let asked: unknown;

beforeEach(async () => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      asked = body;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(ANSWER));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

async function ask(placements: readonly string[], options: Partial<DecideOptions> = {}): Promise<string> {
  const printed: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await askDecision('u-9', placements, { url, key: undefined, ...options }, (text) =>
    printed.push(stripVTControlCharacters(text)),
  );
  return printed.join('\n');
}

describe('usher decide', () => {
  test('asks for the placements, and for several offers of one', async () => {
    await ask(['home.hero', 'home.cards:3']);
    expect(asked).toEqual({ visitorId: 'u-9', placements: ['home.hero', { id: 'home.cards', count: 3 }] });
  });

  test('passes on channel, context and the wish for reasons; another time changes nothing', async () => {
    await ask(['home.hero'], {
      channel: 'web',
      context: ['device=mobile', 'cart={"total":7}', 'q=a=b'],
      at: '2026-11-21',
      explain: true,
    });
    expect(asked).toEqual({
      visitorId: 'u-9',
      placements: ['home.hero'],
      channel: 'web',
      context: { device: 'mobile', cart: { total: 7 }, q: 'a=b' },
      now: '2026-11-21T00:00:00.000Z',
      dryRun: true,
      explain: true,
    });
  });

  test('prints offers with reason, title and actions, and empty placements', async () => {
    expect(await ask(['home.hero', 'home.cards'])).toBe(`home.hero
  1. resume  TARGETING_MATCH by rule configured-model-returns
     Your model is waiting
     → Book a test drive (schedule) /drive
     → (call)
  2. welcome  DEFAULT

home.cards
  nothing to show (DEFAULT)

served full · rulebook 42 · 0.9 ms · decision d-1`);
  });

  test('prints the answer as it came for programs', async () => {
    expect(JSON.parse(await ask(['home.hero'], { json: true }))).toEqual(ANSWER);
  });

  test('refuses a time or a context that is none', async () => {
    await expect(ask(['home.hero'], { at: 'tomorrow' })).rejects.toThrow('--at "tomorrow" is not a time');
    await expect(ask(['home.hero'], { context: ['home.cards'] })).rejects.toThrow(
      '--context takes name=value, and "home.cards" is none',
    );
    await expect(ask(['home.hero'], { context: ['page={"a":{"b":1,"b":2}}'] })).rejects.toThrow(
      '--context page: "a.b" is given more than once',
    );
    await expect(ask(['home.hero'], { context: ['a=1', 'b=2', 'a=3'] })).rejects.toThrow('--context says "a" twice');
  });
});
