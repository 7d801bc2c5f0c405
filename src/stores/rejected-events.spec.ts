import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aboutAny } from './rejected-events.js';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(',', ':', '","', '\\', '"', '\\"', 'u-1'),
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    texts,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Every text of a value, names too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(textsIn)];
}

describe('whether a refused event names somebody', () => {
  test('is told by every text in it, and by nothing that only lies between two', () => {
    fc.assert(
      fc.property(json, fc.array(texts, { maxLength: 3 }), (value, ids) => {
        const named = textsIn(value).some((text) => ids.includes(text));
        expect(aboutAny(ids)({ about: [], text: JSON.stringify(value) })).toBe(named);
      }),
      { numRuns: 500 },
    );
  });

  test('is told by the ids that it is about, and by the beginning of what was cut', () => {
    const isAbout = aboutAny(['u-1', 'u-2']);
    expect(isAbout({ about: ['u-2'], text: '7' })).toBe(true);
    expect(isAbout({ about: [], text: '{"userId":"u-1","properties":{"text":"x' })).toBe(true);
    expect(isAbout({ about: ['u-3'], text: '{"userId":"u-11","properties":{"text":"u-1' })).toBe(false);
  });
});
