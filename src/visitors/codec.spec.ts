import { describe, expect, test } from '@jest/globals';
import { aliasOf, decode, encode, viewOfMemory, viewOfText } from './codec.js';
import { apply, emptyMemory, type MemoryEvent } from './memory.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const KEEP = { keepInteractions: 2, keepDays: 30 };

const base = { userId: 'u-9', anonymousId: undefined, timestamp: NOW };
const events: MemoryEvent[] = [
  ...[1, 2, 3].map((id): MemoryEvent => ({ ...base, kind: 'interaction', messageId: `m${id}`, event: '__proto__', channel: 'web', properties: { text: 'a\nb', id }, arrival: id })),
  { ...base, kind: 'traits', messageId: 'm4', traits: { name: 'Ada', gone: null, ['__proto__']: 'odd' }, arrival: 4 },
];
const { memory } = apply(emptyMemory('u-9'), events, NOW, KEEP);
const text = encode({ kind: 'memory', memory });

describe('a visitor document', () => {
  test('comes back as it went in', () => {
    expect(decode(text)).toEqual({ kind: 'memory', memory });
  });

  test('shows a decision the same from its text as from the memory', () => {
    const [fromText, fromMemory] = [viewOfText(text, 'u-9', NOW, KEEP), viewOfMemory(memory, 'u-9', NOW, KEEP)];
    expect({ ...fromText, interactions: fromText.interactions() }).toEqual({ ...fromMemory, interactions: fromMemory.interactions() });
    expect(fromText.traits).toEqual(Object.fromEntries([['name', 'Ada'], ['__proto__', 'odd']]));
  });

  test('does not show what has grown too old since it was written', () => {
    expect(viewOfText(text, 'u-9', NOW + 31 * 86_400_000, KEEP).interactions()).toEqual([]);
  });

  test('may say that the memory of an id is kept under another', () => {
    const alias = encode({ kind: 'alias', of: 'u-9' });
    expect(aliasOf(alias)).toBe('u-9');
    expect(aliasOf(text)).toBeUndefined();
    expect(decode(alias)).toEqual({ kind: 'alias', of: 'u-9' });
  });

  test.each(['', 'junk', '{"v":99}', '{"v":1}\n[1,'])('is refused when it is %j', (broken) => {
    expect(() => decode(broken)).toThrow(/can't be read/);
  });
});
