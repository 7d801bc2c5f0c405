/** Rules and facts of every shape, well-formed rules over ill-formed facts included, for properties and for long fuzz runs. */
import fc from 'fast-check';
import type { Comparison, Condition, RootCondition } from '../../src/engine/definitions.js';
import { decoratorNames, operatorNames } from '../../src/engine/operators.js';

const FACTS = ['age', 'tags', 'who', 'when', 'missing'] as const;
const SEGMENTS = ['s1', 's2', 's3'] as const;
const PATHS = ['$.a', '$.a.b', '$.list[0]', '$.list[*]', '$.list[0:2]', '$..b', '$.*', "$['odd name']", 'a.b', '$.a.length', '$.list[-1:]'] as const;

const primitive = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(NaN, Infinity, -0, 0.5, 1e21, '', '7', '10', '9', 'abc', 'b', '2026-11-21', ' 8', '5px', true, false, null),
);
const flatList = fc.array(primitive, { maxLength: 4 });
const nested = fc.record({ a: fc.oneof(primitive, fc.record({ b: primitive })), list: flatList, b: primitive, 'odd name': primitive }, { requiredKeys: [] });

/** A fact's value: any JSON, the wrong type as often as the right one. */
export const factValue = fc.oneof(primitive, flatList, nested, fc.array(nested, { maxLength: 2 }));

/** Facts by name; any may be missing. */
export const facts = fc.record(Object.fromEntries(FACTS.slice(0, 4).map((name) => [name, factValue])), { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>;

const reference = fc.record(
  { fact: fc.constantFrom(...FACTS), path: fc.constantFrom(...PATHS) },
  { requiredKeys: ['fact'] },
);

const NEEDS_LIST = /^(not:)*(in|notIn)$|Value:/;
const decorated = fc.tuple(fc.array(fc.constantFrom(...decoratorNames), { maxLength: 2 }), fc.constantFrom(...operatorNames)).map(([decorators, operator]) => [...decorators, operator].join(':'));

/** What a rule check lets through: list operators have lists, and facts in place of lists are left out, as they may not be lists. */
const comparison: fc.Arbitrary<Comparison> = decorated.chain((operator) => {
  const value = /in$|notIn$|Value:/i.test(operator) || NEEDS_LIST.test(operator) ? flatList : fc.oneof({ weight: 4, arbitrary: primitive }, { weight: 1, arbitrary: flatList }, { weight: 1, arbitrary: reference });
  return fc.tuple(reference, value, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })).map(
    ([left, right, priority]) => ({ ...left, operator, value: right, ...(priority !== undefined && { priority }) }),
  );
});

/** A condition tree of every kind of node. */
export const condition = (segments: readonly string[]): fc.Arbitrary<Condition> =>
  fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 5, arbitrary: comparison },
      ...(segments.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...segments).map((name) => ({ condition: name })) }] : []),
      { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 4 }).map((all) => ({ all })) },
      { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 4 }).map((any) => ({ any })) },
      { weight: 1, arbitrary: tie('node').map((not) => ({ not })) },
    ),
  })).node;

const root = (segments: readonly string[]): fc.Arbitrary<RootCondition> =>
  fc.oneof(
    fc.array(condition(segments), { minLength: 1, maxLength: 4 }).map((all) => ({ all })),
    fc.array(condition(segments), { minLength: 1, maxLength: 4 }).map((any) => ({ any })),
    condition(segments).map((not) => ({ not })),
  );

/** Segments without cycles: each may use those before it. */
export const segments = fc
  .tuple(...SEGMENTS.map((_name, index) => root(SEGMENTS.slice(0, index))))
  .map((conditions) => new Map(SEGMENTS.map((name, index) => [name as string, conditions[index] as Condition])));

/** A handful of rules with priorities, over the same facts and segments. */
export const rules = fc.array(fc.record({ conditions: root(SEGMENTS), priority: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 14 }).map((list) => list.map((rule, index) => ({ name: `r${index}`, ...rule })));
