import { createHmac, timingSafeEqual } from 'node:crypto';
import { digestOf, type Key } from './read-keys.js';
import { grantsOf, type Scope } from './scopes.js';

/** Whom a key makes of its caller. */
export interface Caller {
  readonly scope: Scope;
  readonly grants: ReadonlySet<Scope>;
  /** A fingerprint that tells keys apart without telling one: its scope and the first 8 hex digits of its SHA-256. */
  readonly who: string;
  /** Of the key of a page: opens streams, and nothing else, in an address. The same in every process. */
  readonly streamToken?: string;
}

/** 128 bits. */
const TOKEN_LENGTH = 22;

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
    return found && callerOf(found);
  }

  /** The caller whose {@link Caller.streamToken} it is. */
  findByStreamToken(token: string): Caller | undefined {
    const shown = Buffer.from(token.padEnd(TOKEN_LENGTH).slice(0, TOKEN_LENGTH));
    let found: Key | undefined;
    for (const known of this.keys) {
      const own = streamTokenOf(known);
      if (own && shown.length === own.length && timingSafeEqual(Buffer.from(own), shown)) found = known;
    }
    return found && token.length === TOKEN_LENGTH ? callerOf(found) : undefined;
  }
}

function callerOf(key: Key): Caller {
  const { scope, digest } = key;
  const streamToken = streamTokenOf(key);
  return {
    ...{ scope, grants: grantsOf(scope), who: `${scope}:${digest.toString('hex', 0, 4)}` },
    ...(streamToken !== undefined && { streamToken }),
  };
}

/**
 * A page's key is no secret, so nothing can be guessed by its token. Those of others have none: whoever reads one in a
 * log could try keys until one gives it.
 */
function streamTokenOf({ scope, digest }: Key): string | undefined {
  if (scope !== 'browser') return undefined;
  return createHmac('sha256', digest).update('usher stream').digest('base64url').slice(0, TOKEN_LENGTH);
}
