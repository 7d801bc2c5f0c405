import { planAccess, possibleAccesses, type Access } from './access.js';
import type { Tree } from './condition-tree.js';
import type { PostingsData, ProbeData, ScopeData } from './matcher-data.js';
import type { PredicateTable } from './predicate-table.js';

/** With fewer conditions than this, looking at each costs less than asking an index about every value they use. */
const WORTH_AN_INDEX = 40;
/** A plan that is expected to find more than this share of the time saves less than it costs. */
const WORTH_A_PROBE = 0.6;

type Kind = Access['kind'];

/** Builds the index of one scope: `conditions` are the numbers of its conditions, best first. */
export function indexScope<I>(conditions: readonly number[], trees: readonly Tree[], table: PredicateTable<I>): ScopeData {
  const own = conditions.map((condition) => trees[condition]).filter((tree) => tree !== undefined);
  const always: number[] = [];
  const places = new PlaceLists();
  const countKeys = own.length < WORTH_AN_INDEX ? undefined : keyCounter(own, trees, table);
  for (const [place, tree] of own.entries()) {
    const plan = countKeys && planAccess(tree, table, trees, countKeys);
    if (!plan || plan.share > WORTH_A_PROBE) always.push(place);
    else for (const access of plan.entries) places.add(access, place);
  }
  return { conditions: Int32Array.from(conditions), always: Int32Array.from(always), probes: places.probes() };
}

function keyCounter<I>(own: readonly Tree[], trees: readonly Tree[], table: PredicateTable<I>): (value: number, kind: Kind) => number {
  const keys = new Map<string, Set<unknown>>();
  for (const tree of own) {
    for (const { value, kind, key } of possibleAccesses(tree, table, trees)) {
      const name = `${kind} ${value}`;
      const known = keys.get(name);
      if (known) known.add(key);
      else keys.set(name, new Set([key]));
    }
  }
  return (value, kind) => keys.get(`${kind} ${value}`)?.size ?? 0;
}

/** The places found under each key of each probe. */
class PlaceLists {
  private readonly byValue = new Map<number, Map<Kind, Map<unknown, number[]>>>();

  add({ value, kind, key }: Access, place: number): void {
    const kinds = entryOf(this.byValue, value, () => new Map<Kind, Map<unknown, number[]>>());
    const keys = entryOf(kinds, kind, () => new Map<unknown, number[]>());
    const list = entryOf(keys, key, () => []);
    if (list.at(-1) !== place) list.push(place);
  }

  probes(): ProbeData[] {
    return [...this.byValue].map(([value, kinds]) => ({ value, ...Object.fromEntries([...kinds].map(([kind, keys]) => [kind, postings(kind, keys)])) }));
  }
}

function postings(kind: Kind, keys: ReadonlyMap<unknown, readonly number[]>): PostingsData {
  const sorted = kind === 'above' || kind === 'below' ? [...keys].sort(([a], [b]) => (a as number) - (b as number)) : [...keys];
  const starts = new Int32Array(sorted.length + 1);
  for (const [at, [, places]] of sorted.entries()) starts[at + 1] = (starts[at] ?? 0) + places.length;
  return { keys: sorted.map(([key]) => key), starts, places: Int32Array.from(sorted.flatMap(([, places]) => places)) };
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
