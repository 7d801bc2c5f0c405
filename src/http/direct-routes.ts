import assert from 'node:assert/strict';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPE } from './answers.js';
import { answerProblem } from './problem-filter.js';

/**
 * A method of a controller: what it gives is answered, a text as JSON that is written already; unless it has answered
 * by itself, as where nothing has changed.
 */
export type DirectHandler = (body: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<object | string>;

/**
 * Binds routes that are called all the time to Fastify itself: `POST /v1/decisions` and the like. Nest makes them, with
 * all that they declare, and hooks, keys, limits and problems are those of every route; only what Nest does around each
 * call is left out (parameters by reflection, pipes, interceptors and guards, of which there are none). Add it before
 * the routes. Each must be a POST that answers 200, where it does not say otherwise; that one is no route is an error
 * once all are there.
 */
export function bindDirectly(fastify: FastifyInstance, handlers: Readonly<Record<string, DirectHandler>>): void {
  const unbound = new Set(Object.keys(handlers));
  fastify.addHook('onRoute', (route) => {
    const handler = route.method === 'POST' ? handlers[route.url] : undefined;
    if (!handler) return;
    route.handler = (request, reply) => void answer(handler, request, reply);
    unbound.delete(route.url);
  });
  fastify.addHook('onReady', (done) => {
    assert.equal([...unbound].join(', '), '', 'handlers without a POST route');
    done();
  });
}

async function answer(handler: DirectHandler, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  try {
    const given = await handler(request.body, request, reply);
    if (reply.sent) return;
    if (typeof given === 'string') reply.header('content-type', JSON_TYPE);
    reply.code(200).send(given);
  } catch (error) {
    answerProblem(error, request, reply);
  }
}
