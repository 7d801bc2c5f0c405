import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What pages of other sites may call: nothing else of the service is for browsers, least of all one without keys on
 * loopback.
 */
const FOR_BROWSERS =
  /^\/v1\/(identify|track|page|screen|group|alias|batch|import|[itpsgab]|decisions|projects\/[^/]+\/settings)\/?$/;
const A_DAY = '86400';

/**
 * Lets pages of these origins, or of any, call the routes of browsers (CORS, as the Fetch standard has it). Add it
 * before whatever refuses requests: a page must be able to read why it was refused. No credentials: there are no
 * cookies here.
 */
export function useCrossOrigin(app: NestFastifyApplication, origins: readonly string[] | undefined): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const { origin } = request.headers;
    if (!FOR_BROWSERS.test(request.url.split('?', 1)[0] ?? '')) return done();
    // Answers differ by origin, so no cache may give one to another's page.
    if (origins) reply.header('vary', 'Origin');
    if (origin === undefined || (origins && !origins.includes(origin))) return done();
    reply.header('access-control-allow-origin', origins ? origin : '*');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return done();
    void answerPreflight(request, reply);
  });
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
