import { styleText } from 'node:util';
import type { ExplainedCondition, Result } from '../engine/explain/explanation.js';
import { comparisonText } from '../words/condition-words.js';

/** A condition as a tree of lines, each with what came of it. */
export function treeLines(node: ExplainedCondition): string[] {
  return [titleOf(node), ...indented(childrenOf(node).flatMap(treeLines))];
}

/** Only what keeps a condition from coming out as needed. */
export function missingLines(node: ExplainedCondition, needed = true): string[] {
  const own = 'not' in node ? !needed : needed;
  const children = childrenOf(node).filter(({ result }) => result !== own);
  const [only, ...more] = children;
  // A list of which one child is left says nothing that the child does not.
  if (only && more.length === 0 && ('all' in node || 'any' in node)) return missingLines(only, own);
  return [titleOf(node), ...indented(children.flatMap((child) => missingLines(child, own)))];
}

function childrenOf(node: ExplainedCondition): readonly ExplainedCondition[] {
  if ('all' in node) return node.all;
  if ('any' in node) return node.any;
  if ('not' in node) return [node.not];
  return 'condition' in node && node.conditions ? [node.conditions] : [];
}

function titleOf(node: ExplainedCondition): string {
  return `${mark(node.result)} ${wordsOf(node)}`;
}

function wordsOf(node: ExplainedCondition): string {
  if ('all' in node) return 'all of';
  if ('any' in node) return 'any of';
  if ('not' in node) return 'not';
  return 'condition' in node ? `segment ${node.condition}` : comparisonText(node);
}

/** How a result is marked. */
export function mark(result: Result): string {
  if (result === 'unknown') return styleText('yellow', '?');
  return result ? styleText('green', '✓') : styleText('red', '✗');
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
