import { describe, expect, test } from '@jest/globals';
import { parseJson } from './parse-json.js';

describe('parsing JSON from outside', () => {
  test('gives what JSON gives', () => {
    expect(parseJson('{"a":[1,{"constructor":"Ada"}],"b":"__proto__ is only a text"}', 'body')).toEqual({
      a: [1, { constructor: 'Ada' }],
      b: '__proto__ is only a text',
    });
    expect(parseJson('null', 'line')).toBeNull();
  });

  test.each([
    '{"__proto__":1}',
    '{"a":[{"\\u005f_proto__":{}}]}',
    '{"constructor":{"prototype":{}}}',
    '{"\\u0063onstructor":{"prototyp\\u0065":1}}',
  ])('refuses %s', (text) => {
    expect(() => parseJson(text, 'body')).toThrow(/which is not accepted/);
  });

  test('says where text stops being JSON', () => {
    expect(() => parseJson('{"a":1,}', 'line')).toThrow(/The line is not JSON: .*position 7/);
  });
});
