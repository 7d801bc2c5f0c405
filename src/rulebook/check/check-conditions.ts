import { checkComparison } from './check-comparison.js';
import type { ConditionScope } from './condition-scope.js';
import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import { shown } from './shape-message.js';
import type { SourceNode } from '../read/source-node.js';
import { didYouMean, suggest } from '../read/suggest.js';

/**
 * Makes the check that walks the conditions which stand under a name of a file's root: those of a rule or a segment, or
 * the eligibility of an offer.
 */
export function checkConditionsAt(
  where: string,
  { inSegment = false }: { readonly inSegment?: boolean } = {},
): (file: RuleFile, index: RuleIndex, findings: Findings) => void {
  return (file, index, findings) => {
    const root = file.root?.get(where);
    if (!root) return;
    const report = (offset: number, message: string): void => findings.add(file, offset, message);
    const named: ConditionScope['named'] = (what) =>
      what === 'group' ? groupsIn(index) : index.ids(what === 'offer' ? 'offers' : 'placements');
    checkRoot(root, where, { segments: index.ids('segments'), named, inSegment, anyFact: false, report });
  };
}

function groupsIn(index: RuleIndex): string[] {
  return index.files('offers').flatMap(({ root }) => root?.get('group')?.text ?? []);
}

const BRANCHES = ['all', 'any', 'not', 'condition'] as const;
const COMPARISON_PARTS = ['fact', 'operator', 'value'] as const;

function checkRoot(root: SourceNode, name: string, scope: ConditionScope): void {
  if (!root.isObject)
    return scope.report(root.offset, `"${name}" must be an object such as { "all": [ … ] }; got ${shown(root.value)}`);
  const isBare = !BRANCHES.some((branch) => root.get(branch)) && COMPARISON_PARTS.some((part) => root.get(part));
  if (isBare)
    scope.report(
      root.offset,
      `"${name}" must begin with all, any, not or condition; put this comparison into { "all": [ … ] }`,
    );
  checkCondition(root, scope);
}

/** Checks one condition and everything inside it. */
export function checkCondition(node: SourceNode, scope: ConditionScope): void {
  if (!node.isObject)
    return scope.report(node.offset, `a condition must be an object such as { "fact": … }; got ${shown(node.value)}`);
  const [branch, ...others] = [...node.members.keys()].filter((name) => (BRANCHES as readonly string[]).includes(name));
  for (const other of others) {
    scope.report(
      node.keyOffset(other),
      `"${other}" stands beside "${branch}" in one condition, where only one of the two would count; ` +
        'put one inside the other',
    );
  }
  if (branch === undefined) checkLeaf(node, scope);
  else checkBranch(branch, node, scope);
  checkPriority(node, scope);
}

function checkBranch(branch: string, node: SourceNode, scope: ConditionScope): void {
  for (const name of node.members.keys()) {
    if (name === 'name' || name === 'priority' || (BRANCHES as readonly string[]).includes(name)) continue;
    const message = (COMPARISON_PARTS as readonly string[]).includes(name)
      ? `"${name}" stands beside "${branch}" in one condition, where it would not count; ` +
        'put the comparison into an object of its own'
      : `unknown property "${name}" beside "${branch}"; remove it`;
    scope.report(node.keyOffset(name), message);
  }
  const inner = node.get(branch);
  if (!inner) return;
  if (branch === 'condition') checkReference(inner, scope);
  else if (branch === 'not') checkNot(inner, scope);
  else checkList(branch, inner, scope);
}

function checkList(branch: string, list: SourceNode, scope: ConditionScope): void {
  if (!list.isList)
    return scope.report(list.offset, `"${branch}" must be a list of conditions [ … ]; got ${shown(list.value)}`);
  for (const item of list.items) checkCondition(item, scope);
}

function checkNot(inner: SourceNode, scope: ConditionScope): void {
  if (inner.isList)
    return scope.report(inner.offset, '"not" takes one condition, not a list; write "not": { "any": [ … ] }');
  checkCondition(inner, scope);
}

function checkReference(node: SourceNode, scope: ConditionScope): void {
  if (scope.anyFact)
    return scope.report(node.offset, 'a segment can\'t be used inside "where"; write its conditions out');
  if (node.text === undefined)
    return scope.report(node.offset, `"condition" must be the id of a segment; got ${shown(node.value)}`);
  if (scope.segments.includes(node.text)) return;
  scope.report(
    node.offset,
    `unknown segment "${node.text}"${didYouMean(node.text, scope.segments) || '; there is no file in segments/ yet'}`,
  );
}

function checkLeaf(node: SourceNode, scope: ConditionScope): void {
  if (COMPARISON_PARTS.some((part) => node.get(part))) return checkComparison(node, scope, checkCondition);
  for (const name of node.members.keys()) {
    const meant = suggest(name, [...BRANCHES, ...COMPARISON_PARTS]);
    if (meant !== undefined)
      return scope.report(node.keyOffset(name), `unknown property "${name}"; did you mean "${meant}"?`);
  }
  scope.report(
    node.offset,
    'a condition needs "all", "any", "not", "condition", or "fact" with "operator" and "value"',
  );
}

function checkPriority(node: SourceNode, scope: ConditionScope): void {
  const priority = node.get('priority');
  if (priority && !(Number.isInteger(priority.value) && Number(priority.value) >= 1)) {
    scope.report(priority.offset, `"priority" must be a whole number of 1 or more; got ${shown(priority.value)}`);
  }
  const name = node.get('name');
  if (name && name.text === undefined) scope.report(name.offset, `"name" must be a text; got ${shown(name.value)}`);
}
