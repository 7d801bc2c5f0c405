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

  test.each([1, 1_000, 130_000])('looks at all of a list of %d items under a name with an escape', (length) => {
    const text = (last: string) => `{"l\\u00efst":[${'{},'.repeat(length - 1)}${last}]}`;
    expect((parseJson(text('{}'), 'body') as Record<string, unknown[]>)['l\u00efst']).toHaveLength(length);
    expect(() => parseJson(text('{"__proto__":1}'), 'body')).toThrow(`"l\u00efst.${length - 1}.__proto__" member`);
  });

  test('leaves events to whoever takes them in, and nothing else', () => {
    const poisoned = '{"batch":[{"__proto__":1}]}';
    expect(parseJson(poisoned, 'body', 'batch')).toEqual({ batch: [JSON.parse('{"__proto__":1}')] });
    expect(() => parseJson(poisoned, 'body', 'events')).toThrow(/"batch.0.__proto__" member/);
    expect(() => parseJson('{"batch":[],"context":{"__proto__":1}}', 'body', 'batch')).toThrow(/"context.__proto__"/);
    expect(() => parseJson('{"batch":{"__proto__":1}}', 'body', 'batch')).toThrow(/"batch.__proto__"/);
  });

  test('says where text stops being JSON', () => {
    expect(() => parseJson('{"a":1,}', 'line')).toThrow(/The line is not JSON: .*position 7/);
  });
});
