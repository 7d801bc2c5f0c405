import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token speaks of: an offer that was decided for a person. */
export interface DecidedFor {
  /** The id that was asked for. */
  readonly visitorId: string;
  readonly decisionId: string;
  readonly placement: string;
  readonly offer: string;
}

/** 96 bits, in base64url: nobody guesses one, and an answer grows little by it. */
const LENGTH = 16;

/** A secret to make tokens with. */
export function newTokenSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Tokens by which whoever holds only the key of a page proves that an item was decided, for this person: without one
 * anybody could make up outcomes, and so spend caps and teach what works. A token is the beginning of SHA-512/256 over
 * the secret and what it speaks of, which can't be extended as plain SHA-256 can (FIPS 180-4).
 */
export class ItemTokens {
  constructor(private readonly secret: string) {}

  /** The token of an item. */
  of({ visitorId, decisionId, placement, offer }: DecidedFor): string {
    const text = JSON.stringify([this.secret, decisionId, placement, offer, visitorId]);
    return hash('sha512-256', text, 'base64url').slice(0, LENGTH);
  }

  /** Whether a token, as it came, speaks of that. */
  verify(token: unknown, item: DecidedFor): boolean {
    if (typeof token !== 'string' || token.length !== LENGTH) return false;
    const [given, made] = [Buffer.from(token), Buffer.from(this.of(item))];
    return given.length === made.length && timingSafeEqual(given, made);
  }
}
