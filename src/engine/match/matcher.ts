import { canonical } from '../language/json.js';
import type { FactReference } from '../language/condition-definition.js';
import type { FactReader, FindFact } from './fact-reader.js';
import type { MatcherData } from './matcher-data.js';
import type { CustomOperator, Operator } from './operator-declaration.js';
import { compileOperator } from './operators.js';
import { compilePath, definiteNames } from './path.js';
import { UNKNOWN } from './program.js';
import { RuleIndex } from './rule-index.js';
import { Run, RunMemory, type Matches, type RunMatcher } from './run.js';

/** Computes a value of a run. */
export type ReadValue<I> = (run: Run<I>) => unknown;

/** Matches inputs against compiled conditions: synchronous, and the same answer for the same input. */
export class Matcher<I> implements RunMatcher<I> {
  readonly operations: readonly Operator[];
  private readonly indexes: ReadonlyMap<string, RuleIndex>;
  private keys: ReadonlyMap<unknown, number> | undefined;
  private slots: ReadonlyMap<string, number> | undefined;
  /** The memory of a run that has ended, for the next one. */
  private spare: RunMemory | undefined;
  private readonly reads: (ReadValue<I> | undefined)[] = [];

  constructor(
    readonly data: MatcherData,
    private readonly findFact: FindFact<I>,
    operators: Readonly<Record<string, CustomOperator>> = {},
  ) {
    this.operations = data.operators.map((name) => compileOperator(name, operators) ?? never);
    this.indexes = new Map([...data.scopes].map(([id, scope]) => [id, new RuleIndex(scope)]));
  }

  /** Starts a run over an input. `end` it when done, and the next one costs less. */
  run(input: I): Run<I> {
    const memory = this.spare ?? new RunMemory(this.data);
    this.spare = undefined;
    return new Run(this, input, memory);
  }

  match(scope: string, run: Run<I>, matches: Matches): void {
    this.indexes.get(scope)?.match(run, matches);
  }

  /**
   * The number of a value; undefined where no condition asks for it. Only explaining asks, so the table is made then.
   */
  slotOf(reference: FactReference): number | undefined {
    this.slots ??= slotsOf(this.data);
    return this.slots.get(keyOf(reference));
  }

  /** Whether a value depends on what is remembered of the visitor. */
  readsVisitor({ fact, params }: FactReference): boolean {
    return this.findFact(fact, params)?.readsVisitor ?? false;
  }

  /** Computes a value; how is worked out when it is first asked for. */
  read(slot: number, run: Run<I>): unknown {
    return (this.reads[slot] ??= this.compileRead(slot))(run);
  }

  /** The number by which steps know a value. */
  keyOf(value: unknown): number {
    return (this.keys ?? this.numberKeys()).get(value) ?? UNKNOWN;
  }

  /** Does in small steps, one per item, what the first runs would otherwise wait for. */
  *warmUp(): Generator<void> {
    this.numberKeys();
    yield;
  }

  /** Takes back the memory of a run that has ended. */
  recycle(memory: RunMemory): void {
    this.spare = memory;
  }

  private numberKeys(): ReadonlyMap<unknown, number> {
    return (this.keys ??= new Map(this.data.program.keys.map((key, number) => [key, number])));
  }

  private compileRead(slot: number): ReadValue<I> {
    const { fact, params, path } = this.data.values[slot] ?? { fact: '' };
    if (path) {
      const part = compilePart(path, this.findFact(fact, params));
      if (part) return part;
      const whole = this.data.wholes[slot] ?? slot;
      const follow = compilePath(path);
      return follow ? (run) => follow(run.value(whole)) : nothing;
    }
    const read = this.findFact(fact, params)?.read;
    return read ? (run) => read(run.input, run) : nothing;
  }
}

function compilePart<I>(path: string, reader: FactReader<I> | undefined): ReadValue<I> | undefined {
  const names = reader?.readPart && definiteNames(path);
  const read = names && reader.readPart?.(names);
  return read && ((run) => read(run.input, run));
}

function nothing(): undefined {
  return undefined;
}

function slotsOf({ values }: MatcherData): ReadonlyMap<string, number> {
  return new Map(values.map((value, slot) => [keyOf(value), slot]));
}

function keyOf({ fact, params, path }: FactReference): string {
  // Sorting names costs most of it, and few facts take params.
  return params ? canonical([fact, params, path ?? '']) : JSON.stringify([fact, {}, path ?? '']);
}

function never(): boolean {
  return false;
}
