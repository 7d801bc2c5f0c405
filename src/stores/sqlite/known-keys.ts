/** About a megabyte. */
const MOST = 10_000;

/** Keys that were seen lately, the latest so many. */
export class KnownKeys {
  private readonly keys = new Set<string>();

  constructor(private readonly most = MOST) {}

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** The oldest go where there are too many. */
  add(keys: readonly string[]): void {
    for (const key of keys) this.keys.add(key);
    for (const key of this.keys) {
      if (this.keys.size <= this.most) break;
      this.keys.delete(key);
    }
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.keys.delete(key);
  }
}
