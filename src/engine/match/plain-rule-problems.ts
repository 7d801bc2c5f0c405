import { isObject } from '../language/is-object.js';
import { type Condition, isFactReference } from '../language/condition-definition.js';
import type { Json } from '../language/json.js';
import { isPlainData } from './plain-facts.js';
import type { CustomOperator } from './operator-declaration.js';
import { compileOperator, findDecorator, findOperator, reckonedValue } from './operators.js';
import { pathProblem } from './path.js';

/** Rules that can't be compiled; the message names the place of every problem, and `problems` lists them. */
export class InvalidRules extends Error {
  override readonly name = 'InvalidRules';

  constructor(readonly problems: readonly string[]) {
    super(`The rules have ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.join('\n')}`);
  }
}

/** Conditions within conditions, those that are named included, and data within data: more would exhaust the stack. */
const MOST_LEVELS = 1_000;

interface Surroundings {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly operators: Readonly<Record<string, CustomOperator>>;
}

/** What is known while one rule, or one named condition, is walked. */
interface Walk extends Surroundings {
  /** The conditions that the one looked at is in. */
  readonly above: Set<unknown>;
  /** The conditions that it names, and at which level. */
  readonly names: { readonly name: string; readonly level: number }[];
  /** How many levels it has, less those of what it names. */
  levels: number;
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
  const walks = new Map<string, Walk>();
  for (const [index, rule] of rules.entries()) {
    const walk = checkRule(rule, `rules[${index}]`, around, report);
    if (walk) walks.set(`rules[${index}].conditions`, walk);
  }
  const named = new Map<string, Walk>();
  for (const [name, condition] of Object.entries(conditions))
    named.set(name, checkRoot(condition, `conditions.${name}`, around, report));
  checkLevels(walks, named, report);
  return problems;
}

/** A function that is declared to answer later would always count as true. */
const LATER: readonly string[] = ['AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction'];

function checkOperator(operator: unknown, where: string, report: Report): void {
  if (typeof operator !== 'function') return report(where, 'must be a function (fact, value) => true or false');
  const kind = Object.prototype.toString.call(operator).slice('[object '.length, -1);
  if (LATER.includes(kind)) report(where, 'must return its answer at once: async functions and generators do not');
}

function checkRule(rule: unknown, place: string, around: Surroundings, report: Report): Walk | undefined {
  if (!isObject(rule)) {
    report(place, 'must be an object');
    return undefined;
  }
  const { name, priority, event, conditions } = rule;
  const where = typeof name === 'string' ? `${place} (${name})` : place;
  checkPriority(priority, where, report);
  if (!isObject(event) || !('type' in event)) report(`${where}.event`, 'must be an object with a "type"');
  checkData(event, `${where}.event`, report);
  return checkRoot(conditions, `${where}.conditions`, around, report);
}

function checkPriority(priority: unknown, where: string, report: Report): void {
  if (priority !== undefined && !(Number.isInteger(priority) && (priority as number) >= 1))
    report(`${where}.priority`, 'must be a whole number of at least 1');
}

const ROOTS = ['all', 'any', 'not', 'condition'] as const;

function checkRoot(condition: unknown, where: string, around: Surroundings, report: Report): Walk {
  const walk: Walk = { ...around, above: new Set(), names: [], levels: 0 };
  if (!isObject(condition) || !ROOTS.some((word) => word in condition))
    report(where, 'must be an object with "all", "any", "not" or "condition"');
  else checkCondition(condition, where, walk, report);
  return walk;
}

function checkCondition(condition: unknown, where: string, walk: Walk, report: Report): void {
  if (!isObject(condition)) return report(where, 'must be an object');
  const { above } = walk;
  if (above.has(condition)) return report(shortened(where), 'contains itself');
  if (above.size >= MOST_LEVELS) return report(shortened(where), TOO_DEEP);
  above.add(condition);
  walk.levels = Math.max(walk.levels, above.size);
  checkInside(condition, where, walk, report);
  above.delete(condition);
}

const TOO_DEEP = `is nested more than ${MOST_LEVELS} levels deep; put several conditions into one "all" or "any"`;

/** The place of what is a thousand levels deep would be a page. */
function shortened(where: string): string {
  return where.length > 120 ? `${where.slice(0, 119)}…` : where;
}

function checkInside(condition: Record<string, unknown>, where: string, walk: Walk, report: Report): void {
  const words = ROOTS.filter((word) => word in condition);
  if (words.length > 1)
    return report(
      where,
      `has ${words.join(' and ')}; only one of them counts, so write each as a condition of its own`,
    );
  const [word] = words;
  if (word === undefined) return checkComparison(condition, where, walk, report);
  const inner = condition[word];
  if (word === 'condition') return checkReference(inner, where, walk, report);
  if (word === 'not') return checkCondition(inner, `${where}.not`, walk, report);
  if (!Array.isArray(inner)) return report(`${where}.${word}`, 'must be a list');
  for (const [index, child] of inner.entries()) checkCondition(child, `${where}.${word}[${index}]`, walk, report);
}

function checkReference(name: unknown, where: string, { conditions, names, above }: Walk, report: Report): void {
  if (typeof name !== 'string' || !Object.hasOwn(conditions, name))
    return report(`${where}.condition`, `there is no condition ${JSON.stringify(name)}`);
  names.push({ name, level: above.size });
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
  if (typeof operator === 'string' && operator.split(':').length > MOST_LEVELS)
    return report(`${where}.operator`, `has more than ${MOST_LEVELS} decorators`);
  if (typeof operator !== 'string' || !compileOperator(operator, operators))
    return report(`${where}.operator`, `there is no operator ${JSON.stringify(operator)}`);
  if (reckonedValue(operator, value as Json, operators))
    return report(`${where}.operator`, `${operator} needs a clock, which only a decision has; compare with a fact`);
  const wanted = isFactReference(value) || Array.isArray(value) ? undefined : listWanted(operator, operators);
  if (wanted === 'list' || (wanted === 'list or text' && typeof value !== 'string'))
    report(`${where}.value`, `must be a list for the operator ${operator}`);
}

function checkFact({ fact, path, params }: Record<string, unknown>, where: string, report: Report): void {
  checkData(params, `${where}.params`, report);
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

/** Data of rules is copied and compared, which must come to an end. */
function checkData(data: unknown, where: string, report: Report, above = new Set<unknown>()): void {
  if (!isPlainData(data)) return;
  if (above.has(data)) return report(shortened(where), 'contains itself');
  if (above.size >= MOST_LEVELS) return report(shortened(where), `is nested more than ${MOST_LEVELS} levels deep`);
  above.add(data);
  for (const [name, inner] of Object.entries(data)) checkData(inner, `${where}.${name}`, report, above);
  above.delete(data);
}

/** Conditions that name each other in a circle, or to such a depth that the stack would not do. */
function checkLevels(rules: ReadonlyMap<string, Walk>, named: ReadonlyMap<string, Walk>, report: Report): void {
  const known = levelsOf(named);
  for (const name of named.keys())
    if (!known.has(name) && leadsTo(name, named)) report(`conditions.${name}`, 'leads back to itself');
  for (const [where, walk] of rules) checkDepth(where, walk, known, report);
  for (const [name, walk] of named) checkDepth(`conditions.${name}`, walk, known, report);
}

/** What is too deep is reported where it becomes so, once. */
function checkDepth(where: string, walk: Walk, known: ReadonlyMap<string, number>, report: Report): void {
  const within = (most: number, name: string) => (known.get(name) ?? 0) <= most;
  if (allLevels(walk, known) > MOST_LEVELS && walk.names.every(({ name }) => within(MOST_LEVELS, name)))
    report(where, `${TOO_DEEP}, counting the conditions that it names`);
}

function allLevels({ levels, names }: Walk, known: ReadonlyMap<string, number>): number {
  return names.reduce((most, { name, level }) => Math.max(most, level + (known.get(name) ?? 0)), levels);
}

/** The levels of each named condition with all that it names; of those that lead to a circle nothing is known. */
function levelsOf(named: ReadonlyMap<string, Walk>): Map<string, number> {
  const known = new Map<string, number>();
  const users = new Map<string, string[]>();
  const awaited = new Map<string, number>();
  for (const [user, { names }] of named) {
    awaited.set(user, names.length);
    for (const { name } of names) {
      const others = users.get(name);
      if (others) others.push(user);
      else users.set(name, [user]);
    }
  }
  const ready = [...named.keys()].filter((name) => awaited.get(name) === 0);
  for (const name of ready) {
    const walk = named.get(name);
    if (walk) known.set(name, allLevels(walk, known));
    for (const user of users.get(name) ?? []) {
      const left = (awaited.get(user) ?? 0) - 1;
      awaited.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return known;
}

function leadsTo(target: string, named: ReadonlyMap<string, Walk>): boolean {
  const seen = new Set<string>();
  const open = [target];
  for (const next of open) {
    for (const { name } of named.get(next)?.names ?? []) {
      if (name === target) return true;
      if (!seen.has(name)) open.push(name);
      seen.add(name);
    }
  }
  return false;
}
