import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyTooLarge, Internal, InvalidRequest, NotFound, UnsupportedMediaType, UsherError } from '../errors.js';
import { Recurring } from '../recurring.js';
import { MAX_BODY_BYTES } from './body-parsers.js';
import { unreadableIn } from './plain-url.js';
import { shapeProblem } from './problem-shape.js';

/**
 * Problems out: every failure is answered as `{ code, message, problems }`. What nobody foresaw is logged, not told.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerProblem(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

const logger = new Logger('http');
const failures = new Recurring((line) => logger.error(line));

/** Answers what was thrown; also for what fails before there is a route, such as a URL that can't be read. */
export function answerProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = toUsherError(thrown, request);
  if (error.status >= 500) noteFailure(error, thrown);
  if (reply.sent) return;
  const retryAfterS = error.retryAfterS ?? (error.status === 503 ? 1 : undefined);
  if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
  // Not Basic: a browser would ask the visitors of a site for a password.
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer realm="usher"');
  const { status, body } = shapeProblem(error, request);
  void reply.status(status).send(body);
}

/** What was foreseen needs no stack; of the rest each kind is told by itself. */
function noteFailure({ code, message, status }: UsherError, thrown: unknown): void {
  if (status === 503) return failures.note(code, message);
  const [what, stack] = thrown instanceof Error ? [String(thrown), thrown.stack] : [String(thrown), undefined];
  failures.note(what, message, stack ?? what);
}

function toUsherError(thrown: unknown, request: FastifyRequest): UsherError {
  if (thrown instanceof UsherError) return thrown.status === 0 ? new Internal() : thrown;
  const status = statusOf(thrown);
  const message = thrown instanceof Error ? thrown.message : '';
  switch (status) {
    case 404:
      return new NotFound(`Nothing is answered at ${request.method} ${pathOf(request)}. See /docs for what is.`);
    case 413:
      return new BodyTooLarge(request.routeOptions.config.maxBodyBytes ?? MAX_BODY_BYTES);
    case 414:
      return new InvalidRequest([{ path: '', message: 'The URL has a part that is longer than any id may be.' }]);
    case 415:
      return new UnsupportedMediaType(request.headers['content-type'] ?? 'that is missing', 'application/json');
    default:
      return status >= 400 && status < 500
        ? new InvalidRequest([{ path: '', message: unreadableIn(request.url) ?? message }])
        : new Internal();
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
