/**
 * Counts how often each of very many keys was seen. A `Map` ends at 16.7 million keys; this holds 12 bytes for each
 * slot of its tables, outside the heap, and doubles one of 256 small tables at a time.
 *
 * Keys are told apart by 61 bits of their hash: among 100 million rows there is one chance in 500 that two of them are
 * taken for equal, and then only their counts are wrong, the same way on every run.
 */
export class RepeatCounter {
  private readonly tables = Array.from({ length: 256 }, () => new CountTable());

  /** How many different keys were seen. */
  get size(): number {
    return this.tables.reduce((sum, table) => sum + table.size, 0);
  }

  /** How often this key was seen before. `hash` is 8 or more well-mixed bytes. */
  add(hash: Buffer): number {
    const key = hash.readUIntBE(1, 6) * 32 + ((hash[7] ?? 0) & 31);
    // Zero marks an empty slot.
    return this.tables[hash[0] ?? 0]?.add(key + 1) ?? 0;
  }
}

const FULLEST = 0.75;

/** Open addressing with linear probing over plain arrays of numbers. */
class CountTable {
  size = 0;
  private keys = new Float64Array(16);
  private counts = new Uint32Array(16);

  add(key: number): number {
    if (this.size >= this.keys.length * FULLEST) this.grow();
    const slot = this.slotOf(key);
    if (this.keys[slot] === 0) this.put(slot, key, 0);
    const before = this.counts[slot] ?? 0;
    this.counts[slot] = before + 1;
    return before;
  }

  private slotOf(key: number): number {
    const last = this.keys.length - 1;
    let slot = key % this.keys.length;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = slot === last ? 0 : slot + 1;
    return slot;
  }

  private put(slot: number, key: number, count: number): void {
    this.keys[slot] = key;
    this.counts[slot] = count;
    this.size++;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.counts = new Uint32Array(keys.length * 2);
    this.size = 0;
    keys.forEach((key, slot) => {
      if (key !== 0) this.put(this.slotOf(key), key, counts[slot] ?? 0);
    });
  }
}
