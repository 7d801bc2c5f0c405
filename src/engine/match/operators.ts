/**
 * The operators that rules may write, and the decorators before them: those of json-rules-engine 7, to the letter, and
 * Usher's own. Each is declared here, once; whatever else needs to know of one reads its declaration.
 */
import type { FactReference } from '../language/condition-definition.js';
import type { Json } from '../language/json.js';
import { folded } from '../values/folded.js';
import { compareVersions, isVersion } from '../values/version.js';
import type { CustomOperator, DecoratorDeclaration, Operator, OperatorDeclaration } from './operator-declaration.js';
import { ownOperators } from './own-operators.js';

const EQUAL = 'equal';
const AMONG = 'in';
const CONTAINS = 'contains';

/**
 * `equal` is `===`, `in` is `value.indexOf(fact)` (so a string means substring, and NaN is never found), `contains`
 * wants an array fact, numeric operators let through what `parseFloat` can read and then compare as JavaScript does.
 */
const LIBRARY: readonly OperatorDeclaration[] = [
  {
    name: EQUAL,
    compare: (fact, value) => fact === value,
    meaning: { asks: 'sameness' },
    takes: 'anything',
    likelihood: 0.1,
    words: { is: 'is', isNot: 'is not', been: 'been', notBeen: 'not been' },
    hint: 'is exactly the value: "7" is not 7',
  },
  {
    name: 'notEqual',
    compare: (fact, value) => fact !== value,
    meaning: { asks: 'opposite', of: EQUAL },
    takes: 'anything',
    likelihood: 0.9,
    words: { is: 'is not', isNot: 'is', been: 'not been', notBeen: 'been' },
    hint: 'is not the value; also when nothing is known',
  },
  {
    name: AMONG,
    compare: isIn,
    meaning: { asks: 'membership' },
    takes: 'list',
    likelihood: 0.25,
    words: { is: 'is one of', isNot: 'is not one of', been: 'been one of', notBeen: 'not been one of' },
    hint: 'is one of the values',
  },
  {
    name: 'notIn',
    compare: (fact, value) => !isIn(fact, value),
    meaning: { asks: 'opposite', of: AMONG },
    takes: 'list',
    likelihood: 0.75,
    words: { is: 'is none of', isNot: 'is one of', been: 'been none of', notBeen: 'been one of' },
    hint: 'is none of the values; also when nothing is known',
  },
  {
    name: CONTAINS,
    compare: (fact, value) => Array.isArray(fact) && fact.indexOf(value) > -1,
    meaning: { asks: 'element' },
    takes: 'anything',
    likelihood: 0.2,
    words: { is: 'contains', isNot: 'does not contain', been: 'contained', notBeen: 'not contained' },
    hint: 'is a list with the value in it',
  },
  {
    name: 'doesNotContain',
    compare: (fact, value) => Array.isArray(fact) && fact.indexOf(value) === -1,
    meaning: { asks: 'opposite', of: CONTAINS, ofLists: true },
    takes: 'anything',
    likelihood: 0.8,
    words: {
      is: 'does not contain',
      isNot: 'is not a list without',
      been: 'been a list without',
      notBeen: 'not been a list without',
    },
    hint: 'is a list without the value; false when nothing is known',
  },
  {
    name: 'lessThan',
    compare: numeric((fact, value) => fact < value),
    meaning: { asks: 'bound', side: 'below', inclusive: false },
    takes: 'number',
    words: { is: 'is less than', isNot: 'is not less than', been: 'been less than', notBeen: 'not been less than' },
    hint: 'is less than the value, or earlier',
  },
  {
    name: 'lessThanInclusive',
    compare: numeric((fact, value) => fact <= value),
    meaning: { asks: 'bound', side: 'below', inclusive: true },
    takes: 'number',
    words: { is: 'is at most', isNot: 'is not at most', been: 'been at most', notBeen: 'not been at most' },
    hint: 'is at most the value',
  },
  {
    name: 'greaterThan',
    compare: numeric((fact, value) => fact > value),
    meaning: { asks: 'bound', side: 'above', inclusive: false },
    takes: 'number',
    words: { is: 'is more than', isNot: 'is not more than', been: 'been more than', notBeen: 'not been more than' },
    hint: 'is more than the value, or later',
  },
  {
    name: 'greaterThanInclusive',
    compare: numeric((fact, value) => fact >= value),
    meaning: { asks: 'bound', side: 'above', inclusive: true },
    takes: 'number',
    words: { is: 'is at least', isNot: 'is not at least', been: 'been at least', notBeen: 'not been at least' },
    hint: 'is at least the value',
  },
];

const DECLARED: readonly OperatorDeclaration[] = [...LIBRARY, ...ownOperators];

/** Lists that are not lists make a decorator false instead of throwing. */
const DECORATORS: readonly DecoratorDeclaration[] = [
  {
    name: 'someFact',
    decorate: (next) => (fact, value) => Array.isArray(fact) && fact.some((one) => next(one, value)),
    does: { of: 'fact', which: 'some' },
  },
  {
    name: 'someValue',
    decorate: (next) => (fact, value) => Array.isArray(value) && value.some((one) => next(fact, one)),
    does: { of: 'value', which: 'some' },
  },
  {
    name: 'everyFact',
    decorate: (next) => (fact, value) => Array.isArray(fact) && fact.every((one) => next(one, value)),
    does: { of: 'fact', which: 'every' },
  },
  {
    name: 'everyValue',
    decorate: (next) => (fact, value) => Array.isArray(value) && value.every((one) => next(fact, one)),
    does: { of: 'value', which: 'every' },
  },
  {
    name: 'swap',
    decorate: (next) => (fact, value) => next(value, fact),
    does: 'exchange',
    fits: ({ takes }) => takes !== 'time',
  },
  { name: 'not', decorate: (next) => (fact, value) => !next(fact, value), does: 'negate' },
  {
    name: 'semver',
    decorate: (next) => (fact, value) => {
      const order = compareVersions(fact, value);
      return order !== undefined && next(order, 0);
    },
    does: 'order',
    reads: { what: 'version', can: isVersion },
    fits: ({ takes, meaning }, isNext) => isNext && (takes === 'number' || isSameness(meaning)),
  },
  {
    name: 'ignoreCase',
    decorate: (next) => (fact, value) => next(folded(fact), folded(value)),
    does: 'fold',
    fits: ({ takes }) => takes !== 'number' && takes !== 'time',
  },
];

const BY_NAME: ReadonlyMap<string, OperatorDeclaration> = new Map(DECLARED.map((one) => [one.name, one]));
const DECORATORS_BY_NAME: ReadonlyMap<string, DecoratorDeclaration> = new Map(DECORATORS.map((one) => [one.name, one]));

/** Every operator. */
export const operators: readonly OperatorDeclaration[] = DECLARED;

/** Every decorator. */
export const decorators: readonly DecoratorDeclaration[] = DECORATORS;

/** Every operator's name, as rule files write it. */
export const operatorNames: readonly string[] = [...BY_NAME.keys()];

/** Every decorator's name, as it stands before the colon. */
export const decoratorNames: readonly string[] = [...DECORATORS_BY_NAME.keys()];

/** The operator of that name, without decorators; undefined when there is none. */
export function findOperator(name: string): OperatorDeclaration | undefined {
  return BY_NAME.get(name);
}

/** The decorator of that name; undefined when there is none. */
export function findDecorator(name: string): DecoratorDeclaration | undefined {
  return DECORATORS_BY_NAME.get(name);
}

/** The name of the operator that asks this. */
export function operatorThatAsks(what: 'sameness' | 'membership' | 'element'): string {
  return { sameness: EQUAL, membership: AMONG, element: CONTAINS }[what];
}

/** Whether an operator looks for one value in a list, or for its absence. */
export function asksForElement(name: string): boolean {
  const meaning = findOperator(name)?.meaning;
  const asked = meaning?.asks === 'opposite' ? findOperator(meaning.of)?.meaning : meaning;
  return asked?.asks === 'element';
}

/**
 * The operator of that name with its decorators applied, such as `someFact:greaterThan`; undefined when the name is
 * not known. Operators of `custom` come before the built-in ones.
 */
export function compileOperator(
  name: string,
  custom: Readonly<Record<string, CustomOperator>> = {},
): Operator | undefined {
  const own = Object.hasOwn(custom, name) ? custom[name] : undefined;
  const known = own ? answering(name, own) : findOperator(name)?.compare;
  if (known) return known;
  const colon = name.indexOf(':');
  if (colon <= 0) return undefined;
  const decorator = findDecorator(name.slice(0, colon));
  const inner = name.slice(colon + 1);
  const next = decorator && fits(decorator, inner) && compileOperator(inner, custom);
  return next ? decorator.decorate(next) : undefined;
}

/** Whether a decorator goes with the operator behind it, which may have decorators of its own. */
function fits(decorator: DecoratorDeclaration, inner: string): boolean {
  const base = findOperator(inner.slice(inner.lastIndexOf(':') + 1));
  return !base || (decorator.fits?.(base, base.name === inner) ?? true);
}

/** The fact whose value is compared in place of the one that is written; undefined where that is compared as it is. */
export function reckonedValue(
  operator: string,
  value: Json,
  custom: Readonly<Record<string, CustomOperator>> = {},
): FactReference | undefined {
  const base = findOperator(operator.slice(operator.lastIndexOf(':') + 1));
  if (base?.reckonedBy === undefined || isCustom(operator, custom)) return undefined;
  return { fact: base.reckonedBy, params: { operator: base.name, value } };
}

/** Whether an operator of that name, with its decorators, is one of `custom`. */
export function isCustom(name: string, custom: Readonly<Record<string, CustomOperator>>): boolean {
  if (Object.hasOwn(custom, name)) return true;
  const colon = name.indexOf(':');
  return colon > 0 && isCustom(name.slice(colon + 1), custom);
}

/** Whatever is returned counts once, as in an `if`: a number must not be added to what is remembered of an answer. */
function answering(name: string, operator: CustomOperator): Operator {
  return (fact, value) => {
    const answer = operator(fact, value);
    if (typeof answer === 'boolean') return answer;
    // It would always count as true, whatever it comes to later.
    if (isPromise(answer)) throw new LateAnswer(name);
    return Boolean(answer);
  };
}

/** A mistake of whoever wrote the operator, like the errors that it may throw itself. */
class LateAnswer extends Error {
  override readonly name = 'LateAnswer';

  constructor(operator: string) {
    super(`The operator "${operator}" returned a promise; operators must return their answer at once`);
  }
}

function isPromise(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function';
}

function isSameness(meaning: OperatorDeclaration['meaning']): boolean {
  return meaning?.asks === 'sameness' || (meaning?.asks === 'opposite' && meaning.of === EQUAL);
}

function isIn(fact: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.indexOf(fact) > -1;
  if (typeof value === 'string' && typeof fact === 'string') return value.includes(fact);
  return guarded(isInOther, fact, value);
}

/** The library asks whatever has an `indexOf`: boxed texts and typed arrays too. What has none makes it throw. */
const isInOther: Operator = (fact, value) => (value as { indexOf(one: unknown): number }).indexOf(fact) > -1;

function numeric(compare: (fact: never, value: never) => boolean): Operator {
  const asked: Operator = (fact, value) =>
    !Number.isNaN(Number.parseFloat(fact as string)) && compare(fact as never, value as never);
  return (fact, value) => {
    if (fact === undefined || fact === null) return false;
    return isPlain(fact) && isPlain(value) ? asked(fact, value) : guarded(asked, fact, value);
  };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

/** Objects whose `toString` is data make JavaScript throw where it coerces; a visitor may send such objects. */
function guarded(compare: Operator, fact: unknown, value: unknown): boolean {
  try {
    return compare(fact, value);
  } catch {
    return false;
  }
}
