/**
 * From conditions to predicates. Every distinct fact and every distinct comparison of a rulebook is given one slot, so
 * that a run computes each at most once, however many rules share it, and only when a rule asks.
 */
import type { Comparison, Condition, FactReference, Json, JsonObject } from './definitions.js';
import { compileOperator, type Operator } from './operators.js';
import { compilePath } from './path.js';

/** How a fact is read from the input of a run. */
export interface FactReader<I> {
  /** Computes the fact; called at most once per run, or once per scope when `scoped`. */
  readonly read: (input: I, run: Run<I>) => unknown;
  /** Whether the value depends on the scope within a run (the placement being decided). */
  readonly scoped: boolean;
  /** Whether the value depends on what is remembered of the visitor. */
  readonly readsVisitor: boolean;
}

/** Finds the reader of a fact; undefined when there is no such fact, whose value is then undefined. */
export type FindFact<I> = (fact: string, params: JsonObject | undefined) => FactReader<I> | undefined;

/** A compiled condition. */
export interface Predicate<I> {
  readonly holds: (run: Run<I>) => boolean;
  /** Whether its answer may depend on what is remembered of the visitor. */
  readonly readsVisitor: boolean;
}

const UNKNOWN = Symbol('not computed yet');

/** The state of one evaluation: what has been computed so far. */
export class Run<I> {
  private readonly values: unknown[];
  private readonly scoped: readonly number[];

  constructor(
    compiler: ConditionCompiler<I>,
    readonly input: I,
  ) {
    this.values = new Array<unknown>(compiler.slotCount).fill(UNKNOWN);
    this.scoped = compiler.scopedSlots;
  }

  /** Forgets what depends on the scope; to be called when the input's scope changes. */
  enterScope(): void {
    for (const slot of this.scoped) this.values[slot] = UNKNOWN;
  }

  /** The slot's value, computed now if it was not before. */
  get(slot: number, compute: (run: Run<I>) => unknown): unknown {
    const known = this.values[slot];
    return known === UNKNOWN ? (this.values[slot] = compute(this)) : known;
  }
}

type Read<I> = (run: Run<I>) => unknown;

interface Slot<I> {
  readonly read: Read<I>;
  readonly scoped: boolean;
  readonly readsVisitor: boolean;
}

/** Compiles the conditions of one rulebook. Conditions must have been checked: what can't be compiled never holds. */
export class ConditionCompiler<I> {
  private readonly slots = new Map<string, Slot<I>>();
  private readonly named = new Map<string, Predicate<I>>();
  private readonly scopedFound: number[] = [];
  private slotsTaken = 0;

  constructor(
    private readonly findFact: FindFact<I>,
    private readonly conditions: ReadonlyMap<string, Condition>,
    private readonly customOperators: Readonly<Record<string, Operator>> = {},
  ) {}

  get slotCount(): number {
    return this.slotsTaken;
  }

  get scopedSlots(): readonly number[] {
    return this.scopedFound;
  }

  /** Starts a run over an input. All conditions must have been compiled before. */
  run(input: I): Run<I> {
    return new Run(this, input);
  }

  compile(condition: Condition): Predicate<I> {
    if ('all' in condition) return all(condition.all.map((child) => this.compile(child)));
    if ('any' in condition) return any(condition.any.map((child) => this.compile(child)));
    if ('not' in condition) return not(this.compile(condition.not));
    if ('condition' in condition) return this.reference(condition.condition);
    return this.comparison(condition);
  }

  private reference(name: string): Predicate<I> {
    const known = this.named.get(name);
    if (known) return known;
    const condition = this.conditions.get(name);
    // A cycle is refused when rules are checked; should one get here, the inner reference never holds.
    this.named.set(name, NEVER);
    const predicate = condition ? this.compile(condition) : NEVER;
    this.named.set(name, predicate);
    return predicate;
  }

  private comparison(condition: Comparison): Predicate<I> {
    const operator = compileOperator(condition.operator, this.customOperators);
    if (!operator) return NEVER;
    const left = this.value(condition);
    const right = this.rightHand(condition.value);
    const key = `?${canonical([condition.operator, factKey(condition), condition.value])}`;
    const slot = this.slot(key, {
      read: (run) => operator(left.read(run), right.read(run)),
      scoped: left.scoped || right.scoped,
      readsVisitor: left.readsVisitor || right.readsVisitor,
    });
    return { holds: (run) => slot.read(run) as boolean, readsVisitor: slot.readsVisitor };
  }

  private rightHand(value: Json): Slot<I> {
    if (isFactReference(value)) return this.value(value);
    return { read: () => value, scoped: false, readsVisitor: false };
  }

  private value(reference: FactReference): Slot<I> {
    const fact = this.fact(reference.fact, reference.params);
    if (reference.path === undefined || reference.path === '') return fact;
    const follow = compilePath(reference.path);
    if (!follow) return { ...fact, read: () => undefined };
    return this.slot(`.${factKey(reference)}`, { ...fact, read: (run) => follow(fact.read(run)) });
  }

  private fact(name: string, params: JsonObject | undefined): Slot<I> {
    const reader = this.findFact(name, params);
    if (!reader) return { read: () => undefined, scoped: false, readsVisitor: false };
    const { read, scoped, readsVisitor } = reader;
    return this.slot(`=${factKey({ fact: name, ...(params && { params }) })}`, {
      read: (run) => read(run.input, run),
      scoped,
      readsVisitor,
    });
  }

  /** The slot of that key: the same one for the same key, so that what rules share is computed once. */
  private slot(key: string, { read, ...rest }: Slot<I>): Slot<I> {
    const known = this.slots.get(key);
    if (known) return known;
    const index = this.slotsTaken++;
    if (rest.scoped) this.scopedFound.push(index);
    const slot = { ...rest, read: (run: Run<I>) => run.get(index, read) };
    this.slots.set(key, slot);
    return slot;
  }
}

const NEVER = { holds: () => false, readsVisitor: false };

function all<I>(children: readonly Predicate<I>[]): Predicate<I> {
  return { holds: (run) => children.every((child) => child.holds(run)), readsVisitor: someReadVisitor(children) };
}

/** An empty `any` is true, as in json-rules-engine. */
function any<I>(children: readonly Predicate<I>[]): Predicate<I> {
  if (children.length === 0) return all(children);
  return { holds: (run) => children.some((child) => child.holds(run)), readsVisitor: someReadVisitor(children) };
}

function not<I>(child: Predicate<I>): Predicate<I> {
  return { holds: (run) => !child.holds(run), readsVisitor: child.readsVisitor };
}

function someReadVisitor(children: readonly { readonly readsVisitor: boolean }[]): boolean {
  return children.some((child) => child.readsVisitor);
}

/** Whether a condition's value stands for another fact. */
export function isFactReference(value: unknown): value is FactReference {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'fact');
}

function factKey({ fact, params, path }: FactReference): string {
  return canonical([fact, params ?? {}, path ?? '']);
}

/** JSON with the names of every object sorted, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
