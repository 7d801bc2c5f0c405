import type { FastifyRequest } from 'fastify';
import type { UsherError } from '../errors.js';

/** What is answered in place of `{ code, message, problems }`, and with which status. */
export interface ShapedProblem {
  readonly status: number;
  readonly body: object;
}

/** How a route tells what is wrong, where others have laid down how: all of its refusals, also those of hooks. */
export type ProblemShape = (error: UsherError, request: FastifyRequest) => ShapedProblem;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route whose refusals have a shape of their own. Turned away, it refuses too: nobody knows its answers. */
    readonly problemShape?: ProblemShape;
  }
}

/** A problem as the route of a request tells it. There is no route where its address could not even be read. */
export function shapeProblem(error: UsherError, request: FastifyRequest): ShapedProblem {
  const { problemShape } = (request.routeOptions as FastifyRequest['routeOptions'] | undefined)?.config ?? {};
  if (problemShape && !request.is404) return problemShape(error, request);
  const { status, code, message, problems, current } = error;
  return { status, body: { code, message, problems, ...(current && { current }) } };
}
