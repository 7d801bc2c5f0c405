import { describe, expect, test } from '@jest/globals';
import { digestOf, MIN_KEY_LENGTH, readKeys } from './read-keys.js';

const A = 'a'.repeat(MIN_KEY_LENGTH);
const B = 'b'.repeat(MIN_KEY_LENGTH);
const read = (pairs: string, file?: string) => readKeys({ pairs, file });
const messages = (pairs: string, file?: string) =>
  read(pairs, file).problems.map(({ path, message }) => `${path}: ${message}`);

describe('the keys in the settings', () => {
  test('are pairs apart by commas or spaces, known by their digests alone', () => {
    for (const pairs of [`browser:${A},server:${B}`, ` browser:${A}  server:${B}\n`, `browser:${A}, \tserver:${B},`]) {
      expect(read(pairs)).toEqual({
        keys: [
          { scope: 'browser', digest: digestOf(A) },
          { scope: 'server', digest: digestOf(B) },
        ],
        problems: [],
      });
    }
    expect(JSON.stringify(read(`admin:${A}`))).not.toContain(A);
  });

  test('in a file are one a line, with comments', () => {
    expect(
      read('', `# the pages\r\nbrowser:${A} # since May\r\n\r\n  admin:${B}\n`).keys.map(({ scope }) => scope),
    ).toEqual(['browser', 'admin']);
    expect(read(`server:${A}`, `admin:${B}`).keys.map(({ scope }) => scope)).toEqual(['server', 'admin']);
  });

  test('may be missing altogether, but not in a place that was named for them', () => {
    expect(read('')).toEqual({ keys: [], problems: [] });
    expect(messages(' ,')).toEqual([expect.stringMatching(/^USHER_KEYS: holds no key/)]);
    expect(messages('', '# none yet\n')).toEqual([
      expect.stringMatching(/^USHER_KEYS_FILE: names a file without a key/),
    ]);
  });

  test.each([
    ['a key alone', A, /^USHER_KEYS: pair 1 is no scope:key pair/],
    [
      'an unknown scope',
      `root:${A}`,
      /^USHER_KEYS: pair 1 has a scope that is not known; the scopes are browser, desk, server, author, approver, assistant, admin$/,
    ],
    ['a scope in capitals', `Admin:${A}`, /scope that is not known/],
    ['a name of our own machinery for a scope', `constructor:${A}`, /scope that is not known/],
    ['no key', 'admin:', /has a key of 0 characters; it needs at least 16/],
    ['a short key', 'admin:secret', /has a key of 6 characters; it needs at least 16/],
    ['a long key', `admin:${'x'.repeat(257)}`, /has a key of 257 characters; the limit is 256/],
    ['a key that would end the user name of Basic', `admin:${A}:b`, /characters that can not be sent/],
    ['a key of other letters', `admin:${'é'.repeat(20)}`, /characters that can not be sent/],
    [
      'a key twice',
      `browser:${A} server:${B} admin:${A}`,
      /^USHER_KEYS: pair 3 has the key of pair 1 of USHER_KEYS again/,
    ],
  ])('are refused where there is %s', (_what, pairs, message) => {
    expect(messages(pairs)).toEqual([expect.stringMatching(message)]);
  });

  test('are refused by their place, every bad one at once, and never told', () => {
    const secret = 'hunter2-hunter2-hunter2';
    const told = messages(`browser:${A}, root:${secret} short:key`, `\nadmin:${secret}!\nserver:${A}`);
    expect(told.map((one) => one.split(' has')[0])).toEqual([
      'USHER_KEYS: pair 2',
      'USHER_KEYS: pair 3',
      'USHER_KEYS: pair 3',
      'USHER_KEYS_FILE: line 2',
    ]);
    expect(told.join()).not.toContain(secret);
    expect(messages(`browser:${A}`, `\nserver:${A}`)).toEqual([
      expect.stringMatching(/^USHER_KEYS_FILE: line 2 has the key of pair 1 of USHER_KEYS again/),
    ]);
  });
});
