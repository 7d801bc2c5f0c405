import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyTooLarge, Internal, InvalidRequest, MethodNotAllowed, NotFound, UnsupportedMediaType, UsherError } from '../errors.js';
import { MAX_BODY_BYTES } from './body-parsers.js';

/** Problems out: every failure is answered as `{ code, message, problems }`. What nobody foresaw is logged, not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const error = toUsherError(thrown, http.getRequest<FastifyRequest>());
    if (error.status >= 500) this.logger.error(error.message, thrown instanceof Error ? thrown.stack : undefined);
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    if (error.status === 503) void reply.header('retry-after', '1');
    void reply.status(error.status).send({ code: error.code, message: error.message, problems: error.problems });
  }
}

function toUsherError(thrown: unknown, request: FastifyRequest): UsherError {
  if (thrown instanceof UsherError) return thrown.status === 0 ? new Internal() : thrown;
  const status = statusOf(thrown);
  const message = thrown instanceof Error ? thrown.message : '';
  switch (status) {
    case 404:
      return new NotFound(`Nothing is answered at ${request.method} ${pathOf(request)}. See /docs for what is.`);
    case 405:
      return new MethodNotAllowed(request.method, pathOf(request));
    case 413:
      return new BodyTooLarge(MAX_BODY_BYTES);
    case 415:
      return new UnsupportedMediaType(request.headers['content-type'] ?? 'that is missing', 'application/json');
    default:
      return status >= 400 && status < 500 ? new InvalidRequest([{ path: '', message }]) : new Internal();
  }
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof URIError) return 400;
  const code = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof code === 'number' ? code : 500;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}
