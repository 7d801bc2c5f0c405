import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RepeatedName } from '../engine/language/repeated-name.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import { exactJson } from './exact-json.js';
import { heldNumber } from './held-number.js';

describe('JSON from outside', () => {
  test.each([
    ['{"a":157963456373623801}', { a: new WrittenNumber('157963456373623801') }],
    ['[1, -157963456373623801 ]', [1, new WrittenNumber('-157963456373623801')]],
    ['{"a":{"b":[0.1234567890123456789,0.1]}}', { a: { b: [new WrittenNumber('0.1234567890123456789'), 0.1] } }],
    ['1e999', new WrittenNumber('1e999')],
    ['[1E2,-0,1569931200000000]', [100, 0, 1569931200000000]],
    ['{"a":"157963456373623801"}', { a: '157963456373623801' }],
    ['{"a":157963456373623801,"a":2}', { a: new RepeatedName(['157963456373623801', '2']) }],
  ])('%s keeps every digit', (text, value) => {
    expect(exactJson(text)).toEqual(value);
  });

  test('is written again as it was', () => {
    const text = '{"a":157963456373623801,"b":[0.1234567890123456789,1e999,{"c":1}]}';
    expect(JSON.stringify(exactJson(text))).toBe(text);
  });

  test('keeps members that a prototype has, to be refused by whoever looks for them', () => {
    const value = exactJson('{"n":157963456373623801,"__proto__":{"x":1}}') as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
  });

  test.each([
    [String.raw`{"a":[],"\\":0}`, String.raw`{"a":1,"\"":2}`, '"'],
    [String.raw`{"b":[],"caf\\":0}`, String.raw`{"b":1,"caf\u00e9":2}`, 'café'],
    [String.raw`{"c":[],"x\\ny":0}`, String.raw`{"c":1,"x\nyz":2}`, 'x\nyz'],
  ])('has the names that are written, also after %s', (before, text, name) => {
    JSON.parse(before);
    for (const nameOf of [undefined, (one: string) => one])
      expect(Object.keys(exactJson(text, nameOf) as object)[1]).toBe(name);
  });

  test('is what JSON.parse makes of it, wherever that loses nothing', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(exactJson(text)).toEqual(JSON.parse(text, (_name, value: unknown) => (value === 0 ? 0 : value)));
      }),
    );
  });

  test('loses no whole number of any size, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom('', ' ', '\n', '\t'), (whole, blank) => {
        const read = exactJson(`{"a":[1,${blank}${whole}]}`) as { a: unknown[] };
        const [, found] = read.a;
        if (found instanceof WrittenNumber) expect(found.source).toBe(String(whole));
        else expect(found).toBe(heldNumber(String(whole)));
      }),
    );
  });
});
