import type { ExplainedComparison, MissedCondition } from '../engine/explain/explanation.js';
import { factText } from '../engine/facts/facts.js';
import type { OperatorWords } from '../engine/match/operator-declaration.js';
import { findDecorator, findOperator } from '../engine/match/operators.js';
import { counted } from './counted.js';

type Fact = Pick<ExplainedComparison, 'fact' | 'params' | 'path'>;

/** A comparison with the value that it was made with: `session.interactions is at least 3 · it is 1`. */
export function comparisonText(comparison: ExplainedComparison): string {
  return `${claimText(comparison)} · ${actualText(comparison, ['it is', 'there is none', 'not known'])}`;
}

/** A comparison as it is written, in words: `session.interactions is at least 3`. */
export function claimText(comparison: Fact & Pick<ExplainedComparison, 'operator' | 'value' | 'valueResult'>): string {
  const { is } = wordsFor(comparison.operator);
  return `${factText(comparison)} ${is} ${expectedText(comparison)}`;
}

/** What would have had to be: `session.interactions been at least 3; it was 1`, to stand after "had". */
export function missText(missed: MissedCondition): string {
  const { been, notBeen } = wordsFor(missed.operator);
  const where = [
    ...(missed.of === 'ELIGIBILITY' ? ['eligibility'] : []),
    ...(missed.segments ?? []).map((id) => `segment ${id}`),
  ];
  const whose = where.length > 0 ? ` (${where.join(', ')})` : '';
  const needed = `${factText(missed)} ${missed.needed ? been : notBeen} ${expectedText(missed)}${whose}`;
  return `${needed}; ${actualText(missed, ['it was', 'there was none', 'it was not known'])}`;
}

function expectedText({ value, valueResult }: Pick<ExplainedComparison, 'value' | 'valueResult'>): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'fact')) return JSON.stringify(value);
  const other = factText(value as unknown as Fact);
  return valueResult === undefined ? other : `${other}, ${JSON.stringify(valueResult)}`;
}

function actualText(
  { result, factResult, unread, passedOver, valuePassedOver, withheld = [] }: ExplainedComparison,
  [known, none, unknown]: readonly [string, string, string],
): string {
  if (result === 'unknown') return unknown;
  const without = withheld.length === 0 ? '' : ` without consent to ${withheld.join(', ')}`;
  const is = factResult === undefined ? none : `${known} ${JSON.stringify(factResult)}`;
  const notRead = unread === undefined ? '' : `, not every part of which is a ${unread}`;
  return `${is}${notRead}${passedText(passedOver)}${passedText(valuePassedOver)}${without}`;
}

function passedText(passed: ExplainedComparison['passedOver']): string {
  if (!passed) return '';
  const { count, of, example } = passed;
  return `, ${count} of ${counted(of, 'value')} passed over as no number, such as ${JSON.stringify(example)}`;
}

/** Operators with decorators other than one that negates are said as they are written. */
function wordsFor(operator: string): OperatorWords {
  const colon = operator.indexOf(':');
  const isNegated = colon > 0 && findDecorator(operator.slice(0, colon))?.does === 'negate';
  const { is, isNot, been, notBeen } =
    findOperator(isNegated ? operator.slice(colon + 1) : operator)?.words ?? asWritten(operator);
  return isNegated && findOperator(operator.slice(colon + 1))
    ? { is: isNot, isNot: is, been: notBeen, notBeen: been }
    : { is, isNot, been, notBeen };
}

function asWritten(operator: string): OperatorWords {
  return { is: operator, isNot: `not ${operator}`, been: `been ${operator}`, notBeen: `not been ${operator}` };
}
