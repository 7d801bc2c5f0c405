import { ANYTHING, type Domain } from './domain.js';
import { Atoms, IS_LIST } from './atoms.js';
import { conjuncts, type Literal } from './formula.js';
import {
  ALL_NUMBERS,
  compared,
  complement,
  intersection,
  NO_NUMBER,
  points,
  wholeNumbers,
  type NumberSet,
} from './number-set.js';
import { ALL_TEXTS, commonTexts, comparedText, holdsText, mayHoldText } from './text-range.js';
import { elementTerm } from './term.js';

/**
 * Whether one value may satisfy all of these literals, which are about one term. False is certain: what the operators
 * do is told exactly or left out. Type by type, as each operator does something else with each.
 */
export function mayHaveValue(domain: Domain, literals: readonly Literal[]): boolean {
  return (
    constantsOf(domain).some((value) => satisfies(value, literals)) ||
    numbersFor(domain, literals).length > 0 ||
    mayBeText(domain, literals) ||
    (domain.lists && mayBeList(literals)) ||
    (domain.objects && mayBeObject(literals))
  );
}

/** Whether a value satisfies all of these literals: asked of the operators themselves. */
export function satisfies(value: unknown, literals: readonly Literal[]): boolean {
  return literals.every(({ atom, negated }) => atom.test(value, atom.value) !== negated);
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

/** The numbers for which an atom holds; undefined where that can't be told. */
function numbersHolding({ atom: { operator, value } }: Literal): NumberSet | undefined {
  if (operator === 'equal') return typeof value === 'number' ? points([value]) : NO_NUMBER;
  if (operator === 'in')
    return Array.isArray(value) ? points(value.filter((one) => typeof one === 'number')) : undefined;
  if (ASKS_FOR_LIST.test(operator)) return NO_NUMBER;
  return typeof value === 'number' || typeof value === 'string' ? compared(operator, Number(value)) : undefined;
}

/** Such an atom holds for lists only. */
const ASKS_FOR_LIST = /^(contains|someFact:.*|everyFact:.*|\$list)$/;

function mayBeText({ texts }: Domain, literals: readonly Literal[]): boolean {
  if (texts === 'none') return false;
  if (isTexts(texts)) return texts.some((text) => satisfies(text, literals));
  const named = textsNamed(literals);
  if (named) return named.some((text) => holdsText(texts, text) && satisfies(text, literals));
  const impossible = literals.some(({ atom, negated }) => !negated && ASKS_FOR_LIST.test(atom.operator));
  return !impossible && mayBeRead(literals, texts);
}

/** The texts of which one must be the value; undefined where it may be others too. */
function textsNamed(literals: readonly Literal[]): readonly string[] | undefined {
  const lists = literals.flatMap(({ atom: { operator, value }, negated }) => {
    if (negated) return [];
    if (operator === 'equal') return [[value]];
    return operator === 'in' && Array.isArray(value) ? [value] : [];
  });
  return lists[0]?.filter((one) => typeof one === 'string');
}

/**
 * Whether a text, or a list taken as one, may satisfy the comparisons with bounds. All of them that hold read the same
 * number or the same text; one that does not hold tells something only where it is clear that it could be read.
 */
function mayBeRead(literals: readonly Literal[], domain = ALL_TEXTS): boolean {
  const comparisons = literals.filter(({ atom: { operator } }) => COMPARES.test(operator));
  const holding = comparisons.filter(({ negated }) => !negated);
  if (holding.length === 0) return mayHoldText(domain);
  const withNumbers = comparisons.filter(({ atom }) => typeof atom.value === 'number');
  const readsNumber = withNumbers.some(({ negated }) => !negated);
  let numbers = ALL_NUMBERS;
  for (const { atom, negated } of readsNumber ? withNumbers : []) {
    const set = compared(atom.operator, atom.value as number) ?? NO_NUMBER;
    numbers = intersection(numbers, negated ? complement(set) : set);
  }
  let range = domain;
  for (const { atom, negated } of comparisons) {
    if (typeof atom.value === 'string') range = commonTexts(range, comparedText(atom.operator, atom.value, negated));
  }
  return numbers.length > 0 && mayHoldText(range);
}

const COMPARES = /^(less|greater)Than(Inclusive)?$/;

function mayBeList(literals: readonly Literal[]): boolean {
  const impossible = literals.some(({ atom, negated }) =>
    negated
      ? atom.operator === IS_LIST
      : atom.operator === 'equal' || (atom.operator === 'in' && Array.isArray(atom.value)),
  );
  return !impossible && mayBeRead(literals) && mayHaveElements(literals);
}

/** What holds of every element must be possible for each that there must be. */
function mayHaveElements(literals: readonly Literal[]): boolean {
  const told = literals.filter(({ atom }) => ASKS_FOR_LIST.test(atom.operator) && atom.operator !== IS_LIST);
  if (told.length < 2) return true;
  const wanted = told.filter(({ atom, negated }) => atom.operator.startsWith('everyFact') === negated);
  if (wanted.length === 0 || wanted.length === told.length) return true;
  const atoms = new Atoms();
  const every = told
    .filter((literal) => !wanted.includes(literal))
    .flatMap((literal) => elementLiterals(atoms, literal) ?? []);
  return wanted.every((literal) => {
    const some = elementLiterals(atoms, literal);
    return !some || mayHaveValue(ANYTHING, [...some, ...every]);
  });
}

/** What a literal about a list says of an element; undefined where that is more than a row of literals. */
function elementLiterals(atoms: Atoms, { atom: { operator, value }, negated }: Literal): Literal[] | undefined {
  const inner = operator === 'contains' ? 'equal' : operator.slice(operator.indexOf(':') + 1);
  const parts = conjuncts(atoms.compared({ term: elementTerm(), operator: inner, value }, negated));
  return parts.every((part) => part.kind === 'literal') ? parts : undefined;
}

/** Objects are equal to nothing, contain nothing and are not read as numbers. */
function mayBeObject(literals: readonly Literal[]): boolean {
  return literals.every(
    ({ atom: { operator, value }, negated }) =>
      negated ||
      !(
        operator === 'equal' ||
        (operator === 'in' && Array.isArray(value)) ||
        ASKS_FOR_LIST.test(operator) ||
        COMPARES.test(operator)
      ),
  );
}

function isTexts(texts: Exclude<Domain['texts'], 'none'>): texts is readonly string[] {
  return Array.isArray(texts);
}
