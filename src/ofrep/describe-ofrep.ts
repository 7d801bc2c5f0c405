import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';

/** Says in the description of the API what an evaluation takes, and how it is refused. */
export function DescribesOfrep(): MethodDecorator {
  return applyDecorators(
    ApiBody({ schema: REQUEST }),
    ApiResponse({
      ...{ status: 'default', description: 'Refused, or not to be done now' },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/OfrepFailure' } } },
    }),
  );
}

const REQUEST = {
  type: 'object',
  properties: {
    context: {
      type: 'object',
      description: 'The context of the request, for rules to speak of',
      properties: {
        targetingKey: { type: 'string', description: 'Any id of the person, anonymous or known' },
        channel: { type: 'string', description: "The placement's own where it is absent" },
      },
      required: ['targetingKey'],
    },
  },
  required: ['context'],
};
