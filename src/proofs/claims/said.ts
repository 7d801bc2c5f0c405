import { type Comparison, type Condition, isFactReference } from '../../engine/language/condition-definition.js';
import { factText } from '../../engine/facts/facts.js';

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
