import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';
import type { Scope } from './scopes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller must have; see {@link Needs}. */
    readonly needs?: Scope | 'nothing';
    /**
     * Where a key may stand besides the `Authorization` header: as `writeKey` in the body, or as `:key` in the path.
     * Browsers that say goodbye can't set headers, and tracking clients ask for their settings by their key.
     */
    readonly keyIn?: 'body' | 'path';
  }
}

/**
 * Says at a route which scope its caller must have, with whatever else Fastify is to know of the route. Every route
 * has one: a route without is for `admin` alone. What needs no more than `browser` may be called from pages of other
 * sites.
 */
export function Needs(needs: Scope | 'nothing', more: FastifyContextConfig = {}): MethodDecorator {
  return RouteConfig({ ...more, needs });
}
