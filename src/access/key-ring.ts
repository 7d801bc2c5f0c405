import { timingSafeEqual } from 'node:crypto';
import { digestOf, type Key } from './read-keys.js';
import { grantsOf, type Scope } from './scopes.js';

/** The keys that are known. How long a look takes says nothing of them: all are compared, by their digests. */
export class KeyRing {
  constructor(private readonly keys: readonly Key[]) {}

  /** Whether there are any; without, the service is open to whoever reaches it. */
  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /** What a key may do; undefined for one that is not known. */
  grants(key: string): ReadonlySet<Scope> | undefined {
    const digest = digestOf(key);
    let found: Key | undefined;
    for (const known of this.keys) if (timingSafeEqual(known.digest, digest)) found = known;
    return found && grantsOf(found.scope);
  }
}
