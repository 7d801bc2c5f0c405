import type { FactProblem } from '../../engine/facts/fact-declaration.js';
import { factNames, factProblems, findDeclaration } from '../../engine/facts/facts.js';
import { ANY_VALUE, shapeAt, unknownPart, type ValueShape } from '../../engine/facts/value-shape.js';
import type { JsonObject } from '../../engine/language/json.js';
import { isConditionTree } from '../../engine/language/condition-definition.js';
import { remembered } from '../read/remembered.js';
import {
  asksForElement,
  compileOperator,
  decoratorNames,
  findDecorator,
  findOperator,
  operatorNames,
} from '../../engine/match/operators.js';
import { definiteNames, pathProblem } from '../../engine/match/path.js';
import { isVersion } from '../../engine/values/version.js';
import { boundProblem } from './bound-problem.js';
import { factAdvice } from './fact-advice.js';
import { misfit, operatorAdvice } from './operator-advice.js';
import { timeValueProblem } from './time-value-problem.js';
import type { ConditionScope } from './condition-scope.js';
import { shown } from './shape-message.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean } from '../read/suggest.js';

/** Checks a condition that compares a fact with a value. Conditions inside its params go to `checkInner`. */
export function checkComparison(
  node: SourceNode,
  scope: ConditionScope,
  checkInner: (node: SourceNode, scope: ConditionScope) => void,
): void {
  checkNames(node, [...REFERENCE_PARTS, 'operator', 'value', 'name', 'priority'], scope);
  for (const part of ['fact', 'operator', 'value'] as const) {
    if (!node.get(part)) scope.report(node.offset, `"${part}" is missing from this condition; add ${EXAMPLES[part]}`);
  }
  checkFact(node, scope, checkInner);
  checkOperator(node, scope);
  const value = node.get('value');
  if (!value?.get('fact')) return;
  checkNames(value, REFERENCE_PARTS, scope);
  checkFact(value, scope, checkInner);
}

const REFERENCE_PARTS = ['fact', 'params', 'path'] as const;
const EXAMPLES = {
  fact: `"fact": one of ${factNames.join(', ')}`,
  operator: '"operator", such as "equal" or "greaterThan"',
  value: '"value", what to compare with',
} as const;

function checkNames(node: SourceNode, known: readonly string[], scope: ConditionScope): void {
  for (const name of node.members.keys()) {
    if (!known.includes(name))
      scope.report(node.keyOffset(name), `unknown property "${name}"${didYouMean(name, known)}`);
  }
}

function checkFact(
  node: SourceNode,
  scope: ConditionScope,
  checkInner: (node: SourceNode, scope: ConditionScope) => void,
): void {
  checkPath(node.get('path'), scope);
  const fact = node.get('fact');
  if (!fact) return;
  if (fact.text === undefined)
    return scope.report(fact.offset, `"fact" must be the name of a fact; got ${shown(fact.value)}`);
  if (scope.anyFact) return refuseParams(node, scope);
  if (!factNames.includes(fact.text))
    return scope.report(fact.offset, `unknown fact "${fact.text}"${factAdvice(fact.text)}`);
  if (findDeclaration(fact.text)?.isSegmentList) checkSegmentsFact(node, fact, scope);
  checkParts(node, scope);
  for (const problem of factProblems(fact.text, node.get('params')?.value)) {
    scope.report(offsetOf(node, problem), problem.message);
  }
  checkNamed(node, fact.text, scope);
  const where = node.get('params', 'where');
  if (where?.isObject && isConditionTree(where.value as never)) checkInner(where, { ...scope, anyFact: true });
}

/** What a fact is asked of must be there: an offer, a group of offers, a placement. */
function checkNamed(node: SourceNode, fact: string, scope: ConditionScope): void {
  for (const { name, input } of findDeclaration(fact)?.form ?? []) {
    if (input !== 'offer' && input !== 'group' && input !== 'placement') continue;
    const asked = node.get('params', name);
    if (asked?.text === undefined || asked.text === '') continue;
    const known = scope.named(input);
    if (known.includes(asked.text)) continue;
    scope.report(asked.offset, `unknown ${input} "${asked.text}"${didYouMean(asked.text, known)}`);
  }
}

function refuseParams(node: SourceNode, scope: ConditionScope): void {
  if (node.get('params'))
    scope.report(node.keyOffset('params'), 'a property inside "where" takes no params; remove them');
}

/** A problem with a name is at the name; any other is at the value. */
function offsetOf(node: SourceNode, { path, isAboutName = false }: FactProblem): number {
  const last = path.at(-1);
  if (isAboutName && last !== undefined) return node.nearest(path.slice(0, -1)).keyOffset(String(last));
  return node.nearest(path).offset;
}

function checkPath(path: SourceNode | undefined, scope: ConditionScope): void {
  if (!path) return;
  if (path.text === undefined)
    return scope.report(path.offset, `"path" must be a text such as "$.address.city"; got ${shown(path.value)}`);
  const problem = problemOfPath(path.text);
  if (problem !== undefined) scope.report(path.offset, `the path ${shown(path.text)} can't be used: ${problem}`);
}

/** A part that a fact does not have is never there, and no condition on it would ever hold. */
function checkParts(node: SourceNode, scope: ConditionScope): void {
  const path = node.get('path');
  const names = path?.text === undefined ? undefined : namesAlong(path.text);
  const declaration = findDeclaration(node.get('fact')?.text ?? '');
  if (!path || !names || !declaration) return;
  const params = node.get('params')?.value;
  if (factProblems(declaration.name, params).length > 0) return;
  const unknown = unknownPart(declaration.shape((params ?? {}) as JsonObject), names);
  if (unknown)
    scope.report(
      path.offset,
      `"${declaration.name}" has no "${unknown.name}"${didYouMean(unknown.name, unknown.known)}`,
    );
}

const problemOfPath = remembered(pathProblem);

function checkSegmentsFact(node: SourceNode, fact: SourceNode, scope: ConditionScope): void {
  if (scope.inSegment)
    return scope.report(
      fact.offset,
      'a segment can\'t ask for the list of segments; write { "condition": "…" } for the one meant',
    );
  const value = node.get('value');
  const operator = node.get('operator')?.text;
  if (value?.text === undefined || !asksForElement(operator ?? '') || scope.segments.includes(value.text)) return;
  scope.report(value.offset, `unknown segment "${value.text}"${didYouMean(value.text, scope.segments)}`);
}

function checkOperator(node: SourceNode, scope: ConditionScope): void {
  const operator = node.get('operator');
  if (!operator) return;
  if (operator.text === undefined)
    return scope.report(operator.offset, `"operator" must be the name of an operator; got ${shown(operator.value)}`);
  const decorators = operator.text.split(':');
  const base = decorators.pop() ?? '';
  for (const decorator of decorators) {
    if (!decoratorNames.includes(decorator)) {
      scope.report(operator.offset, `unknown decorator "${decorator}:"${didYouMean(decorator, decoratorNames)}`);
    }
  }
  if (!operatorNames.includes(base))
    return scope.report(operator.offset, `unknown operator "${base}"${operatorAdvice(base)}`);
  for (const [at, decorator] of decorators.entries()) {
    const problem = misfit(decorator, decorators.slice(at + 1), base);
    if (problem !== undefined) scope.report(operator.offset, problem);
  }
  const value = node.get('value');
  if (!value || !isOperator(operator.text)) return;
  if (value.get('fact')) return checkOtherFact(base, value, scope);
  checkValue(decorators, base, value, scope);
  checkBounds(node, decorators, base, scope);
}

const isOperator = remembered((name) => compileOperator(name) !== undefined);

function checkOtherFact(base: string, value: SourceNode, scope: ConditionScope): void {
  if (findOperator(base)?.takes === 'time')
    scope.report(value.offset, `"${base}" compares with a date, not with another fact; ${A_DATE}`);
}

const A_DATE = 'write one such as "2026-12-24", or one reckoned from now';

/** What an operator can do with its value; one that never can would make the condition silently false. */
function checkValue(decorators: readonly string[], base: string, value: SourceNode, scope: ConditionScope): void {
  for (const decorator of decorators) {
    const does = findDecorator(decorator)?.does;
    if (does === 'exchange' || does === 'order') return;
    if (typeof does !== 'object' || does.of !== 'value') continue;
    if (!value.isList)
      scope.report(value.offset, `"${decorator}:" needs a list of values [ … ]; got ${shown(value.value)}`);
    return;
  }
  const takes = findOperator(base)?.takes;
  if (takes === 'list' && !value.isList && value.text === undefined)
    scope.report(value.offset, `"${base}" needs a list of values [ … ]; got ${shown(value.value)}`);
  if (takes === 'number' && typeof value.value !== 'number' && value.text === undefined)
    scope.report(value.offset, `"${base}" needs a number; got ${shown(value.value)}`);
}

/** Every value that is compared as more or less or in time, be it in a list or on the other side of the operator. */
function checkBounds(node: SourceNode, decorators: readonly string[], base: string, scope: ConditionScope): void {
  const takes = findOperator(base)?.takes;
  let bounds = [node.get('value')];
  let side = 'value';
  let shape = scope.anyFact ? ANY_VALUE : shapeOf(node);
  for (const decorator of decorators) {
    const does = findDecorator(decorator)?.does;
    if (does === 'exchange') side = side === 'value' ? 'fact' : 'value';
    if (typeof does !== 'object') continue;
    // Of what is no list nothing is compared; where that is a mistake, it has been reported.
    if (does.of === side) bounds = bounds.flatMap((bound) => bound?.items ?? []);
    else shape = ANY_VALUE;
  }
  for (const bound of bounds) {
    // A value that stands there as it is has been reported when it is no text.
    if (!bound || (takes === 'number' && isAsWritten(decorators) && bound.text === undefined)) continue;
    const problem = problemOf(base, decorators, bound.value, shape);
    if (problem !== undefined) scope.report(bound.offset, problem);
  }
}

function problemOf(base: string, decorators: readonly string[], value: unknown, shape: ValueShape): string | undefined {
  if (decorators.some((name) => findDecorator(name)?.does === 'order')) return versionProblem(value);
  switch (findOperator(base)?.takes) {
    case 'number':
      return boundProblem(base, value, shape);
    case 'time':
      return timeValueProblem(base, value);
    case 'text':
      return typeof value === 'string' ? undefined : `"${base}" needs a text; got ${shown(value)}`;
    default:
      return undefined;
  }
}

function versionProblem(value: unknown): string | undefined {
  return isVersion(value) ? undefined : `${shown(value)} is no version; write one as a text, such as "10.2.0"`;
}

function isAsWritten(decorators: readonly string[]): boolean {
  return decorators.every((decorator) => {
    const does = findDecorator(decorator)?.does;
    return does === 'negate' || (typeof does === 'object' && does.of === 'fact');
  });
}

function shapeOf(node: SourceNode): ValueShape {
  const declaration = findDeclaration(node.get('fact')?.text ?? '');
  const params = node.get('params')?.value;
  if (!declaration || factProblems(declaration.name, params).length > 0) return ANY_VALUE;
  const path = node.get('path')?.text;
  return shapeAt(declaration.shape((params ?? {}) as JsonObject), path === undefined ? [] : namesAlong(path));
}

const namesAlong = remembered(definiteNames);
