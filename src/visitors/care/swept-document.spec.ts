import { expect, test } from '@jest/globals';
import { decode, encode } from '../documents/codec.js';
import { emptyMemory, type Memory } from '../memory/memory.js';
import { sweptDocument } from './swept-document.js';

const NOW = Date.UTC(2026, 10, 21);
const RETENTION = { keepInteractions: 500, keepDays: 90 };
const longAgo = {
  event: 'Product Viewed',
  timestamp: NOW - 100 * 86_400_000,
  arrival: 1,
  channel: 'web',
  properties: {},
  messageId: 'm-1',
};
const memory: Memory = { ...emptyMemory('u'), userIds: ['u'], interactions: [longAgo] };

test('what is too old goes, and stays in the counters', () => {
  const swept = sweptDocument(encode({ kind: 'memory', memory }), NOW, RETENTION);
  expect(swept && decode(swept)).toMatchObject({
    memory: { interactions: [], evicted: { 'Product Viewed': { counts: { u: 1 } } } },
  });
});

test('what is all retained is left as it is', () => {
  expect(sweptDocument(encode({ kind: 'memory', memory }), NOW, { ...RETENTION, keepDays: 0 })).toBeUndefined();
});

test('a memory on its way into another lets go of nothing by itself', () => {
  expect(
    sweptDocument(encode({ kind: 'memory', memory: { ...memory, joining: 'v' } }), NOW, RETENTION),
  ).toBeUndefined();
});

test('contacts go when they are 400 days old, whatever else is retained', () => {
  const at = NOW - 400 * 86_400_000;
  const contacts = { contacts: [{ event: 'shown' as const, offer: 'a', at, ref: 1 }], goals: [] };
  const document = encode({ kind: 'memory', memory: { ...emptyMemory('u'), userIds: ['u'], contacts } });
  expect(sweptDocument(document, NOW, RETENTION)).toBeUndefined();
  const swept = sweptDocument(document, NOW + 1, RETENTION);
  expect(swept && decode(swept)).toEqual({ kind: 'memory', memory: { ...emptyMemory('u'), userIds: ['u'] } });
});
