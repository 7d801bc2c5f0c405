import { toTree, type Tree } from './condition-tree.js';
import type { Comparison, Condition, FactReference } from '../language/condition-definition.js';
import type { FindFact } from './fact-reader.js';
import { cheapestFirst, estimate } from './likelihood.js';
import { FAILS, HOLDS, type MatcherData, type ScopeData } from './matcher-data.js';
import type { CustomOperator } from './operator-declaration.js';
import { PredicateTable } from './predicate-table.js';
import { Operands, toProgram } from './program.js';
import { indexScope } from './scope-index.js';

/** What conditions are compiled against. */
export interface BuildOptions<I> {
  readonly findFact: FindFact<I>;
  /** The conditions that others may name. */
  readonly named?: ReadonlyMap<string, Condition>;
  readonly operators?: Readonly<Record<string, CustomOperator>>;
}

/**
 * Compiles conditions into {@link MatcherData}. Conditions must have been checked: what can't be compiled never holds.
 * Pure data comes out, so this may run in another thread.
 */
export class MatcherBuilder<I> {
  private readonly table: PredicateTable<I>;
  private readonly conditions: ReadonlyMap<string, Condition>;
  private readonly trees: Tree[] = [];
  private readonly named = new Map<string, number | undefined>();
  private readonly operands = new Operands();
  private readonly code: number[] = [];
  /** By condition, the part by which an index finds it. */
  private readonly foundBy = new Map<number, Tree>();
  private readonly scopes = new Map<string, ScopeData>();

  constructor({ findFact, named = new Map(), operators = {} }: BuildOptions<I>) {
    this.table = new PredicateTable(findFact, operators);
    this.conditions = named;
  }

  /** Compiles a condition and gives its number. */
  add(condition: Condition): number {
    const tree = this.ordered(
      toTree(condition, {
        comparison: (one) => this.listed(one, 'element') ?? this.table.comparison(one),
        opposite: (one) => this.listed(one, 'opposite'),
        named: (name) => this.predicateOf(name),
      }),
    );
    return this.trees.push(tree) - 1;
  }

  /** The number of a named condition; it is compiled when first asked for. */
  addNamed(name: string): number {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    const number = this.add(this.conditions.get(name) ?? { not: { all: [] } });
    this.named.set(name, number);
    return number;
  }

  /** Says which conditions are matched together, best first. */
  scope(id: string, conditions: readonly number[]): void {
    const { scope, parts } = indexScope(conditions, {
      trees: this.trees,
      table: this.table,
      keyOf: (value) => this.operands.keyOf(value),
    });
    this.scopes.set(id, scope);
    for (const [condition, part] of parts) this.foundBy.set(condition, part);
  }

  build(): MatcherData {
    const { values, operators, literals, predicates } = this.table;
    const data = {
      values,
      wholes: Int32Array.from(values, (value, number) => (value.path ? this.table.value(withoutPath(value)) : number)),
      scopedValues: Uint8Array.from(values, (_value, number) => Number(this.table.reader(number).scoped)),
      operators,
      literals,
      left: Int32Array.from(predicates, (one) => one.left),
      operator: Int32Array.from(predicates, (one) => one.operator),
      right: Int32Array.from(predicates, (one) => one.right),
      scoped: Uint8Array.from(predicates, (one) => Number(one.scoped)),
      readsVisitor: Uint8Array.from(this.trees, (tree) => Number(this.some(tree, 'readsVisitor'))),
      scopes: this.scopes,
    };
    const entries = this.trees.map((tree, number) =>
      this.emit(this.some(tree, 'custom') ? tree : foundPartLast(tree, this.foundBy.get(number)), HOLDS, FAILS),
    );
    return {
      ...data,
      program: toProgram(data, { code: this.code, entries, operands: this.operands }, this.table.customOperators),
    };
  }

  /** A named condition is one predicate, so that many rules share one evaluation of it. */
  private predicateOf(name: string): number | undefined {
    if (!this.conditions.has(name)) return undefined;
    // A cycle is refused when rules are checked; should one get here, the inner reference never holds.
    if (this.named.has(name) && this.named.get(name) === undefined) return undefined;
    if (!this.named.has(name)) this.named.set(name, undefined);
    const entry = this.addNamed(name);
    const tree = this.trees[entry] as Tree;
    const flags = {
      scoped: this.some(tree, 'scoped'),
      readsVisitor: this.some(tree, 'readsVisitor'),
      custom: this.some(tree, 'custom'),
    };
    return this.table.named(entry, { ...flags, ...estimate(tree, this.table.predicates) });
  }

  /**
   * Whether a list of the conditions that hold contains one of them is asked of that one alone: all others would be
   * worked out for it. It counts as reading what the list does.
   */
  private listed(comparison: Comparison, asks: 'element' | 'opposite'): number | undefined {
    const { value, path } = comparison;
    if (this.conditions.size === 0 || typeof value !== 'string' || path !== undefined) return undefined;
    if (!this.conditions.has(value)) return undefined;
    if (!this.table.asksForElement(comparison, asks)) return undefined;
    const list = this.table.reader(this.table.value(comparison));
    if (!list.listsConditions) return undefined;
    const inner = this.predicateOf(value);
    const named = inner === undefined ? undefined : this.table.predicates[inner];
    if (!named) return undefined;
    // Whoever explains asks for the list and the operator as they are written.
    this.table.comparison(comparison);
    return this.table.named(named.left, { ...named, readsVisitor: list.readsVisitor }, 'listed');
  }

  private some(tree: Tree, what: 'scoped' | 'readsVisitor' | 'custom'): boolean {
    if (tree.kind !== 'leaf') return tree.children.some((child) => this.some(child, what));
    return this.table.predicates[tree.predicate]?.[what] ?? false;
  }

  /** The cheapest first; but before what may throw comes what its priorities put before it, to keep it from that. */
  private ordered(tree: Tree): Tree {
    if (tree.kind === 'leaf') return tree;
    const parts = tree.children.map((child) => this.ordered(child));
    const children = cheapestFirst(tree.kind, parts, this.table.predicates);
    return { ...tree, children: this.some(tree, 'custom') ? byPriority(children) : children };
  }

  /** Emits the code of a tree, last step first, so that where to go on is always known; gives where it begins. */
  private emit(tree: Tree, whenHolds: number, whenFails: number): number {
    if (tree.kind === 'leaf') {
      const [yes, no] = tree.negated ? [whenFails, whenHolds] : [whenHolds, whenFails];
      return this.code.push(tree.predicate, yes, no) - 3;
    }
    const backwards = tree.children.toReversed();
    if (tree.kind === 'all') return backwards.reduce((next, child) => this.emit(child, next, whenFails), whenHolds);
    return backwards.reduce((next, child) => this.emit(child, whenHolds, next), whenFails);
  }
}

function byPriority(children: readonly Tree[]): Tree[] {
  return children.toSorted((a, b) => (b.priority ?? 1) - (a.priority ?? 1));
}

/** When an index has found a condition, what it was found by tells least. */
function foundPartLast(tree: Tree, part: Tree | undefined): Tree {
  if (tree.kind !== 'all' || !part || tree.children.length < 2) return tree;
  return { kind: 'all', children: [...tree.children.filter((child) => child !== part), part] };
}

function withoutPath({ fact, params }: FactReference): FactReference {
  return { fact, ...(params && { params }) };
}
