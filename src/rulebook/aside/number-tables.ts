/** Tables of numbers on their way between processes: cut into slices, put together again. */

type Numbers = Int32Array | Uint8Array | Float64Array;

/** A piece of a table. */
export interface NumberSlice {
  readonly kind: 'numbers';
  readonly group: string;
  readonly name: string;
  /** Of the whole table. */
  readonly length: number;
  /** Where the piece begins. */
  readonly at: number;
  readonly numbers: Numbers;
}

/** Numbers in one slice: at most half a megabyte. */
const SLICE_LENGTH = 65_536;

/** The slices of the tables of a group, by name. An empty table is one empty slice. */
export function* numberSlices(group: string, tables: Readonly<Record<string, Numbers>>): Generator<NumberSlice> {
  for (const [name, numbers] of Object.entries(tables)) {
    let at = 0;
    do {
      yield { kind: 'numbers', group, name, length: numbers.length, at, numbers: numbers.slice(at, at + SLICE_LENGTH) };
      at += SLICE_LENGTH;
    } while (at < numbers.length);
  }
}

/** Puts slices together again. */
export class NumberTables {
  private readonly groups = new Map<string, Map<string, Numbers>>();

  take({ group, name, length, at, numbers }: NumberSlice): void {
    const tables = this.groups.get(group) ?? new Map<string, Numbers>();
    this.groups.set(group, tables);
    const table = tables.get(name) ?? emptyLike(numbers, length);
    tables.set(name, table);
    table.set(numbers, at);
  }

  /** The tables of a group by name, as the caller knows them to be. */
  group<T extends object>(group: string): T {
    return Object.fromEntries(this.groups.get(group) ?? []) as T;
  }
}

/** By width, which is another for each of the three. */
function emptyLike({ BYTES_PER_ELEMENT: width }: Numbers, length: number): Numbers {
  if (width === 8) return new Float64Array(length);
  return width === 1 ? new Uint8Array(length) : new Int32Array(length);
}
