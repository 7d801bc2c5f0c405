import type { Comparison, Condition } from '../src/engine/language/condition-definition.js';
import type { Json } from '../src/engine/language/json.js';
import type { Visitor } from './engine-rules.ts';

/** A rule as a predicate. */
export type Test = (visitor: Visitor) => boolean;

/** How a language says the three things that the rules are made of. */
export interface Language<T> {
  leaf(comparison: Comparison): T;
  all(children: readonly T[]): T;
  any(children: readonly T[]): T;
}

/** A condition in another language. */
export function translate<T>(condition: Condition, language: Language<T>): T {
  if ('all' in condition) return language.all(condition.all.map((child) => translate(child, language)));
  if ('any' in condition) return language.any(condition.any.map((child) => translate(child, language)));
  if ('operator' in condition) return language.leaf(condition);
  throw new Error(`the rules of the benchmark have no ${Object.keys(condition).join()}`);
}

/** JsonLogic. */
export const toLogic: Language<Json> = {
  leaf: ({ fact, operator, value }) => {
    const left = { var: fact };
    if (operator === 'contains') return { in: [value, left] };
    return {
      [pick(operator, { equal: '===', notEqual: '!==', in: 'in', greaterThan: '>', lessThanInclusive: '<=' })]: [
        left,
        value,
      ],
    };
  },
  all: (children) => ({ and: children }),
  any: (children) => ({ or: children }),
};

/** The expression language of zen. */
export const toZen: Language<string> = {
  leaf: ({ fact, operator, value }) => {
    const right = JSON.stringify(value);
    if (operator === 'contains') return `contains(${fact}, ${right})`;
    return (
      `${fact} ` +
      `${pick(operator, { equal: '==', notEqual: '!=', in: 'in', greaterThan: '>', lessThanInclusive: '<=' })} ` +
      `${right}`
    );
  },
  all: (children) => children.join(' and '),
  any: (children) => `(${children.join(' or ')})`,
};

/** Closures. */
export const toTest: Language<Test> = {
  leaf: ({ fact, operator, value }) => {
    const tests: Readonly<Record<string, Test>> = {
      equal: (visitor) => visitor[fact] === value,
      notEqual: (visitor) => visitor[fact] !== value,
      in: (visitor) => (value as readonly unknown[]).includes(visitor[fact]),
      greaterThan: (visitor) => (visitor[fact] as number) > (value as number),
      lessThanInclusive: (visitor) => (visitor[fact] as number) <= (value as number),
      contains: (visitor) => (visitor[fact] as readonly unknown[]).includes(value),
    };
    return pick(operator, tests);
  },
  // Loops over lists of closures take longer than calls written out.
  all: ([a, b, c, d, e, ...more]) => {
    if (!a || more.length > 0) throw new Error('the rules of the benchmark have 2 to 5 comparisons');
    if (!b) return a;
    if (!c) return (visitor) => a(visitor) && b(visitor);
    if (!d) return (visitor) => a(visitor) && b(visitor) && c(visitor);
    if (!e) return (visitor) => a(visitor) && b(visitor) && c(visitor) && d(visitor);
    return (visitor) => a(visitor) && b(visitor) && c(visitor) && d(visitor) && e(visitor);
  },
  any: (children) => (visitor) => children.some((child) => child(visitor)),
};

function pick<T>(operator: string, known: Readonly<Record<string, T>>): T {
  const found = known[operator];
  if (found === undefined) throw new Error(`the rules of the benchmark have no ${operator}`);
  return found;
}
