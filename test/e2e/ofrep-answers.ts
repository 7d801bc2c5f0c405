import type * as ajv from 'ajv/dist/2020.js';
import { importBuilt } from './built.js';

const { Ajv2020 } = await importBuilt<typeof ajv>('ajv/dist/2020.js');

/**
 * What OFREP 0.3.0 lays down of answers (`service/openapi.yaml` of github.com/open-feature/protocol, Apache-2.0), told
 * anew: the parts that a service answers, by status, each as strict as the protocol is, or stricter.
 */
const KEY = { type: 'string', minLength: 1 };
const PRIMITIVES = { type: 'object', additionalProperties: { type: ['boolean', 'string', 'number'] } };
const DETAILS = { type: 'string', minLength: 1 };
const success = {
  type: 'object',
  required: ['key', 'reason'],
  properties: {
    key: KEY,
    reason: { type: 'string', minLength: 1 },
    variant: { type: 'string' },
    metadata: PRIMITIVES,
    // Left out for a default in code, and never null.
    value: { type: ['boolean', 'string', 'number', 'object'] },
  },
  not: { required: ['errorCode'] },
};
const failure = (codes: readonly string[]) => ({
  type: 'object',
  required: ['key', 'errorCode'],
  properties: { key: KEY, errorCode: { enum: codes }, errorDetails: DETAILS, metadata: PRIMITIVES },
});
const badRequest = failure(['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL']);
const eventStream = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { const: 'sse' },
    url: { type: 'string' },
    endpoint: {
      type: 'object',
      required: ['requestUri'],
      properties: { requestUri: { type: 'string', pattern: '^/' }, origin: { type: 'string' } },
    },
    inactivityDelaySec: { type: 'integer', minimum: 1 },
  },
  oneOf: [{ required: ['url'] }, { required: ['endpoint'] }],
};
const bulk = {
  type: 'object',
  required: ['flags'],
  properties: {
    flags: { type: 'array', items: { oneOf: [success, badRequest] } },
    metadata: PRIMITIVES,
    eventStreams: { type: 'array', items: eventStream },
  },
};
const general = { type: 'object', properties: { errorDetails: DETAILS } };
const bulkFailure = {
  type: 'object',
  required: ['errorCode'],
  properties: { errorCode: { type: 'string', minLength: 1 }, errorDetails: DETAILS },
};

/** By route and status; of 401, 403 and 429 the protocol has no body. */
const SCHEMAS: Readonly<Record<'single' | 'bulk', Readonly<Record<number, object>>>> = {
  single: { 200: success, 400: badRequest, 401: {}, 403: {}, 404: failure(['FLAG_NOT_FOUND']), 429: {}, 500: general },
  bulk: { 200: bulk, 304: {}, 400: bulkFailure, 401: {}, 403: {}, 429: {}, 500: general },
};
/** The data of an event of a stream. */
export const SSE_DATA = {
  type: 'object',
  required: ['type'],
  properties: { type: { type: 'string' }, etag: { type: 'string' }, lastModified: { type: ['string', 'integer'] } },
};

const validator = new Ajv2020({ allErrors: true, strict: false });

/** What of an answer is not as OFREP has it; undefined where all is. */
export function amissInOfrep(route: 'single' | 'bulk', { status, body }: { status: number; body: unknown }) {
  const schema = SCHEMAS[route][status];
  if (!schema) return `${status} is no status of OFREP`;
  if (status === 304) return body === undefined ? undefined : 'a 304 has no body';
  return validator.validate(schema, body) ? undefined : validator.errorsText(validator.errors);
}

/** The same for the data of an event. */
export function amissInEvent(data: unknown): string | undefined {
  return validator.validate(SSE_DATA, data) ? undefined : validator.errorsText(validator.errors);
}
