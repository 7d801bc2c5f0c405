import type { Millis } from '../../engine/language/millis.js';
import type { Glance } from './glance.js';

/** How many glances are kept, and for how long. */
export interface GlancesOptions {
  /** So many bytes at most, all together. */
  readonly mostBytes?: number;
  /** So long after a document was looked at as it lay in the store. */
  readonly mostAgeMs?: number;
  readonly now?: () => Millis;
}

/** Some 20,000 visitors with 100 interactions. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_AGE_MS = 120_000;

/** Of so many looks back at what came of glances, in units of a right one. */
const MOST_TRUST = 100;
/** A wrong one costs a save for nothing, twice what a right one spares. */
const WRONG = 2;

interface Kept {
  readonly glance: Glance;
  readonly lookedAt: Millis;
  readonly size: number;
}

/**
 * What was found out about the visitors of the last minutes, by the id that each is kept under. A glance is never taken
 * for what the store has: it tells what may be written from its version, and where another process has changed the
 * document, the store refuses that.
 */
export class Glances {
  private readonly mostBytes: number;
  private readonly mostAgeMs: number;
  private readonly now: () => Millis;
  /** Those used since it was begun, and those before: what is used of the older ones goes among the younger. */
  private younger = new Map<string, Kept>();
  private older = new Map<string, Kept>();
  private bytes = 0;
  private begunAt: Millis;
  private trust = MOST_TRUST;

  constructor({ mostBytes = MOST_BYTES, mostAgeMs = MOST_AGE_MS, now = Date.now }: GlancesOptions = {}) {
    [this.mostBytes, this.mostAgeMs, this.now] = [mostBytes, mostAgeMs, now];
    this.begunAt = now();
  }

  /**
   * Whether most glances turn out to be of what the store has: where several processes write to the same visitors in
   * turns, hardly any is, and it is cheaper to read the documents.
   */
  get areTrusted(): boolean {
    return this.trust > MOST_TRUST / 2;
  }

  /** That a glance was, or was not, of what the store has. */
  turnedOut(isRight: boolean): void {
    this.trust = isRight ? Math.min(MOST_TRUST, this.trust + 1) : Math.max(0, this.trust - WRONG);
  }

  /** Undefined where there is none that is young enough. */
  get(id: string): Glance | undefined {
    let kept = this.younger.get(id);
    if (!kept) {
      kept = this.older.get(id);
      if (!kept) return undefined;
      this.add(id, kept);
    }
    if (this.now() - kept.lookedAt <= this.mostAgeMs) return kept.glance;
    this.drop([id]);
    return undefined;
  }

  /** Keeps one that was made of what the store has. */
  put(id: string, glance: Glance): void {
    this.add(id, { glance, lookedAt: this.now(), size: glance.size });
  }

  /** Forgets these, as they are not what the store has any more. */
  drop(ids: Iterable<string>): void {
    for (const id of ids) {
      this.bytes -= this.younger.get(id)?.size ?? 0;
      this.younger.delete(id);
      this.older.delete(id);
    }
  }

  /** Forgets all that are too old to be asked for. */
  dropOld(): void {
    const now = this.now();
    for (const [id, { lookedAt }] of [...this.younger, ...this.older])
      if (now - lookedAt > this.mostAgeMs) this.drop([id]);
  }

  /** How many there are. */
  get count(): number {
    return this.younger.size + this.older.size;
  }

  private add(id: string, kept: Kept): void {
    this.drop([id]);
    const now = this.now();
    if (this.bytes + kept.size > this.mostBytes / 2 || now - this.begunAt > this.mostAgeMs) {
      [this.older, this.bytes, this.begunAt] = [this.younger, 0, now];
      this.younger = new Map();
    }
    if (kept.size > this.mostBytes / 2) return;
    this.younger.set(id, kept);
    this.bytes += kept.size;
  }
}
