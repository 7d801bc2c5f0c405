/**
 * Access predicates: for each condition one necessary predicate that an index can answer, chosen so that few conditions
 * have to be looked at. After *Propagation* (Fabret et al., Le Subscribe, SIGMOD 2001) and A-Tree (SIGMOD 2021).
 */
import type { Leaf, Tree } from './condition-tree.js';
import type { Json } from '../language/json.js';
import { NAMED_CONDITION } from './matcher-data.js';
import type { Meaning } from './operator-declaration.js';
import { findOperator } from './operators.js';
import type { Predicate, PredicateTable } from './predicate-table.js';

/** How an index finds a condition: under a key, in one of the probes of a value. */
export interface Access {
  readonly value: number;
  readonly kind: 'equal' | 'contains' | 'above' | 'below';
  readonly key: unknown;
}

/** Where a condition is found; it is found whenever it holds, and `share` is how often that is expected. */
export interface AccessPlan {
  readonly entries: readonly Access[];
  readonly share: number;
  /** The part of the condition that the plan is about, which mostly holds when the condition is found. */
  readonly part?: Tree;
}

/** The distinct keys of each probe: the more there are, the rarer each. Bounds are sorted. */
export type KnownKeys = (value: number, kind: Access['kind']) => readonly unknown[];

/** What conditions are made of. */
export interface AccessSource<I> {
  readonly trees: readonly (Tree | undefined)[];
  readonly table: PredicateTable<I>;
}

/** Plans how an index finds conditions. */
export class AccessPlanner<I> {
  /** By number, the plans of conditions that others name. */
  private readonly named = new Map<number, AccessPlan | undefined>();

  constructor(
    private readonly source: AccessSource<I>,
    private readonly knownKeys: KnownKeys,
  ) {}

  /** The best plan for a condition; undefined when nothing an index can answer is necessary for it. */
  plan(tree: Tree): AccessPlan | undefined {
    if (tree.kind === 'leaf') return this.planLeaf(tree);
    const plans = tree.children.map((child) => this.plan(child));
    if (tree.kind === 'all')
      return rarest(plans.map((plan, at) => plan && { ...plan, part: tree.children[at] as Tree }));
    const found = plans.filter((plan) => plan !== undefined);
    if (found.length < plans.length) return undefined;
    return {
      entries: found.flatMap((plan) => plan.entries),
      share: Math.min(
        1,
        found.reduce((sum, plan) => sum + plan.share, 0),
      ),
    };
  }

  private planLeaf(leaf: Leaf): AccessPlan | undefined {
    const inner = namedCondition(leaf, this.source.table);
    if (inner === undefined) return this.withShare(leafAccess(leaf, this.source.table));
    const tree = this.source.trees[inner];
    if (!this.named.has(inner)) this.named.set(inner, tree && this.plan(tree));
    return this.named.get(inner);
  }

  private withShare(entries: readonly Access[] | undefined): AccessPlan | undefined {
    if (!entries) return undefined;
    const likely = entries.reduce(
      (sum, { value, kind, key }) => sum + likelihood(kind, key, this.knownKeys(value, kind)),
      0,
    );
    return { entries, share: Math.min(1, likely) };
  }
}

function rarest(plans: readonly (AccessPlan | undefined)[]): AccessPlan | undefined {
  return plans.reduce((best, plan) => (plan && (!best || plan.share < best.share) ? plan : best), undefined);
}

/**
 * Every access that some plan could use, so that keys can be counted before plans are made. `seen` are the named
 * conditions that were looked into.
 */
export function possibleAccesses<I>(tree: Tree, source: AccessSource<I>, seen = new Set<number>()): readonly Access[] {
  if (tree.kind !== 'leaf') return tree.children.flatMap((child) => possibleAccesses(child, source, seen));
  const named = namedCondition(tree, source.table);
  if (named === undefined) return leafAccess(tree, source.table) ?? [];
  const inner = source.trees[named];
  if (!inner || seen.has(named)) return [];
  seen.add(named);
  return possibleAccesses(inner, source, seen);
}

/** The number of the condition that a leaf names; undefined where it names none, or its opposite. */
function namedCondition<I>(leaf: Leaf, table: PredicateTable<I>): number | undefined {
  const predicate = table.predicates[leaf.predicate];
  return predicate?.operator === NAMED_CONDITION && !leaf.negated ? predicate.left : undefined;
}

/** Those who write bounds spread them over the values there are: of three, the highest is passed by a quarter. */
function likelihood(kind: Access['kind'], key: unknown, keys: readonly unknown[]): number {
  if (kind === 'above') return (keys.length - rank(keys as readonly number[], key as number)) / (keys.length + 1);
  if (kind === 'below') return (rank(keys as readonly number[], key as number) + 1) / (keys.length + 1);
  if (typeof key === 'boolean') return 0.5;
  return kind === 'contains' ? Math.min(0.5, 3 / (keys.length + 1)) : Math.min(0.4, 1 / (keys.length + 1));
}

/** How many of the sorted bounds are less than this one. */
function rank(sorted: readonly number[], bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function leafAccess<I>({ predicate: number, negated }: Leaf, table: PredicateTable<I>): readonly Access[] | undefined {
  const predicate = table.predicates[number];
  if (!predicate || predicate.operator === NAMED_CONDITION || predicate.right < 0) return undefined;
  return byAbsence(predicate, negated, table) ?? byOperator(predicate, negated, table);
}

/** What a fact says of something that never happened can't make the predicate hold: so it must have happened. */
function byAbsence<I>(predicate: Predicate, negated: boolean, table: PredicateTable<I>): readonly Access[] | undefined {
  const { absence } = table.reader(predicate.left);
  if (!absence || table.test(predicate, absence.value) !== negated) return undefined;
  return [{ value: table.value(absence.list), kind: 'contains', key: absence.text }];
}

function byOperator<I>(
  { left, operator, right }: Predicate,
  negated: boolean,
  table: PredicateTable<I>,
): readonly Access[] | undefined {
  const written = table.operators[operator] ?? '';
  // An operator of one's own may go by a built-in name and mean something else.
  if (Object.hasOwn(table.customOperators, written)) return undefined;
  const meaning = findOperator(written)?.meaning;
  return probesFor(negated ? negation(meaning) : meaning, left, table.literals[right] as Json);
}

function negation(meaning: Meaning | undefined): Meaning | undefined {
  return meaning?.asks === 'opposite' && !meaning.ofLists ? findOperator(meaning.of)?.meaning : undefined;
}

function probesFor(meaning: Meaning | undefined, value: number, literal: Json): readonly Access[] | undefined {
  switch (meaning?.asks) {
    case 'sameness':
      return [{ value, kind: 'equal', key: literal }];
    case 'element':
      return [{ value, kind: 'contains', key: literal }];
    case 'membership':
      return Array.isArray(literal) ? literal.map((key: Json) => ({ value, kind: 'equal', key })) : undefined;
    case 'bound':
      return typeof literal === 'number' && !Number.isNaN(literal)
        ? [{ value, kind: meaning.side, key: literal }]
        : undefined;
    default:
      return undefined;
  }
}
