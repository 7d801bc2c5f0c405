import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { memory as anyMemory } from '../../../test/arbitraries/memories.js';
import { sessionAt } from '../../engine/facts/session-fact.js';
import type { InteractionLog } from '../../engine/visitor/interaction-log.js';
import type { VisitorView } from '../../engine/visitor/visitor.js';
import { CorruptDocument } from '../../errors.js';
import { aliasOf, decode, encode, viewOfBytes, type VisitorDocument } from './codec.js';
import { viewOfMemory } from './memory-view.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { apply, emptyMemory } from '../memory/memory.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const KEEP = { keepInteractions: 2, keepDays: 30 };
const DAY_MS = 86_400_000;

const base = { userId: 'u-9', anonymousId: undefined, timestamp: NOW };
const events: MemoryEvent[] = [
  ...[1, 2, 3].map((id): MemoryEvent => ({
    ...base,
    kind: 'interaction',
    messageId: `m${id}`,
    event: '__proto__',
    channel: 'web',
    properties: { text: 'a\nb', id },
    arrival: id,
  })),
  {
    ...base,
    kind: 'traits',
    source: 'identify',
    messageId: 'm4',
    traits: { name: 'Ada', gone: null, ['__proto__']: 'odd' },
    arrival: 4,
  },
  { ...base, kind: 'consent', messageId: 'm5', purpose: 'email', granted: true, until: NOW + DAY_MS, arrival: 5 },
];
const { memory } = apply(emptyMemory('u-9'), events, NOW, KEEP);
const bytes = encode({ kind: 'memory', memory });

/** All interactions, the latest first. */
function backwards(log: InteractionLog): unknown[] {
  const told: unknown[] = [];
  for (const walk = log.latestFirst(); walk.next();)
    told.push(log.interaction({ event: walk.event, position: walk.position }), walk.timestamp);
  return told;
}

/** Everything a view can be asked. */
function look(view: VisitorView, now: number): unknown {
  const log = view.interactions();
  return {
    told: [view.visitorId, view.ids, view.traits, view.counters, view.consents('email'), view.consents('')],
    interactions: [...log],
    length: log.length,
    backwards: backwards(log),
    windows: log.columns.eventNames.map((_name, event) => log.window(event, now - DAY_MS, now)),
    session: sessionAt(log, now),
    contacts: contactsIn(view),
  };
}

function contactsIn(view: VisitorView): unknown {
  const contacts = view.contacts();
  return [contacts.offers().map((offer) => contacts.of(offer)), contacts.goals('a'), contacts.goals('Page Viewed')];
}

function documentOf(interactions: number, messageId: (id: number) => string): Uint8Array {
  const list = Array.from({ length: interactions }, (_, id) => ({
    event: id % 9 ? 'Product Viewed' : 'Product Added',
    timestamp: NOW + id * 60_000,
    arrival: (NOW + id * 60_000) * 1_000 + id,
    channel: 'web',
    messageId: messageId(id),
    properties: {
      sku: `c-${id % 40}`,
      url: `https://shop.example/pets/${id}`,
      price: 10 + (id % 30) / 4,
      session: `session-${id >> 4}`,
    },
  }));
  return encode({ kind: 'memory', memory: { ...emptyMemory('v'), interactions: list } });
}

const uuid = (id: number) => `3d6a7c1e-9f1b-4a3e-8f0e-${String(id * 7_919).padStart(12, '0')}`;

describe('a visitor document', () => {
  test('of any memory comes back as it went in', () => {
    fc.assert(
      fc.property(anyMemory, (one) => {
        const document: VisitorDocument = { kind: 'memory', memory: one };
        expect(decode(encode(document))).toEqual(document);
      }),
      { numRuns: 500 },
    );
  });

  test('shows a decision the same of any memory from its bytes as from the memory', () => {
    fc.assert(
      fc.property(anyMemory, fc.integer({ min: 0, max: 20_000 }), (one, keepDays) => {
        const [now, keep] = [1_790_000_000_000, { ...KEEP, keepDays }];
        const fromBytes = viewOfBytes(encode({ kind: 'memory', memory: one }), 'v', now, keep);
        expect(look(fromBytes, now)).toEqual(look(viewOfMemory(one, 'v', now, keep), now));
      }),
      { numRuns: 300 },
    );
  });

  test('that was damaged is refused or read as another, and nothing else happens', () => {
    const damage = fc.record({
      cut: fc.nat(),
      flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
    });
    const refused = (read: () => unknown) => {
      try {
        read();
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptDocument);
        return true;
      }
    };
    fc.assert(
      fc.property(anyMemory, damage, (one, { cut, flips }) => {
        const whole = encode({ kind: 'memory', memory: one });
        expect(refused(() => decode(whole.subarray(0, cut % whole.length)))).toBe(true);
        const flipped = Uint8Array.from(whole);
        for (const [at, bits] of flips) flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ bits;
        refused(() => decode(flipped));
        refused(() => aliasOf(flipped));
        refused(() => look(viewOfBytes(flipped, 'v', NOW, KEEP), NOW));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is refused when it is cut short, goes on after its end or begins otherwise', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(/can't be read/);
      expect(() => viewOfBytes(bytes.subarray(0, length), 'v', NOW, KEEP)).toThrow(/can't be read/);
    }
    expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(/goes on after its end/);
    expect(() => decode(Buffer.from('junk'))).toThrow(/begins with 106/);
  });

  test('with a part of a later version is read without it', () => {
    const [kind, parts, ...rest] = bytes;
    const later = Buffer.concat([Buffer.of(kind ?? 0, (parts ?? 0) + 1, 99, 3), Buffer.of(...rest)]);
    const table = tableLength(later);
    const withPart = Buffer.concat([later.subarray(0, table), Buffer.from('new'), later.subarray(table)]);
    // Its checksum, which comes last, is of that part too.
    withPart.writeUInt32LE(crc32(withPart.subarray(table, -4)), withPart.length - 4);
    expect(decode(withPart)).toEqual({ kind: 'memory', memory });
    expect(viewOfBytes(withPart, 'u-9', NOW, KEEP).traits).toEqual(viewOfBytes(bytes, 'u-9', NOW, KEEP).traits);
  });

  test('of a version that took all before a floor in time for known is read without that floor', () => {
    const old = decode(
      Buffer.from(
        'IQcDGAELBSYGAwghCSELBAEABFNlZW4EAAMAgaTj2L9oAIOk49i/aAECAQN1LTkAAwMAAQEHAQADd2ViAwEYBIOk49i/aAAAAAAC' +
          'AAAGAQACbTMC' +
          'AAAAAAABAAABAARTZWVuBAABAQADdS05AwACAIGk49i/aACCpOPYv2gAAJDG2B96QgJgtqMX+zgjQ2toZOkC5TdDAIGk49i/aAEDw5IM',
        'base64',
      ),
    );
    const seen = (messageId: string, timestamp: number): MemoryEvent => ({
      ...{ ...base, kind: 'interaction', messageId, event: 'Seen', channel: 'web', properties: {} },
      ...{ timestamp, arrival: NOW * 1_000 },
    });
    const told = [
      seen('m1', NOW + 1),
      seen('m2', NOW + 2),
      seen('m3', NOW + 3),
      seen('before the floor', NOW - DAY_MS),
    ];
    if (old.kind !== 'memory') throw new Error('it is a memory');
    expect([...apply(old.memory, told, NOW, KEEP).duplicates]).toEqual([0, 1, 2]);
  });

  test('with 100 interactions of a shop takes less than 4 KB, with ids of a browser library less than 5 KB', () => {
    expect(documentOf(100, uuid).length).toBeLessThan(4 * 1_024);
    expect(documentOf(100, (id) => `ajs-next-${NOW + id * 60_000}-${uuid(id)}`).length).toBeLessThan(5 * 1_024);
  });

  test('does not show what has grown too old since it was written', () => {
    expect(viewOfBytes(bytes, 'u-9', NOW, KEEP).interactions()).toHaveLength(2);
    expect(viewOfBytes(bytes, 'u-9', NOW + 31 * DAY_MS, KEEP).interactions()).toHaveLength(0);
  });

  test('may say that the memory of an id is kept under another', () => {
    const alias = encode({ kind: 'alias', of: 'u-9' });
    expect(aliasOf(alias)).toBe('u-9');
    expect(aliasOf(bytes)).toBeUndefined();
    expect(decode(alias)).toEqual({ kind: 'alias', of: 'u-9' });
  });
});

/** How many bytes come before the contents of a document. */
function tableLength(document: Uint8Array): number {
  let at = 2;
  for (let numbers = 2 * (document[1] ?? 0); numbers > 0; at++) if ((document[at] ?? 0) < 128) numbers--;
  return at;
}
