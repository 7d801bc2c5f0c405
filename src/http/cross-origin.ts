import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const A_DAY = '86400';
/** Headers of answers that a page may read, besides those that every page may. */
const READABLE = 'ETag, Retry-After';

/** Which pages of other sites may call which routes. */
export interface CrossOriginOptions {
  /** The origins of those pages; undefined for any. */
  readonly origins: readonly string[] | undefined;
  /** Whether a route is for browsers, by what it declares of itself. */
  readonly isForBrowsers: (route: FastifyContextConfig) => boolean;
}

/**
 * Lets pages of these origins, or of any, call the routes of browsers (CORS, as the Fetch standard has it), whatever
 * becomes of the call; nothing else of the service, least of all of one without keys on loopback. Add it before
 * the routes, which say themselves whether they are for browsers, and before whatever refuses requests: a page must be
 * able to read why it was refused. No credentials: there are no cookies here.
 */
export function useCrossOrigin(fastify: FastifyInstance, { origins, isForBrowsers }: CrossOriginOptions): void {
  const paths: RegExp[] = [];
  fastify.addHook('onRoute', ({ url, config }) => {
    if (config && isForBrowsers(config)) paths.push(pathPattern(url));
  });
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const { origin } = request.headers;
    if (!isForBrowsers(request.routeOptions.config) && !isOneOf(paths, request.url)) return done();
    // Answers differ by origin, so no cache may give one to another's page.
    if (origins) reply.header('vary', 'Origin');
    if (origin === undefined || (origins && !origins.includes(origin))) return done();
    reply.header('access-control-allow-origin', origins ? origin : '*');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', READABLE);
      return done();
    }
    void answerPreflight(request, reply);
  });
}

/** By its path alone: a preflight has no route, and a page that uses the wrong method must be able to read so. */
function isOneOf(paths: readonly RegExp[], url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return paths.some((pattern) => pattern.test(path));
}

/** The addresses of a route such as `/v1/projects/:key/settings`, by any method: no route answers a preflight. */
function pathPattern(url: string): RegExp {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}

/** A page may send whatever headers it likes: what they say is judged when they come. */
function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-methods', 'GET, POST')
    .header(
      'access-control-allow-headers',
      request.headers['access-control-request-headers'] ?? 'Authorization, Content-Type',
    )
    .header('access-control-max-age', A_DAY)
    .status(204)
    .send();
}
