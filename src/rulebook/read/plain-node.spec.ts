import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainJson } from './plain-json.js';
import { readJson, readPlacedJson } from './read-json.js';
import type { SourceNode } from './source-node.js';

/** All that a node says, and those inside it. */
function told(node: SourceNode | undefined): unknown {
  if (!node) return undefined;
  const { offset, value, isObject, isList, text, items, members } = node;
  const named = [...members].map(([name, member]) => [name, member.keyOffset, told(member.node), told(node.get(name))]);
  const listed = items.map((item, at) => [told(item), told(node.get(at)), told(node.nearest([at, 'nowhere']))]);
  const outside = [node.get('length'), node.get('nowhere'), node.get(-1), node.get('constructor')].map(
    (one) => one && [one.offset, one.value],
  );
  return { offset, value, isObject, isList, text, named, listed, outside, none: node.keyOffset('nowhere') };
}

describe('a JSON text that is read without places', () => {
  test('has them when somebody asks, and says what a reading with places says', () => {
    const layout = fc.constantFrom(undefined, 1, '\t', '\r\n ');
    const keys = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'fact', 'a":', '7', '__proto__', 'length'));
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('object')),
      list: fc.array(tie('json'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('json'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(json, layout, (value, indent) => {
        const text = ` ${JSON.stringify(value, null, indent)}`;
        const [found, wanted] = [readJson(text), readPlacedJson(text)];
        expect(told(found.root)).toEqual(told(wanted.root));
        expect(found.problems).toEqual(wanted.problems);
      }),
    );
  });

  const nested = (depth: number) => `${'['.repeat(depth - 1)}0${']'.repeat(depth - 1)}`;

  test.each([
    ['{"a":1,"a":2}'],
    ['{"a":1,"\\u0061" :2}'],
    ['[{"a":{"b":1,\n"b"\t:1}}]'],
    ['{"__proto__":1}'],
    ['{"\\u005f_proto__":1}'],
    ['1e999'],
    ['{"a":157963456373623801}'],
    [nested(65)],
    ['{"a":1,}'],
    ['{"a":1}x'],
    [''],
    ['// no\n{}'],
  ])('is left to the reading with places where it is not in order: %j', (text) => {
    expect(plainJson(text)).toBeUndefined();
    expect(readJson(text)).toEqual(readPlacedJson(text));
    expect(readJson(text).problems.length).toBe(1);
  });

  test.each([['{"a":[1,{"b":"c:d"}]}'], [nested(64)], ['"x"'], ['null'], ['{}']])('is read at once: %s', (text) => {
    expect(plainJson(text)).toEqual(JSON.parse(text));
  });
});
