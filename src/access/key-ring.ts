import { timingSafeEqual } from 'node:crypto';
import { digestOf, type Key } from './read-keys.js';
import { grantsOf, type Scope } from './scopes.js';

/** Whom a key makes of its caller. */
export interface Caller {
  readonly scope: Scope;
  readonly grants: ReadonlySet<Scope>;
  /** A fingerprint that tells keys apart without telling one: its scope and the first 8 hex digits of its SHA-256. */
  readonly who: string;
}

/** The keys that are known. How long a look takes says nothing of them: all are compared, by their digests. */
export class KeyRing {
  constructor(private readonly keys: readonly Key[]) {}

  /** Whether there are any; without, the service is open to whoever reaches it. */
  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /** The caller who shows a key; undefined for one that is not known. */
  find(key: string): Caller | undefined {
    const digest = digestOf(key);
    let found: Key | undefined;
    for (const known of this.keys) if (timingSafeEqual(known.digest, digest)) found = known;
    if (!found) return undefined;
    const { scope, digest: known } = found;
    return { scope, grants: grantsOf(scope), who: `${scope}:${known.toString('hex', 0, 4)}` };
  }
}
