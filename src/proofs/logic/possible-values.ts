import { ANYTHING, type Domain } from './domain.js';
import { Atoms, IS_LIST } from './atoms.js';
import type { Json } from '../../engine/language/json.js';
import type { Meaning } from '../../engine/match/operator-declaration.js';
import { findDecorator, operatorThatAsks } from '../../engine/match/operators.js';
import { momentOf } from '../../engine/values/moment.js';
import { conjuncts, type Atom, type Literal } from './formula.js';
import {
  ALL_NUMBERS,
  complement,
  intersection,
  numbersBeside,
  NO_NUMBER,
  points,
  wholeNumbers,
  type NumberSet,
} from './number-set.js';
import { ALL_TEXTS, commonTexts, holdsText, mayHoldText, textsBeside } from './text-range.js';
import { asksForMoment, asksForText, contradictInOrder } from './orders.js';
import { elementTerm } from './term.js';

/**
 * Whether one value may satisfy all of these literals, which are about one term. False is certain: what the operators
 * do is modelled exactly or left out. Type by type, as each operator does something else with each.
 */
export function mayHaveValue(domain: Domain, literals: readonly Literal[]): boolean {
  if (contradictInOrder(literals)) return false;
  return (
    constantsOf(domain).some((value) => satisfies(value, literals)) ||
    numbersFor(domain, literals).length > 0 ||
    mayBeText(domain, literals) ||
    (domain.lists && mayBeList(literals)) ||
    (domain.objects && mayBeObject(literals))
  );
}

/**
 * Whether a value satisfies all of these literals: asked of the operators themselves. What hangs on the time of the
 * decision may come out either way, of what it can be asked.
 */
export function satisfies(value: unknown, literals: readonly Literal[]): boolean {
  return literals.every(({ atom, negated }) =>
    atom.hangsOnTime && mayBeDates(value) ? true : atom.test(value, atom.value) !== negated,
  );
}

/** A decorator may go through a list. */
function mayBeDates(value: unknown): boolean {
  return Array.isArray(value) || momentOf(value, 'UTC') !== undefined;
}

/** The numbers that may satisfy all of these literals. */
export function numbersFor({ numbers, isWhole }: Domain, literals: readonly Literal[]): NumberSet {
  let left = numbers;
  for (const literal of literals) {
    if (left.length === 0) return left;
    const holding = numbersHolding(literal);
    if (holding) left = intersection(left, literal.negated ? complement(holding) : holding);
  }
  return isWhole ? wholeNumbers(left) : left;
}

function constantsOf({ missing, nothing, booleans }: Domain): unknown[] {
  return [...(missing ? [undefined] : []), ...(nothing ? [null] : []), ...(booleans ? [true, false] : [])];
}

/** The numbers for which an atom holds; undefined where that is not known. */
function numbersHolding({ atom }: Literal): NumberSet | undefined {
  const { meaning, value, asksForList } = atom;
  if (asks(atom, 'sameness')) return typeof value === 'number' ? points([value]) : NO_NUMBER;
  if (asks(atom, 'membership'))
    return Array.isArray(value) ? points(value.filter((one) => typeof one === 'number')) : undefined;
  if (asksForList || asksForText(atom)) return NO_NUMBER;
  const isRead = typeof value === 'number' || typeof value === 'string';
  return isRead && meaning?.asks === 'bound' ? numbersBeside(meaning, Number(value)) : undefined;
}

function asks({ meaning }: Atom, what: Meaning['asks']): boolean {
  return meaning?.asks === what;
}

/** Whether it holds only for what is equal to something that it names. */
function names(atom: Atom): boolean {
  return asks(atom, 'sameness') || (asks(atom, 'membership') && Array.isArray(atom.value));
}

function mayBeText({ texts }: Domain, literals: readonly Literal[]): boolean {
  if (texts === 'none') return false;
  if (isTexts(texts)) return texts.some((text) => satisfies(text, literals));
  const named = textsNamed(literals);
  if (named) return named.some((text) => holdsText(texts, text) && satisfies(text, literals));
  const impossible = literals.some(({ atom, negated }) => !negated && atom.asksForList);
  return !impossible && mayBeRead(literals, texts);
}

/** The texts of which one must be the value; undefined where it may be others too. */
function textsNamed(literals: readonly Literal[]): readonly string[] | undefined {
  const lists = literals.flatMap(({ atom, negated }) => {
    if (negated || !names(atom)) return [];
    return [Array.isArray(atom.value) ? (atom.value as readonly Json[]) : [atom.value]];
  });
  return lists[0]?.filter((one) => typeof one === 'string');
}

/**
 * Whether a text, or a list taken as one, may satisfy the comparisons with bounds. All of them that hold read the same
 * number or the same text; one that does not hold tells something only where it is clear that it could be read.
 */
function mayBeRead(literals: readonly Literal[], domain = ALL_TEXTS): boolean {
  const comparisons = literals.flatMap(({ atom: { meaning, value }, negated }) =>
    meaning?.asks === 'bound' ? [{ bound: meaning, value, negated }] : [],
  );
  const holding = comparisons.filter(({ negated }) => !negated);
  if (holding.length === 0) return mayHoldText(domain);
  const withNumbers = comparisons.filter(({ value }) => typeof value === 'number');
  const readsNumber = withNumbers.some(({ negated }) => !negated);
  let numbers = ALL_NUMBERS;
  for (const { bound, value, negated } of readsNumber ? withNumbers : []) {
    const set = numbersBeside(bound, value as number);
    numbers = intersection(numbers, negated ? complement(set) : set);
  }
  let range = domain;
  for (const { bound, value, negated } of comparisons) {
    if (typeof value === 'string') range = commonTexts(range, textsBeside(bound, value, negated));
  }
  return numbers.length > 0 && mayHoldText(range);
}

function mayBeList(literals: readonly Literal[]): boolean {
  const impossible = literals.some(({ atom, negated }) =>
    negated ? atom.operator === IS_LIST : names(atom) || asksForText(atom) || asksForMoment(atom),
  );
  return !impossible && mayBeRead(literals) && mayHaveElements(literals);
}

/** What holds of every element must be possible for each that there must be. */
function mayHaveElements(literals: readonly Literal[]): boolean {
  const asking = literals.filter(({ atom }) => atom.asksForList && atom.operator !== IS_LIST);
  if (asking.length < 2) return true;
  const wanted = asking.filter(({ atom, negated }) => asksOfEvery(atom) === negated);
  if (wanted.length === 0 || wanted.length === asking.length) return true;
  const atoms = new Atoms();
  const every = asking
    .filter((literal) => !wanted.includes(literal))
    .flatMap((literal) => elementLiterals(atoms, literal) ?? []);
  return wanted.every((literal) => {
    const some = elementLiterals(atoms, literal);
    return !some || mayHaveValue(ANYTHING, [...some, ...every]);
  });
}

function asksOfEvery({ operator }: Atom): boolean {
  const does = findDecorator(operator.slice(0, Math.max(0, operator.indexOf(':'))))?.does;
  return typeof does === 'object' && does.which === 'every';
}

/** What a literal about a list says of an element; undefined where that is more than a row of literals. */
function elementLiterals(atoms: Atoms, { atom, negated }: Literal): Literal[] | undefined {
  const { operator, value } = atom;
  const inner = asks(atom, 'element') ? operatorThatAsks('sameness') : operator.slice(operator.indexOf(':') + 1);
  const parts = conjuncts(atoms.compared({ term: elementTerm(), operator: inner, value }, negated));
  return parts.every((part) => part.kind === 'literal') ? parts : undefined;
}

/** Objects are equal to nothing, contain nothing and are not read as numbers. */
function mayBeObject(literals: readonly Literal[]): boolean {
  return literals.every(
    ({ atom, negated }) =>
      negated || !(names(atom) || atom.asksForList || asks(atom, 'bound') || asksForText(atom) || asksForMoment(atom)),
  );
}

function isTexts(texts: Exclude<Domain['texts'], 'none'>): texts is readonly string[] {
  return Array.isArray(texts);
}
