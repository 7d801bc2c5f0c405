import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactJson, readExactly } from './exact-json.js';
import { parseJson } from './parse-json.js';
import { nameIn, readName } from './read-name.js';

describe('a name', () => {
  test.each([
    ['Product Viewed', 'Product Viewed'],
    [' Product  Viewed\t', 'Product  Viewed'],
    ['\uFEFFplan\u200B', 'plan'],
    ['Gro\u0308\u00DFe', 'Gr\u00F6\u00DFe'],
    ['__proto__', '__proto__'],
    ['a\u0000b', 'a\u0000b'],
    [' \u00A0 ', ''],
  ])('%j is kept as %j', (said, kept) => {
    expect(readName(said)).toBe(kept);
    expect(nameIn(said)).toBe(kept === '' ? undefined : kept);
  });

  test('is the same however often it is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (said) => readName(readName(said)) === readName(said)));
  });

  test.each([7, null, undefined, {}])('is nothing but a text, not %j', (said) => {
    expect(nameIn(said)).toBeUndefined();
  });
});

describe('the names of a body', () => {
  test.each<[string, unknown]>([
    ['{" plan ":1,"a":{"x\\t":[{"\\u00a0y":2}]}}', { plan: 1, a: { x: [{ y: 2 }] } }],
    ['{"Gro\u0308\u00DFe":" Mu\u0308ller "}', { Größe: ' Mu\u0308ller ' }],
    ['{"Gro\\u0308\u00DFe":1}', { Größe: 1 }],
    ['{"Gro\\u0308sse":1}', { Grösse: 1 }],
    ['{"\\u00f6":1,"b c":2}', { ö: 1, 'b c': 2 }],
    ['{" a":157963456373623801}', { a: exactJson('157963456373623801') }],
    ['{"":1}', { '': 1 }],
  ])('are read so, and values stay what they are: %s', (text, value) => {
    expect(parseJson(text, 'body')).toEqual(value);
  });

  test.each([
    ['{"plan":1,"plan ":2}', 'plan'],
    ['{"a":[{"Gro\u0308\u00DFe":1,"Gr\u00F6\u00DFe":2}]}', 'a.0.Größe'],
    ['{"":1," ":2}', ''],
  ])('that are one are refused, as one would be lost: %s', (text, path) => {
    expect(() => parseJson(text, 'line')).toThrow(expect.objectContaining({ problems: [{ path, message: ONCE }] }));
    expect(readExactly(text).repeats).toBe(false);
  });

  test('are those that are read one by one, wherever they stand and however they are written', () => {
    const name = fc.string({ unit: fc.constantFrom('a', ' ', '\t', 'u\u0308', '\u00E9', '\u200B', ':', '"', '\\') });
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.integer(), name, tie('object'), fc.array(tie('value'), { maxLength: 2 })),
      object: fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    })).value;
    fc.assert(
      fc.property(value, fc.boolean(), (said, escaped) => {
        const plain = JSON.stringify(said);
        const text = escaped ? plain.replaceAll(/[\u0080-\uffff]/g, escape) : plain;
        const { value: read, repeats } = readExactly(text, readName);
        const expected = renamed(said);
        if (repeats) expect(expected).toBeUndefined();
        else expect(read).toEqual(expected);
      }),
    );
  });
});

const ONCE = expect.stringContaining('more than once');

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Undefined where two names of an object are one. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(renamed);
    return items.includes(undefined) ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [readName(name), renamed(inner)] as const);
  const isLost =
    entries.some(([, inner]) => inner === undefined) || new Set(entries.map(([name]) => name)).size < entries.length;
  return isLost ? undefined : Object.fromEntries(entries);
}
