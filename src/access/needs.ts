import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';
import type { Scope } from './scopes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller must have, or several of which one will do; see {@link Needs}. */
    readonly needs?: Needed;
    /**
     * Where a key may stand besides the `Authorization` header: as `writeKey` in the body, as `:key` in the path, in
     * `X-API-Key`, or its stream token as `?token=`. Browsers that say goodbye, and those that listen to a stream,
     * can't set headers; tracking clients ask for their settings by their key; clients of OpenFeature send either
     * header.
     */
    readonly keyIn?: 'body' | 'path' | 'x-api-key' | 'token';
  }
}

/** What a route needs: a scope, one of several, or no key at all. */
export type Needed = Scope | readonly Scope[] | 'nothing';

/**
 * Says at a route which scope its caller must have, with whatever else Fastify is to know of the route. Every route
 * has one: a route without is for `admin` alone. What needs no more than `browser` may be called from pages of other
 * sites.
 */
export function Needs(needs: Needed, more: FastifyContextConfig = {}): MethodDecorator {
  return RouteConfig({ ...more, needs });
}
