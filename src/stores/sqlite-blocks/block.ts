/** One thing that is recorded of a decision. */
export interface Entry {
  /** Its JSON: no line break is in it. */
  readonly line: string;
  /** The id that was asked for. */
  readonly id: string;
  /** When it was decided, in milliseconds since the epoch. */
  readonly at: number;
  /** The key of the visitor's state that it needs. */
  readonly state?: string | undefined;
}

/** Entries that lie in one row of a file, in their order. */
export interface Block {
  /** Their lines. */
  readonly body: string;
  /** How many they are. */
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The ids that were asked for, perhaps some more than once. */
  readonly ids: readonly string[];
  /** The keys of the states that they need, each once. */
  readonly states: readonly string[];
}

/** The time from the first to the last decision of a block is at most so long: who looks for a time looks near it. */
export const MOST_MS = 10_000;

const MOST_ENTRIES = 256;
/** In characters. One entry may be longer. */
const MOST_LENGTH = 256 * 1024;

/** Blocks of entries, in their order, none of them too large. */
export function blocksOf(entries: readonly Entry[]): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < entries.length;) {
    const to = endOfBlock(entries, from);
    blocks.push(blockOf(entries.slice(from, to)));
    from = to;
  }
  return blocks;
}

/** The block of these entries. */
export function blockOf(entries: readonly Entry[]): Block {
  const times = entries.map(({ at }) => at);
  const states = new Set(entries.flatMap(({ state }) => state ?? []));
  return {
    body: entries.map(({ line }) => line).join('\n'),
    count: entries.length,
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    ids: entries.map(({ id }) => id),
    states: [...states],
  };
}

function endOfBlock(entries: readonly Entry[], from: number): number {
  let [first, last, length] = [Infinity, -Infinity, 0];
  for (let to = from; to < entries.length; to++) {
    const { at, line } = entries[to] as Entry;
    [first, last, length] = [Math.min(first, at), Math.max(last, at), length + line.length];
    const isTooMuch = to - from === MOST_ENTRIES || last - first > MOST_MS || length > MOST_LENGTH;
    if (isTooMuch && to > from) return to;
  }
  return entries.length;
}
