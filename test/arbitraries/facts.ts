/**
 * What facts are called and what they may turn out to be: any JSON, the wrong type as often as the right one, and
 * worse.
 */
import fc from 'fast-check';
import type { JsonObject } from '../../src/engine/language/json.js';
import { codePoint } from './code-point.ts';

/** Names that every object seems to have. */
export const oddKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;

/** The name of a fact. There never is a fact `missing`. */
export const factName: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('age', 'tags', 'who', 'when', 'missing') },
  { weight: 1, arbitrary: fc.constantFrom(...oddKeys, 'odd name', '0') },
);

/** Params of a fact: {@link readFact} computes another value for each. */
export const params: fc.Arbitrary<JsonObject> = fc.constantFrom(
  {},
  { pick: 'a' },
  { pick: 'b', of: [1] },
  { of: [1], pick: 'b' },
  { pick: 'list' },
  { pick: '__proto__' },
);

/** A fact of some facts as a dynamic one: what `pick` names in it, where it names anything. */
export function readFact(
  facts: Readonly<Record<string, unknown>>,
  name: string,
  { pick }: Readonly<Record<string, unknown>> = {},
): unknown {
  const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
  const inside = typeof value === 'object' && value !== null && typeof pick === 'string' && Object.hasOwn(value, pick);
  return inside ? (value as Record<string, unknown>)[pick] : value;
}

/** Numbers at the edges. */
export const oddNumber = fc.constantFrom(
  NaN,
  Infinity,
  -Infinity,
  -0,
  0.5,
  0.1 + 0.2,
  1e21,
  -1e308,
  5e-324,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
);

/** Texts that look like something else, and texts that look like nothing. */
export const oddText = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    '-0',
    '07',
    '.5',
    '1,5',
    '\u0000',
    '\ud800',
    '🐈',
    'null',
    'undefined',
    'true',
    '[object Object]',
  ),
  fc.constantFrom('2026-11-21T10:00:00Z', '2026-11-21T10:00:00+01:00', '2025-02-29', '21/11/2026'),
  fc.string({ maxLength: 6, unit: codePoint }),
);

const primitive = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 12 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('', '7', '10', '9', 'abc', 'b', '2026-11-21', ' 8', '5px', true, false, null),
  },
  { weight: 1, arbitrary: oddNumber },
  { weight: 1, arbitrary: oddText },
);
const flatList = fc.array(primitive, { maxLength: 4 });
const nested = fc.record(
  {
    a: fc.oneof(primitive, fc.record({ b: primitive }, { noNullPrototype: true }), flatList),
    list: flatList,
    b: primitive,
    'odd name': primitive,
  },
  { requiredKeys: [], noNullPrototype: true },
);
/** Parsed JSON may have any key of its own, such as `__proto__`. */
const odd = fc
  .tuple(fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'length', '0'), primitive)
  .map(([key, value]) => Object.fromEntries([[key, value]]));
/** Not JSON, but whoever calls with plain objects may have them. */
const foreign = fc.constantFrom<unknown>(
  undefined,
  new Date(0),
  new Date(NaN),
  5n,
  Object('7'),
  Object(5),
  { toString: 'no function' },
  Object.create(null),
);

/** A fact's value. */
export const factValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 16, arbitrary: primitive },
  { weight: 8, arbitrary: flatList },
  { weight: 8, arbitrary: nested },
  { weight: 4, arbitrary: fc.array(fc.oneof(nested, flatList), { maxLength: 2 }) },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: foreign },
);
