import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allFormed, formed } from './search-forms.js';

describe('a value as it is compared', () => {
  test.each([
    ['email', ' Ann.Smith+Shop@Example.COM ', 'ann.smith+shop@example.com'],
    ['email', 'ÄNN@example.com', 'änn@example.com'],
    ['email', 'A\u0308nn@example.com', 'änn@example.com'],
    ['email', 'ann', undefined],
    ['email', 'ann@b@c', undefined],
    ['email', 'ann smith@example.com', undefined],
    ['phone', '+44 20 7946 0018', '442079460018'],
    ['phone', '0044 (20) 7946-0018', '442079460018'],
    ['phone', '+44 (0)20 7946 0018', '442079460018'],
    ['phone', '44.20.7946.0018', '442079460018'],
    ['phone', '+44\u00a020\u20117946\u20130018', '442079460018'],
    ['phone', '＋４４２０７９４６００１８', '442079460018'],
    ['phone', 442079460018, '442079460018'],
    // Without the number of a country it is another number: which country, nobody says.
    ['phone', '020 7946 0018', '02079460018'],
    ['phone', '(0)20 7946 0018', '02079460018'],
    ['phone', '+1234', undefined],
    ['phone', '1234567890123456', undefined],
    ['phone', '020 7946 0018 ext. 5', undefined],
    ['phone', '++44 20 7946 0018', undefined],
    ['phone', 4.5e9 + 0.5, undefined],
    ['phone', 1e21, undefined],
    ['phone', -442079460018, undefined],
    ['phone', '000044 20 7946 0018', '442079460018'],
    ['text', ' K-0001 ', 'K-0001'],
    ['text', 'e\u0301', 'é'],
    ['text', 17, '17'],
    ['text', '  ', undefined],
    ['text', '\ud83d', undefined],
    ['text', 'x'.repeat(513), undefined],
    ['text', true, undefined],
    ['text', null, undefined],
    ['text', { text: 'x' }, undefined],
  ] as const)('of the form %s: %j is %j', (form, value, expected) => {
    expect(formed(value, form)).toBe(expected);
  });

  test('is the same when it is read once more, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('email', 'phone', 'text'), (text, form) => {
        const once = formed(text, form);
        if (once !== undefined) expect(formed(once, form)).toBe(once);
      }),
    );
  });

  test('of a list is each of its first ten, once', () => {
    expect(allFormed(['A@b.c', 'a@b.c', 'nobody', 'd@e.f'], 'email')).toEqual(['a@b.c', 'd@e.f']);
    const many = Array.from({ length: 12 }, (_, at) => `n-${at}`);
    expect(allFormed(many, 'text')).toEqual(many.slice(0, 10));
    expect([allFormed(undefined, 'text'), allFormed([['a']], 'text')]).toEqual([[], []]);
  });
});
