import type { Condition } from './definitions.js';
import { isFactReference } from './fact-reader.js';
import { compileOperator, type Operator } from './operators.js';
import { compilePath } from './path.js';

/** Rules that can't be compiled; the message names the place of every problem, and `problems` lists them. */
export class InvalidRules extends Error {
  override readonly name = 'InvalidRules';

  constructor(readonly problems: readonly string[]) {
    super(`The rules have ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.join('\n')}`);
  }
}

interface Surroundings {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly operators: Readonly<Record<string, Operator>>;
}

type Report = (where: string, message: string) => void;

/** Everything that keeps plain rules from being compiled, each as `place: what is wrong`. */
export function plainRuleProblems(
  rules: readonly { readonly conditions: unknown; readonly event?: unknown; readonly priority?: unknown; readonly name?: unknown }[],
  conditions: Surroundings['conditions'],
  operators: Surroundings['operators'],
): string[] {
  const problems: string[] = [];
  const report: Report = (where, message) => problems.push(`${where}: ${message}`);
  const around = { conditions, operators };
  for (const [index, rule] of rules.entries()) {
    const where = `rules[${index}]${typeof rule.name === 'string' ? ` (${rule.name})` : ''}`;
    checkPriority(rule.priority, where, report);
    if (!isObject(rule.event) || !('type' in rule.event)) report(`${where}.event`, 'must be an object with a "type"');
    checkRoot(rule.conditions, `${where}.conditions`, around, report);
  }
  for (const [name, condition] of Object.entries(conditions)) {
    checkRoot(condition, `conditions.${name}`, around, report);
    if (reaches(condition, name, conditions, new Set())) report(`conditions.${name}`, 'leads back to itself');
  }
  return problems;
}

function checkPriority(priority: unknown, where: string, report: Report): void {
  if (priority !== undefined && !(Number.isInteger(priority) && (priority as number) >= 1)) report(`${where}.priority`, 'must be a whole number of at least 1');
}

const GROUPS = ['all', 'any', 'not'] as const;

function checkRoot(condition: unknown, where: string, around: Surroundings, report: Report): void {
  if (!isObject(condition) || ![...GROUPS, 'condition'].some((word) => word in condition)) return report(where, 'must be an object with "all", "any", "not" or "condition"');
  checkCondition(condition, where, around, report);
}

function checkCondition(condition: unknown, where: string, around: Surroundings, report: Report): void {
  if (!isObject(condition)) return report(where, 'must be an object');
  const words = GROUPS.filter((word) => word in condition);
  if (words.length > 1) return report(where, `has ${words.join(' and ')}; only one of them counts, so write each as a condition of its own`);
  const [word] = words;
  if (word === undefined) return 'condition' in condition ? checkReference(condition['condition'], where, around, report) : checkComparison(condition, where, around, report);
  const inner = condition[word];
  if (word === 'not') return checkCondition(inner, `${where}.not`, around, report);
  if (!Array.isArray(inner)) return report(`${where}.${word}`, 'must be a list');
  for (const [index, child] of inner.entries()) checkCondition(child, `${where}.${word}[${index}]`, around, report);
}

function checkReference(name: unknown, where: string, { conditions }: Surroundings, report: Report): void {
  if (typeof name !== 'string' || !Object.hasOwn(conditions, name)) report(`${where}.condition`, `there is no condition ${JSON.stringify(name)}`);
}

function checkComparison(condition: Record<string, unknown>, where: string, { operators }: Surroundings, report: Report): void {
  const { fact, operator, value, path } = condition;
  if (typeof fact !== 'string' || fact === '') report(`${where}.fact`, 'must be the name of a fact');
  if (!('value' in condition)) report(where, 'has no "value"');
  checkPath(path, `${where}.path`, report);
  if (isFactReference(value)) checkPath(value.path, `${where}.value.path`, report);
  if (typeof operator !== 'string' || !compileOperator(operator, operators)) return report(`${where}.operator`, `there is no operator ${JSON.stringify(operator)}`);
  if (needsList(operator) && !Array.isArray(value) && !isFactReference(value) && !(typeof value === 'string' && !operator.includes('Value:'))) {
    report(`${where}.value`, `must be a list for the operator ${operator}`);
  }
}

/** Whether an operator looks for something in its value; behind `swap:` the value is what is looked for. */
function needsList(operator: string): boolean {
  if (operator.includes('swap:')) return false;
  return /(^|:)(someValue|everyValue):/.test(operator) || /^((not|someFact|everyFact):)*(in|notIn)$/.test(operator);
}

function checkPath(path: unknown, where: string, report: Report): void {
  if (path === undefined || path === '') return;
  if (typeof path !== 'string' || !compilePath(path)) report(where, `${JSON.stringify(path)} is not a path that is accepted: filters, scripts, unions and parents are not`);
}

function reaches(condition: Condition, target: string, conditions: Surroundings['conditions'], seen: Set<string>): boolean {
  if ('condition' in condition) {
    const { condition: name } = condition;
    if (name === target) return true;
    const next = Object.hasOwn(conditions, name) && !seen.has(name) ? conditions[name] : undefined;
    return next !== undefined && reaches(next, target, conditions, seen.add(name));
  }
  return childrenOf(condition).some((child) => reaches(child, target, conditions, seen));
}

/** Rules from outside may have anything in place of a list; that is reported elsewhere. */
function childrenOf(condition: Condition): readonly Condition[] {
  const children: unknown = 'all' in condition ? condition.all : 'any' in condition ? condition.any : 'not' in condition ? [condition.not] : [];
  return Array.isArray(children) ? (children as Condition[]).filter(isObject) : [];
}

function isObject(value: unknown): value is object & Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
