import { canonical } from '../../engine/language/json.js';
import { asksForElement, findDecorator } from '../../engine/match/operators.js';
import { walkedList } from '../../engine/match/path.js';
import { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { RuleProblem } from '../read/rule-problem.js';
import type { SourceNode } from '../read/source-node.js';
import { findKind } from './kinds.js';

/**
 * Each condition of an `all` that walks a list which another of them walks, too: each is met by some element, and
 * nothing says that it is the same one.
 */
export function elementsApart(files: readonly RuleFile[]): RuleProblem[] {
  const warnings = new Findings();
  for (const file of files) {
    const where = findKind(file.kind)?.conditionsAt;
    const root = where === undefined ? undefined : file.root?.get(where);
    if (root) look(root, (node, message) => warnings.add(file, node.offset, message));
  }
  return warnings.sorted();
}

type Warn = (node: SourceNode, message: string) => void;

/** A condition that some element of a list has to meet. */
interface Walk {
  readonly path: SourceNode;
  /** The fact and the list in it. */
  readonly list: string;
  /** What of an element is looked at. */
  readonly rest: string;
  readonly asksForElement: boolean;
}

function look(node: SourceNode, warn: Warn): void {
  const walks = allOf(node).flatMap((one) => walkOf(one) ?? []);
  for (const [at, walk] of walks.entries())
    if (walks.slice(0, at).some((other) => areApart(walk, other))) warn(walk.path, messageFor(walk));
  // What stands in an `all` inside this one has been looked at with it.
  for (const inner of node.get('all') ? allOf(node) : [node]) for (const one of inside(inner)) look(one, warn);
}

/** What has to hold together: the conditions of an `all`, and of those inside it. */
function allOf(node: SourceNode): SourceNode[] {
  return node.get('all')?.items.flatMap((one) => (one.get('all') ? allOf(one) : [one])) ?? [];
}

function inside(node: SourceNode): SourceNode[] {
  const { items = [] } = node.get('any') ?? {};
  return [...items, node.get('not'), node.get('params', 'where')].filter((one) => one !== undefined);
}

function walkOf(node: SourceNode): Walk | undefined {
  const path = node.get('path');
  const found = path?.text === undefined ? undefined : walkedList(path.text);
  const decorators = node.get('operator')?.text?.split(':') ?? [];
  const base = decorators.pop() ?? '';
  if (!path || !found || !asksForSome(decorators, base)) return undefined;
  const list = canonical([node.get('fact')?.value, node.get('params')?.value, found.list]);
  return { path, list, rest: found.rest, asksForElement: decorators.length === 0 };
}

/** Whether one element is enough: every one, and none, is no matter of which. */
function asksForSome(decorators: readonly string[], base: string): boolean {
  for (const decorator of decorators) {
    const does = findDecorator(decorator)?.does;
    if (does === 'negate') return false;
    if (typeof does === 'object' && does.of === 'fact') return does.which === 'some';
  }
  return asksForElement(base);
}

/** That a list has one value, and another, is said of two elements on purpose. */
function areApart(one: Walk, other: Walk): boolean {
  return one.list === other.list && !(one.rest === other.rest && one.asksForElement && other.asksForElement);
}

function messageFor({ path }: Walk): string {
  return (
    `another condition of this "all" walks the list of ${JSON.stringify(path.value)} too, and each may be met by ` +
    'another element of it; to ask both of one, record each element as an event of its own, and ask for it by ' +
    '"where" of "interactions"'
  );
}
