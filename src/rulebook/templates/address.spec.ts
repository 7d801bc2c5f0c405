import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { finishedAddress, insertIntoAddress } from './address.js';

describe('a value in an address', () => {
  test('is itself and nothing else, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const url = new URL(`https://shop.example/?m=${insertIntoAddress(value, 'https://shop.example/?m=')}&x=1`);
        expect([url.host, url.pathname, url.searchParams.get('m'), url.searchParams.get('x'), url.hash]).toEqual([
          'shop.example',
          '/',
          value,
          '1',
          '',
        ]);
      }),
    );
  });

  test.each(['', 'https://shop.example/?m='])('after %j is refused where it has half a surrogate pair', (before) => {
    const value = before === '' ? 'https://a/\ud800' : '\ud800';
    expect(() => insertIntoAddress(value, before)).toThrow('has half a surrogate pair');
  });

  test('never leads to another host, begins a script or leaves its part of the path', () => {
    const nasty = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      ':',
      '@',
      '?',
      '#',
      'javascript',
      '.evil.example',
      '\t',
      'x',
      '%2f',
    );
    fc.assert(
      fc.property(
        fc.array(nasty).map((parts) => parts.join('')),
        (value) => {
          const url = attempt(
            () => `https://shop.example/m/${insertIntoAddress(value, 'https://shop.example/m/')}/end`,
          );
          const parsed = new URL(url ?? 'https://shop.example/m/dropped/end');
          expect([parsed.host, /^\/m\/[^/]*\/end$/.test(parsed.pathname)]).toEqual(['shop.example', true]);
        },
      ),
    );
  });

  test.each([
    ["D'Or", '/?m=', 'D%27Or'],
    ['https://a.example/b c?x=1', '', 'https://a.example/b%20c?x=1'],
    ['/cart?id=1', '', '/cart?id=1'],
    ['//evil.example', '', '%2F%2Fevil.example'],
    ['/\\evil.example', '', '%2F%5Cevil.example'],
    ['javascript:alert(1)', '', 'javascript%3Aalert%281%29'],
    ['de', 'https://', 'de'],
  ])('%s after "%s" becomes %s', (value, before, wanted) => {
    expect(insertIntoAddress(value, before)).toBe(wanted);
  });

  test.each([
    ['.evil.example', 'https://shop.example'],
    ['evil.example', '//'],
    ['..', '/m/'],
  ])('%s after "%s" is refused', (value, before) => {
    expect(() => insertIntoAddress(value, before)).toThrow();
  });

  test('makes no address that runs code with the words of the template', () => {
    expect(() => finishedAddress('java\tscript:alert(1)', '')).toThrow();
    expect(finishedAddress('app:open/x', 'app:open/')).toBe('app:open/x');
    expect(finishedAddress('mailto:a%40b.example', '')).toBe('mailto:a%40b.example');
  });
});

function attempt(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
