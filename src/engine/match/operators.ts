/** Compares a fact's value with a condition's value. Never throws, whatever it is given. */
export type Operator = (fact: unknown, value: unknown) => boolean;

/**
 * The operators of json-rules-engine 7, to the letter: `equal` is `===`, `in` is `value.indexOf(fact)` (so a string
 * means substring, and NaN is never found), `contains` wants an array fact, numeric operators let through what
 * `parseFloat` can read and then compare as JavaScript does.
 */
const OPERATORS: Readonly<Record<string, Operator>> = {
  equal: (fact, value) => fact === value,
  notEqual: (fact, value) => fact !== value,
  in: isIn,
  notIn: (fact, value) => !isIn(fact, value),
  contains: (fact, value) => Array.isArray(fact) && fact.indexOf(value) > -1,
  doesNotContain: (fact, value) => Array.isArray(fact) && fact.indexOf(value) === -1,
  lessThan: numeric((fact, value) => fact < value),
  lessThanInclusive: numeric((fact, value) => fact <= value),
  greaterThan: numeric((fact, value) => fact > value),
  greaterThanInclusive: numeric((fact, value) => fact >= value),
};

/** The decorators of json-rules-engine 7. Lists that are not lists make them false instead of throwing. */
const DECORATORS: Readonly<Record<string, (next: Operator) => Operator>> = {
  someFact: (next) => (fact, value) => Array.isArray(fact) && fact.some((one) => next(one, value)),
  someValue: (next) => (fact, value) => Array.isArray(value) && value.some((one) => next(fact, one)),
  everyFact: (next) => (fact, value) => Array.isArray(fact) && fact.every((one) => next(one, value)),
  everyValue: (next) => (fact, value) => Array.isArray(value) && value.every((one) => next(fact, one)),
  swap: (next) => (fact, value) => next(value, fact),
  not: (next) => (fact, value) => !next(fact, value),
};

/** Every operator's name, as rule files write it. */
export const operatorNames: readonly string[] = Object.keys(OPERATORS);

/** Every decorator's name, as it stands before the colon. */
export const decoratorNames: readonly string[] = Object.keys(DECORATORS);

/**
 * The operator of that name with its decorators applied, such as `someFact:greaterThan`; undefined when the name is
 * not known. Operators of `custom` come before the built-in ones.
 */
export function compileOperator(name: string, custom: Readonly<Record<string, Operator>> = {}): Operator | undefined {
  const known = own(custom, name) ?? own(OPERATORS, name);
  if (known) return known;
  const colon = name.indexOf(':');
  if (colon <= 0) return undefined;
  const decorate = own(DECORATORS, name.slice(0, colon));
  const next = decorate && compileOperator(name.slice(colon + 1), custom);
  return next && decorate(next);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function isIn(fact: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.indexOf(fact) > -1;
  if (typeof value === 'string' && typeof fact === 'string') return value.includes(fact);
  // The library asks whatever has an `indexOf`: boxed texts and typed arrays too. What has none makes it throw.
  return guarded(() => (value as { indexOf(one: unknown): number }).indexOf(fact) > -1);
}

function numeric(compare: (fact: never, value: never) => boolean): Operator {
  return (fact, value) => {
    const plain = typeof fact === 'number' || typeof fact === 'string';
    if (plain && (typeof value === 'number' || typeof value === 'string')) {
      return !Number.isNaN(Number.parseFloat(fact as string)) && compare(fact as never, value as never);
    }
    return guarded(() => !Number.isNaN(Number.parseFloat(fact as string)) && compare(fact as never, value as never));
  };
}

/** Objects whose `toString` is data make JavaScript throw where it coerces; a visitor may send such objects. */
function guarded(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
