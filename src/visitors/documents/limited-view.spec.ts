import { describe, expect, test } from '@jest/globals';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { apply, emptyMemory } from '../memory/memory.js';
import { encode, viewOfBytes } from './codec.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const KEEP = { keepInteractions: 2, keepDays: 0 };
let arrival = 0;

const base = () => ({ userId: 'u-9', anonymousId: undefined, timestamp: NOW, arrival: ++arrival });
const did = (event: string, more: object = {}): MemoryEvent => ({
  ...base(),
  ...{ kind: 'interaction', messageId: `m-${arrival}`, event, channel: 'web', properties: {}, ...more },
});
const said = (traits: Record<string, string | null>, by?: 'browser'): MemoryEvent => ({
  ...base(),
  ...{ kind: 'traits', messageId: undefined, source: 'identify', traits, ...(by && { by }) },
});
const byBrowser = (event: string): MemoryEvent =>
  did(event, { by: 'browser', messageId: browserMessageId(`b-${arrival}`) });

const events: readonly MemoryEvent[] = [
  ...Array.from({ length: 3 }, () => did('Bought')),
  ...Array.from({ length: 3 }, () => byBrowser('Viewed')),
  byBrowser('Bought'),
  said({ plan: 'gold', city: 'Ulm' }),
  said({ plan: 'mine', theme: 'dark', gone: null }, 'browser'),
  { ...base(), kind: 'consent', messageId: 'c-1', purpose: 'ads', granted: false, until: undefined },
];
const { memory } = apply({ ...emptyMemory('u-9'), anonymousIds: ['a-1'] }, events, NOW, KEEP);
const bytes = encode({ kind: 'memory', memory });
const look = (seenAs?: 'browser' | 'stranger') => {
  const view = viewOfBytes(bytes, 'a-1', NOW, { ...KEEP, ...(seenAs && { seenAs }) });
  return {
    ids: view.ids,
    traits: view.traits,
    counts: Object.entries(view.counters).map(([event, { count }]) => `${event}: ${count}`),
    retained: [...view.interactions()].map(({ event }) => event),
    consent: view.consents('ads')?.granted,
    bucketId: view.bucketId,
  };
};

describe('a person', () => {
  test('is seen whole by whoever may know all', () => {
    expect(look()).toEqual({
      ids: ['u-9', 'a-1'],
      traits: { plan: 'gold', city: 'Ulm', theme: 'dark' },
      counts: ['Bought: 4', 'Viewed: 3'],
      retained: ['Bought', 'Bought', 'Viewed', 'Bought'],
      consent: false,
      bucketId: 'u-9',
    });
  });

  test('is seen as browsers told of them, over their whole life', () => {
    expect(look('browser')).toEqual({
      ids: ['a-1'],
      traits: { plan: 'mine', theme: 'dark' },
      counts: ['Viewed: 3', 'Bought: 1'],
      retained: ['Viewed', 'Bought'],
      consent: false,
      bucketId: 'u-9',
    });
  });

  test('is seen as a stranger but for what they refused and the shares they were dealt', () => {
    expect(look('stranger')).toEqual({
      ids: ['a-1'],
      traits: {},
      counts: [],
      retained: [],
      consent: false,
      bucketId: 'u-9',
    });
  });
});
