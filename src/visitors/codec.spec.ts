import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { history } from '../../test/arbitraries/interactions.js';
import { aliasOf, decode, encode, viewOfBytes, viewOfMemory, type VisitorDocument } from './codec.js';
import { apply, emptyMemory, type MemoryEvent } from './memory.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const KEEP = { keepInteractions: 2, keepDays: 30 };

const base = { userId: 'u-9', anonymousId: undefined, timestamp: NOW };
const events: MemoryEvent[] = [
  ...[1, 2, 3].map((id): MemoryEvent => ({ ...base, kind: 'interaction', messageId: `m${id}`, event: '__proto__', channel: 'web', properties: { text: 'a\nb', id }, arrival: id })),
  { ...base, kind: 'traits', source: 'identify', messageId: 'm4', traits: { name: 'Ada', gone: null, ['__proto__']: 'odd' }, arrival: 4 },
];
const { memory } = apply(emptyMemory('u-9'), events, NOW, KEEP);
const bytes = encode({ kind: 'memory', memory });

describe('a visitor document', () => {
  test('of any history comes back as it went in', () => {
    fc.assert(
      fc.property(history, (list) => {
        const interactions = list.map((one, index) => ({ ...one, arrival: index * 1_000_003 }));
        const document: VisitorDocument = { kind: 'memory', memory: { ...emptyMemory('v'), interactions } };
        expect(decode(encode(document))).toEqual(document);
        expect([...viewOfBytes(encode(document), 'v', 0, { ...KEEP, keepDays: 0 }).interactions()]).toEqual(list);
      }),
    );
  });

  test('with 100 interactions of a shop takes less than 8 KB', () => {
    const interactions = Array.from({ length: 100 }, (_, id) => ({ event: id % 9 ? 'Product Viewed' : 'Product Added', timestamp: NOW + id * 60_000, arrival: (NOW + id * 60_000) * 1_000 + id, channel: 'web', messageId: `ajs-next-${id}-3d6a7c1e-9f1b-4a3e-8f0e`, properties: { sku: `c-${id % 40}`, category: 'pets', price: 10 + (id % 30), session: `session-${id >> 4}` } }));
    expect(encode({ kind: 'memory', memory: { ...emptyMemory('v'), interactions } }).length).toBeLessThan(8 * 1_024);
  });

  test('comes back as it went in', () => {
    expect(decode(bytes)).toEqual({ kind: 'memory', memory });
  });

  test('shows a decision the same from its bytes as from the memory', () => {
    const [fromText, fromMemory] = [viewOfBytes(bytes, 'u-9', NOW, KEEP), viewOfMemory(memory, 'u-9', NOW, KEEP)];
    const told = (view: typeof fromText) => ({ ...view, consents: view.consents('email'), interactions: [...view.interactions()] });
    expect(told(fromText)).toEqual(told(fromMemory));
    expect(fromText.traits).toEqual(Object.fromEntries([['name', 'Ada'], ['__proto__', 'odd']]));
  });

  test('does not show what has grown too old since it was written', () => {
    expect(viewOfBytes(bytes, 'u-9', NOW + 31 * 86_400_000, KEEP).interactions()).toHaveLength(0);
  });

  test('may say that the memory of an id is kept under another', () => {
    const alias = encode({ kind: 'alias', of: 'u-9' });
    expect(aliasOf(alias)).toBe('u-9');
    expect(aliasOf(bytes)).toBeUndefined();
    expect(decode(alias)).toEqual({ kind: 'alias', of: 'u-9' });
  });

  test('is refused when it is cut short or begins otherwise, and never read as something else', () => {
    for (let length = 0; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow(/can't be read/);
    expect(() => decode(Buffer.from('junk'))).toThrow(/can't be read/);
  });
});
