import { metrics } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Forbidden, Unauthenticated } from '../errors.js';
import { IdentitySecrets } from './identity-proof.js';
import { KeyRing, type Caller } from './key-ring.js';
import { presentedKey } from './presented-key.js';
import type { Key } from './read-keys.js';
import type { Needed } from './needs.js';
import { ALL_SCOPES, grantsAny, NO_SCOPES, scopesThatGrant, type Scope } from './scopes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller may do: all where no keys are set. Known before the handler runs. */
    usherScopes: ReadonlySet<Scope>;
    /** A fingerprint of the caller's key, such as `author:3f2a91c0`; `local` where no keys are set. */
    usherWho: string;
    /** What opens a stream for this caller in an address; see `Caller`. Undefined where no keys are set, too. */
    usherStreamToken: string | undefined;
    /** The secrets by which a page's visitor is proven. */
    usherIdentity: IdentitySecrets;
  }
}

/** The pages that describe the API hold nothing of anybody; their routes are not ours to mark. */
const OPEN_PAGES = /^\/docs($|[/-])/;

/** Checks the key of every request, as soon as it can be known, against what its route {@link Needs}. */
export function guardRoutes(
  fastify: FastifyInstance,
  keys: readonly Key[],
  identitySecrets: readonly string[] = [],
): void {
  const guard = new AccessGuard(new KeyRing(keys));
  const identity = new IdentitySecrets(identitySecrets);
  fastify.decorateRequest('usherIdentity', { getter: () => identity });
  fastify.decorateRequest('usherScopes');
  fastify.decorateRequest('usherWho', 'local');
  fastify.decorateRequest('usherStreamToken', undefined);
  fastify.addHook('onRequest', (request, _reply, done) => done(guard.beforeBody(request)));
  fastify.addHook('preHandler', (request, _reply, done) => done(guard.afterBody(request)));
}

/** Throws {@link Forbidden} where the caller of this request has not the scope; `what` names what needs it. */
export function requireScope({ usherScopes }: FastifyRequest, needed: Scope, what: string): void {
  if (!usherScopes.has(needed)) throw new Forbidden(what, scopesThatGrant(needed));
}

/** Whether the caller has a secret key, that of a desk or of a server: their word is not that of just anybody. */
export function hasSecretKey({ usherScopes }: FastifyRequest): boolean {
  return usherScopes.has('desk');
}

/** Whether the caller's key is for a desk alone. */
export function isOfDesk({ usherScopes }: FastifyRequest): boolean {
  return usherScopes.has('desk') && !usherScopes.has('server');
}

/**
 * Tells whether a user id is the caller's, by the proof that is given or that in `X-Usher-Identity`. Undefined where
 * nobody asks: the caller has a secret key, or there are no secrets to prove by.
 */
export function proverOf(request: FastifyRequest): ((userId: string, proof?: unknown) => boolean) | undefined {
  const { usherIdentity, headers } = request;
  if (hasSecretKey(request) || !usherIdentity.areSet) return undefined;
  const ofRequest = headers['x-usher-identity'];
  return (userId, proof) => usherIdentity.prove(proof, userId) || usherIdentity.prove(ofRequest, userId);
}

type Refusal = InstanceType<typeof Unauthenticated> | InstanceType<typeof Forbidden>;

class AccessGuard {
  private readonly refused = metrics
    .getMeter('usher')
    .createCounter('usher_access_refused', { description: 'Requests without a key that would do' });

  constructor(private readonly ring: KeyRing) {}

  /** A stranger's body is not even read, but where the key may be in it. */
  beforeBody(request: FastifyRequest): Refusal | undefined {
    request.usherScopes = this.ring.isEmpty ? ALL_SCOPES : NO_SCOPES;
    // A browser asks by OPTIONS whether it may ask, and shows no key.
    if (this.ring.isEmpty || request.is404 || request.method === 'OPTIONS') return undefined;
    const { keyIn } = request.routeOptions.config;
    const key = presentedKey(request.headers.authorization) ?? (keyIn === 'x-api-key' ? apiKey(request) : undefined);
    if (key === undefined && keyIn === 'body') return undefined;
    if (key !== undefined) return this.judge(request, this.ring.find(key), true);
    const token = keyIn === 'token' ? tokenInQuery(request) : undefined;
    if (token !== undefined) return this.judge(request, this.ring.findByStreamToken(token), true);
    const inPath = keyInPath(request);
    const caller = inPath === undefined ? undefined : this.ring.find(inPath);
    // Addresses are logged, cached and shared: what opens more than a page may open does not belong there.
    return this.judge(request, caller?.scope === 'browser' ? caller : undefined, inPath !== undefined);
  }

  afterBody(request: FastifyRequest): Refusal | undefined {
    if (request.routeOptions.config.keyIn !== 'body') return undefined;
    const key = takeKey(request.body);
    if (this.ring.isEmpty || request.usherScopes !== NO_SCOPES) return undefined;
    return this.judge(request, key === undefined ? undefined : this.ring.find(key), key !== undefined);
  }

  private judge(request: FastifyRequest, caller: Caller | undefined, hasKey: boolean): Refusal | undefined {
    const needed = neededBy(request);
    const grants = caller?.grants;
    request.usherScopes = grants ?? NO_SCOPES;
    request.usherWho = caller?.who ?? 'unknown';
    request.usherStreamToken = caller?.streamToken;
    if (needed === 'nothing' || (grants && grantsAny(grants, needed))) return undefined;
    this.refused.add(1, { why: grants ? 'forbidden' : 'unauthenticated' });
    return grants
      ? new Forbidden(`${request.method} ${request.routeOptions.url}`, scopesThatGrant(needed))
      : new Unauthenticated(hasKey);
  }
}

/** What nobody marked is for those who may do everything. */
function neededBy({ routeOptions: { config, url = '' } }: FastifyRequest): Needed {
  return config.needs ?? (OPEN_PAGES.test(url) ? 'nothing' : 'admin');
}

function keyInPath({ params, routeOptions }: FastifyRequest): string | undefined {
  return routeOptions.config.keyIn === 'path' ? (params as { key?: string }).key : undefined;
}

/** Sent twice it is no key. */
function apiKey({ headers }: FastifyRequest): string | undefined {
  const given = headers['x-api-key'];
  return typeof given === 'string' ? given.trim() : given?.join();
}

function tokenInQuery({ query }: FastifyRequest): string | undefined {
  const { token } = query as { token?: string | readonly string[] };
  return typeof token === 'object' ? token.join() : token;
}

/** Out of the body, as what is stored of an event must hold no key. */
function takeKey(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('writeKey' in body)) return undefined;
  const { writeKey } = body;
  delete body.writeKey;
  return typeof writeKey === 'string' ? writeKey : undefined;
}
