import type { FastifyRequest } from 'fastify';
import type { Problem, UsherError } from '../errors.js';
import type { ShapedProblem } from '../http/problem-shape.js';

/** What is wrong with an evaluation, as OFREP has it. */
export interface OfrepFailure {
  /** The flag that was asked for, where it was one. */
  readonly key?: string;
  readonly errorCode: OfrepCode;
  readonly errorDetails: string;
  /** Usher's own code, which `docs/reasons-and-errors.md` has with its remedy. */
  readonly code: string;
}

/** Those codes of OpenFeature that are answered here. */
export type OfrepCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'FLAG_NOT_FOUND' | 'GENERAL';

const CODES: Readonly<Record<string, OfrepCode>> = {
  TARGETING_KEY_MISSING: 'TARGETING_KEY_MISSING',
  FLAG_NOT_FOUND: 'FLAG_NOT_FOUND',
  INVALID_REQUEST: 'INVALID_CONTEXT',
  MALFORMED_BODY: 'PARSE_ERROR',
  BODY_TOO_LARGE: 'PARSE_ERROR',
  UNSUPPORTED_MEDIA_TYPE: 'PARSE_ERROR',
  SLOW_BODY: 'PARSE_ERROR',
};

/** The statuses of OFREP, which clients read; whatever else is wrong with a request is a 400 there. */
const STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 429]);

/** A refusal of an evaluation, in the words and with the statuses of OFREP. */
export function ofrepProblem(error: UsherError, request: FastifyRequest): ShapedProblem {
  const { key } = (request.params ?? {}) as { readonly key?: string };
  return { status: statusOf(error.status), body: { ...(key !== undefined && { key }), ...failureOf(error) } };
}

/** Without a key, as for a bulk. */
export function failureOf({ code, message, problems }: UsherError): Omit<OfrepFailure, 'key'> {
  return { errorCode: CODES[code] ?? 'GENERAL', errorDetails: [message, ...told(problems, message)].join(' '), code };
}

/** Overload is a reason to ask later, and no fault. */
function statusOf(status: number): number {
  if (status === 503) return 429;
  return STATUSES.has(status) || status >= 500 ? status : 400;
}

function told(problems: readonly Problem[], message: string): string[] {
  return problems.filter((one) => one.message !== message).map((one) => `${one.path}: ${one.message}.`);
}
