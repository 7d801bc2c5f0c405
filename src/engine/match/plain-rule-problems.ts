import { isObject } from '../language/is-object.js';
import type { Condition } from '../language/condition-definition.js';
import { isFactReference } from './fact-reader.js';
import type { CustomOperator } from './operator-declaration.js';
import { compileOperator, findDecorator, findOperator } from './operators.js';
import { pathProblem } from './path.js';

/** Rules that can't be compiled; the message names the place of every problem, and `problems` lists them. */
export class InvalidRules extends Error {
  override readonly name = 'InvalidRules';

  constructor(readonly problems: readonly string[]) {
    super(`The rules have ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.join('\n')}`);
  }
}

interface Surroundings {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly operators: Readonly<Record<string, CustomOperator>>;
}

type Report = (where: string, message: string) => void;

/** Everything that keeps plain rules from being compiled, each as `place: what is wrong`. */
export function plainRuleProblems(
  rules: readonly unknown[],
  conditions: Surroundings['conditions'],
  operators: Surroundings['operators'],
): string[] {
  const problems: string[] = [];
  const report: Report = (where, message) => problems.push(`${where}: ${message}`);
  const around = { conditions, operators };
  for (const [name, operator] of Object.entries(operators)) checkOperator(operator, `operators.${name}`, report);
  for (const [index, rule] of rules.entries()) checkRule(rule, `rules[${index}]`, around, report);
  for (const [name, condition] of Object.entries(conditions)) {
    checkRoot(condition, `conditions.${name}`, around, report);
    if (reaches(condition, name, conditions, new Set())) report(`conditions.${name}`, 'leads back to itself');
  }
  return problems;
}

/** A function that is declared to answer later would always count as true. */
const LATER: readonly string[] = ['AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction'];

function checkOperator(operator: unknown, where: string, report: Report): void {
  if (typeof operator !== 'function') return report(where, 'must be a function (fact, value) => true or false');
  const kind = Object.prototype.toString.call(operator).slice('[object '.length, -1);
  if (LATER.includes(kind)) report(where, 'must return its answer at once: async functions and generators do not');
}

function checkRule(rule: unknown, place: string, around: Surroundings, report: Report): void {
  if (!isObject(rule)) return report(place, 'must be an object');
  const { name, priority, event, conditions } = rule;
  const where = typeof name === 'string' ? `${place} (${name})` : place;
  checkPriority(priority, where, report);
  if (!isObject(event) || !('type' in event)) report(`${where}.event`, 'must be an object with a "type"');
  checkRoot(conditions, `${where}.conditions`, around, report);
}

function checkPriority(priority: unknown, where: string, report: Report): void {
  if (priority !== undefined && !(Number.isInteger(priority) && (priority as number) >= 1))
    report(`${where}.priority`, 'must be a whole number of at least 1');
}

const ROOTS = ['all', 'any', 'not', 'condition'] as const;

function checkRoot(condition: unknown, where: string, around: Surroundings, report: Report): void {
  if (!isObject(condition) || !ROOTS.some((word) => word in condition))
    return report(where, 'must be an object with "all", "any", "not" or "condition"');
  checkCondition(condition, where, around, report);
}

function checkCondition(condition: unknown, where: string, around: Surroundings, report: Report): void {
  if (!isObject(condition)) return report(where, 'must be an object');
  const words = ROOTS.filter((word) => word in condition);
  if (words.length > 1)
    return report(
      where,
      `has ${words.join(' and ')}; only one of them counts, so write each as a condition of its own`,
    );
  const [word] = words;
  if (word === undefined) return checkComparison(condition, where, around, report);
  const inner = condition[word];
  if (word === 'condition') return checkReference(inner, where, around, report);
  if (word === 'not') return checkCondition(inner, `${where}.not`, around, report);
  if (!Array.isArray(inner)) return report(`${where}.${word}`, 'must be a list');
  for (const [index, child] of inner.entries()) checkCondition(child, `${where}.${word}[${index}]`, around, report);
}

function checkReference(name: unknown, where: string, { conditions }: Surroundings, report: Report): void {
  if (typeof name !== 'string' || !Object.hasOwn(conditions, name))
    report(`${where}.condition`, `there is no condition ${JSON.stringify(name)}`);
}

function checkComparison(
  condition: Record<string, unknown>,
  where: string,
  { operators }: Surroundings,
  report: Report,
): void {
  const { operator, value } = condition;
  checkFact(condition, where, report);
  if (!('value' in condition)) report(where, 'has no "value"');
  if (isFactReference(value)) checkFact({ ...value }, `${where}.value`, report);
  if (typeof operator !== 'string' || !compileOperator(operator, operators))
    return report(`${where}.operator`, `there is no operator ${JSON.stringify(operator)}`);
  const wanted = isFactReference(value) || Array.isArray(value) ? undefined : listWanted(operator, operators);
  if (wanted === 'list' || (wanted === 'list or text' && typeof value !== 'string'))
    report(`${where}.value`, `must be a list for the operator ${operator}`);
}

function checkFact({ fact, path }: Record<string, unknown>, where: string, report: Report): void {
  if (typeof fact !== 'string' || fact === '') report(`${where}.fact`, 'must be the name of a fact');
  checkPath(path, `${where}.path`, report);
}

/** What an operator looks into on the side of the value. Behind `swap:` it is the other side. */
function listWanted(
  operator: string,
  custom: Surroundings['operators'],
  swapped = false,
): 'list' | 'list or text' | undefined {
  if (Object.hasOwn(custom, operator)) return undefined;
  const colon = operator.indexOf(':');
  if (colon < 0) return !swapped && findOperator(operator)?.takes === 'list' ? 'list or text' : undefined;
  const does = findDecorator(operator.slice(0, colon))?.does;
  if (!swapped && typeof does === 'object' && does.of === 'value') return 'list';
  return listWanted(operator.slice(colon + 1), custom, swapped !== (does === 'exchange'));
}

function checkPath(path: unknown, where: string, report: Report): void {
  if (path === undefined || path === '') return;
  if (typeof path !== 'string') return report(where, `must be a text such as "$.city"; got ${JSON.stringify(path)}`);
  const problem = pathProblem(path);
  if (problem !== undefined) report(where, `the path ${JSON.stringify(path)} can't be used: ${problem}`);
}

function reaches(
  condition: unknown,
  target: string,
  conditions: Surroundings['conditions'],
  seen: Set<string>,
): boolean {
  if (!isObject(condition)) return false;
  const { condition: name, all, any, not } = condition;
  if (typeof name === 'string') {
    if (name === target) return true;
    const next = Object.hasOwn(conditions, name) && !seen.has(name) ? conditions[name] : undefined;
    return next !== undefined && reaches(next, target, conditions, seen.add(name));
  }
  // Rules from outside may have anything in place of a list; that is reported elsewhere.
  const children = [all, any, [not]].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  return children.some((child) => reaches(child, target, conditions, seen));
}
