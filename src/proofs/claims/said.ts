import type { Comparison, Condition, FactReference } from '../../engine/language/condition-definition.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { isFactReference } from '../../engine/match/fact-reader.js';

/** Longer texts are cut. */
const LONGEST = 160;

/** A condition in one line, in the words of the file it stands in: `profile.age greaterThan 60`. */
export function said(condition: Condition): string {
  const text = conditionText(condition);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function conditionText(condition: Condition): string {
  if ('all' in condition) return listText('all of', condition.all);
  if ('any' in condition) return listText('any of', condition.any);
  if ('not' in condition) return `not ${conditionText(condition.not)}`;
  if ('condition' in condition) return `segment "${condition.condition}"`;
  return comparisonText(condition);
}

function listText(words: string, conditions: readonly Condition[]): string {
  return `(${words}: ${conditions.map(conditionText).join('; ')})`;
}

function comparisonText({ operator, value, ...reference }: Comparison): string {
  return `${factText(reference)} ${operator} ${isFactReference(value) ? factText(value) : JSON.stringify(value)}`;
}

function factText({ fact, params, path }: FactReference): string {
  const inside = path === undefined || path === '$' ? '' : path.startsWith('$') ? path.slice(1) : `.${path}`;
  if (fact === 'interactions') return `${interactionsText(params ?? {})}${inside}`;
  return `${fact}${inside}`;
}

function interactionsText({
  event = 'any event',
  aggregate = 'count',
  property,
  where,
  within,
  channel,
}: JsonObject): string {
  const narrowed = [
    where && JSON.stringify(where),
    within && `within ${wordOf(within)}`,
    channel && `in ${wordOf(channel)}`,
  ].filter((one) => typeof one === 'string');
  const what = property === undefined ? '' : ` ${wordOf(property)}`;
  return `${wordOf(aggregate)} of ${wordOf(event)}${what}${narrowed.length > 0 ? ` (${narrowed.join(', ')})` : ''}`;
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
