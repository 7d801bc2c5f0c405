import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const MESSAGE = {
  type: 'object',
  description: 'A message of JSON-RPC 2.0, as the Model Context Protocol has them',
  properties: {
    jsonrpc: { type: 'string', enum: ['2.0'] },
    id: { type: ['string', 'integer', 'null'] },
    result: { type: 'object' },
    error: { type: 'object', properties: { code: { type: 'integer' }, message: { type: 'string' } } },
  },
  required: ['jsonrpc'],
} as never;

const EITHER = { anyOf: [MESSAGE, { $ref: '#/components/schemas/Refusal' }] };

/**
 * Says in the description of the API that a route answers messages of JSON-RPC: as JSON, or where a client of an
 * earlier version of the protocol asks, as a stream of events that ends with its answer. A refusal may be one, too.
 */
export function AnswersMessages(status: number): MethodDecorator {
  return applyDecorators(
    ApiResponse({
      ...{ status, description: 'A message of the Model Context Protocol' },
      content: { 'application/json': { schema: MESSAGE }, 'text/event-stream': { schema: {} } },
    }),
    ApiResponse({
      ...{ status: 'default', description: 'Refused, in the form of the protocol or of all other routes' },
      content: { 'application/json': { schema: EITHER } },
    }),
  );
}
