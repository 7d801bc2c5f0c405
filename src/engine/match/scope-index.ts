import {
  AccessPlanner,
  possibleAccesses,
  type Access,
  type AccessPlan,
  type AccessSource,
  type KnownKeys,
} from './access.js';
import type { Tree } from './condition-tree.js';
import type { ScopeData } from './matcher-data.js';
import type { PredicateTable } from './predicate-table.js';

/** With fewer conditions than this, looking at each costs less than asking an index about every value they use. */
const WORTH_AN_INDEX = 40;
/** A plan that is expected to find more than this share of the time saves less than it costs. */
const WORTH_A_PROBE = 0.6;

type Kind = Access['kind'];

/** What indexes are built from. */
export interface IndexSource<I> {
  readonly trees: readonly Tree[];
  readonly table: PredicateTable<I>;
  /** The number by which a program knows a value. */
  readonly keyOf: (value: unknown) => number;
}

/** An index, and for each condition that it finds the part that it is found by. */
export interface ScopeIndex {
  readonly scope: ScopeData;
  readonly parts: ReadonlyMap<number, Tree>;
}

/** Builds the index of one scope: `conditions` are the numbers of its conditions, best first. */
export function indexScope<I>(conditions: readonly number[], { trees, table, keyOf }: IndexSource<I>): ScopeIndex {
  const own = conditions.map((condition) => trees[condition]).filter((tree) => tree !== undefined);
  const always: number[] = [];
  const parts = new Map<number, Tree>();
  const places = new PlaceLists(keyOf);
  const plans = own.length < WORTH_AN_INDEX ? [] : planAll(own, { trees, table });
  for (const place of own.keys()) {
    const plan = plans[place];
    if (!plan || plan.share > WORTH_A_PROBE) always.push(place);
    else for (const access of plan.entries) places.add(access, place);
    if (plan?.part) parts.set(conditions[place] as number, plan.part);
  }
  return {
    scope: { conditions: Int32Array.from(conditions), always: Int32Array.from(always), ...places.data() },
    parts,
  };
}

function planAll<I>(own: readonly Tree[], source: AccessSource<I>): readonly (AccessPlan | undefined)[] {
  const planner = new AccessPlanner(source, keysOf(own.flatMap((tree) => possibleAccesses(tree, source))));
  return own.map((tree) => planner.plan(tree));
}

function keysOf(accesses: readonly Access[]): KnownKeys {
  const keys = new Map<number, { kind: Kind; keys: Set<unknown> }>();
  for (const { value, kind, key } of accesses)
    entryOf(keys, probeOf(value, kind), () => ({ kind, keys: new Set() })).keys.add(key);
  const lists = new Map(
    [...keys].map(([probe, known]) => [
      probe,
      isRange(known.kind) ? ([...known.keys] as number[]).sort((a, b) => a - b) : [...known.keys],
    ]),
  );
  return (value, kind) => lists.get(probeOf(value, kind)) ?? [];
}

/** One number for both: they are asked for once for every comparison of every rule. */
function probeOf(value: number, kind: Kind): number {
  return value * PARTS.length + PARTS.indexOf(kind);
}

function isRange(kind: Kind): boolean {
  return kind === 'above' || kind === 'below';
}

/** In the order in which they stand in a probe. */
const PARTS = ['equal', 'contains', 'above', 'below'] as const;

/** The places found under each key of each probe. */
class PlaceLists {
  private readonly byValue = new Map<number, Map<Kind, Map<number, number[]>>>();

  constructor(private readonly keyOf: (value: unknown) => number) {}

  add({ value, kind, key }: Access, place: number): void {
    const number = isRange(kind) ? (key as number) : this.keyOf(key);
    // NaN, which nothing equals.
    if (!isRange(kind) && number < 0) return;
    const kinds = entryOf(this.byValue, value, () => new Map<Kind, Map<number, number[]>>());
    const list = entryOf(
      entryOf(kinds, kind, () => new Map<number, number[]>()),
      number,
      () => [],
    );
    if (list.at(-1) !== place) list.push(place);
  }

  data(): Pick<ScopeData, 'probes' | 'keys' | 'starts' | 'places'> {
    const [probes, keys, starts, places] = [[] as number[], [] as number[], [] as number[], [] as number[]];
    for (const [value, kinds] of this.byValue) {
      probes.push(value);
      for (const kind of PARTS) {
        for (const [key, list] of [...(kinds.get(kind) ?? [])].sort(([a], [b]) => a - b)) {
          keys.push(key);
          starts.push(places.length);
          for (const place of list) places.push(place);
        }
        probes.push(keys.length);
      }
    }
    starts.push(places.length);
    return {
      probes: Int32Array.from(probes),
      keys: Float64Array.from(keys),
      starts: Int32Array.from(starts),
      places: Int32Array.from(places),
    };
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
