import type { Json, JsonObject } from '../engine/language/json.js';
import type { ExplainedComparison, MissedCondition } from '../engine/explain/explanation.js';

type Fact = Pick<ExplainedComparison, 'fact' | 'params' | 'path'>;

/** By operator: how it is said of what is, and of what would have had to be. */
const VERBS: Readonly<Record<string, readonly [is: string, hadIt: string, hadItNot: string]>> = {
  equal: ['is', 'been', 'not been'],
  notEqual: ['is not', 'not been', 'been'],
  in: ['is one of', 'been one of', 'not been one of'],
  notIn: ['is none of', 'been none of', 'been one of'],
  contains: ['contains', 'contained', 'not contained'],
  doesNotContain: ['does not contain', 'been a list without', 'not been a list without'],
  lessThan: ['is less than', 'been less than', 'not been less than'],
  lessThanInclusive: ['is at most', 'been at most', 'not been at most'],
  greaterThan: ['is more than', 'been more than', 'not been more than'],
  greaterThanInclusive: ['is at least', 'been at least', 'not been at least'],
};

/** A comparison with the value that it was made with: `session.interactions is at least 3 · it is 1`. */
export function comparisonText(comparison: ExplainedComparison): string {
  return `${claimText(comparison)} · ${actualText(comparison, ['it is', 'there is none', 'not known'])}`;
}

/** A comparison as it is written, in words: `session.interactions is at least 3`. */
export function claimText(comparison: Fact & Pick<ExplainedComparison, 'operator' | 'value' | 'valueResult'>): string {
  const [is] = verbsOf(comparison.operator);
  return `${factText(comparison)} ${is} ${expectedText(comparison)}`;
}

/** What would have had to be: `session.interactions been at least 3; it was 1`, to stand after "had". */
export function missText(missed: MissedCondition): string {
  const [, hadIt, hadItNot] = verbsOf(missed.operator);
  const where = [
    ...(missed.of === 'ELIGIBILITY' ? ['eligibility'] : []),
    ...(missed.segments ?? []).map((id) => `segment ${id}`),
  ];
  const whose = where.length > 0 ? ` (${where.join(', ')})` : '';
  const needed = `${factText(missed)} ${missed.needed ? hadIt : hadItNot} ${expectedText(missed)}${whose}`;
  return `${needed}; ${actualText(missed, ['it was', 'there was none', 'it was not known'])}`;
}

/** A fact as people say it: `profile.address.city`, `count of Product Viewed (within 30d)`. */
export function factText({ fact, params, path }: Fact): string {
  if (fact === 'interactions') return interactionsText(params ?? {}, path);
  const given = params && Object.keys(params).length > 0 ? JSON.stringify(params) : '';
  return `${fact}${given}${pathText(path)}`;
}

function interactionsText(
  { event = 'any event', aggregate = 'count', property, ...more }: JsonObject,
  path: string | undefined,
): string {
  const narrowed = Object.entries(more).flatMap(([name, value]) => narrowing(name, value));
  return `${aggregateText(wordOf(aggregate), wordOf(event), property ?? path)}${narrowed.length > 0 ? ` (${narrowed.join(', ')})` : ''}`;
}

function aggregateText(aggregate: string, event: string, part: Json | undefined): string {
  const [, end] = /^secondsSince(First|Last)$/.exec(aggregate) ?? [];
  if (end !== undefined) return `seconds since the ${end.toLowerCase()} ${event}`;
  if (aggregate === 'first' || aggregate === 'last')
    return `${part === undefined ? '' : `${wordOf(part).replace(/^\$\./, '')} of `}the ${aggregate} ${event}`;
  return part === undefined ? `${aggregate} of ${event}` : `${aggregate} of ${wordOf(part)} over ${event}`;
}

function narrowing(name: string, value: Json): string[] {
  if (name !== 'where') return [`${name} ${wordOf(value)}`];
  const properties = Object.entries(value as JsonObject);
  return properties.map(([property, wanted]) => `${property} ${JSON.stringify(wanted)}`);
}

function pathText(path: string | undefined): string {
  if (path === undefined || path === '$') return '';
  return path.startsWith('$') ? path.slice(1) : `.${path}`;
}

function expectedText({ value, valueResult }: Pick<ExplainedComparison, 'value' | 'valueResult'>): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'fact')) return JSON.stringify(value);
  const other = factText(value as unknown as Fact);
  return valueResult === undefined ? other : `${other}, ${JSON.stringify(valueResult)}`;
}

function actualText(
  { result, factResult, withheld = [] }: ExplainedComparison,
  [known, none, unknown]: readonly [string, string, string],
): string {
  if (result === 'unknown') return unknown;
  const without = withheld.length === 0 ? '' : ` without consent to ${withheld.join(', ')}`;
  return `${factResult === undefined ? none : `${known} ${JSON.stringify(factResult)}`}${without}`;
}

/** Operators with decorators other than `not:` are said as they are written. */
function verbsOf(operator: string): readonly [string, string, string] {
  const plain = operator.startsWith('not:') ? operator.slice('not:'.length) : undefined;
  if (plain !== undefined && Object.hasOwn(VERBS, plain)) return negated(verbsOf(plain));
  return (
    (Object.hasOwn(VERBS, operator) ? VERBS[operator] : undefined) ?? [
      operator,
      `been ${operator}`,
      `not been ${operator}`,
    ]
  );
}

function negated([is, hadIt, hadItNot]: readonly [string, string, string]): readonly [string, string, string] {
  return [is === 'contains' ? 'does not contain' : is.replace(/^is/, 'is not'), hadItNot, hadIt];
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
