import { createHmac, timingSafeEqual } from 'node:crypto';

/** What of a JSON Web Token we look at. */
interface Claims {
  readonly sub?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

/** No proof is longer. */
const MAX_LENGTH = 4_096;
const HASH = /^[\da-f]{64}$/i;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The secrets by which a site's server proves to whom a page belongs. A proof is the HMAC-SHA256 of the user id in hex,
 * which holds for good; or a JSON Web Token (RFC 7519) signed with HS256, whose `sub` is the user id and whose `exp`
 * ends it.
 */
export class IdentitySecrets {
  /** Several while one takes over from another. */
  constructor(private readonly secrets: readonly string[]) {}

  /** Whether a browser has to prove whose page it is. */
  get areSet(): boolean {
    return this.secrets.length > 0;
  }

  /** Whether a proof, as it came, is one of this user id at `now`. */
  prove(proof: unknown, userId: string, now: number = Date.now()): boolean {
    if (typeof proof !== 'string' || proof.length > MAX_LENGTH) return false;
    if (HASH.test(proof)) return this.secrets.some((secret) => isSame(hmac(secret, userId), Buffer.from(proof, 'hex')));
    return TOKEN.test(proof) && this.secrets.some((secret) => subjectOf(proof, secret, now) === userId);
  }
}

/** Whose token it is; undefined for one that is signed otherwise, has no end, or is not in force. */
function subjectOf(token: string, secret: string, now: number): string | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const said = part<{ alg?: unknown; crit?: unknown }>(header);
  if (said?.alg !== 'HS256' || said.crit !== undefined) return undefined;
  if (!isSame(hmac(secret, `${header}.${payload}`), Buffer.from(signature, 'base64url'))) return undefined;
  const { sub, exp, nbf = -Infinity } = part<Claims>(payload) ?? {};
  const isInForce = typeof exp === 'number' && typeof nbf === 'number' && nbf * 1_000 <= now && now < exp * 1_000;
  return isInForce && typeof sub === 'string' ? sub : undefined;
}

function part<T extends object>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
