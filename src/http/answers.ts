import { ApiResponse } from '@nestjs/swagger';

/** A text that is the JSON of a `T`, for a route whose JSON is written by whoever answers. */
export type JsonOf<T> = string & { readonly whole?: T };

/** The content type of such an answer. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Says in the description of the API what a route answers: a type by its name. Its schema is generated from it into
 * `schemas/answers.json`, by `npm run schemas`; see `answerSchemas`.
 */
export function Answers(type: string, status = 200): MethodDecorator {
  return ApiResponse({ status, description: type, content: { 'application/json': { schema: referTo(type) } } });
}

/** The same for a stream of NDJSON, of which each line is one of these types. */
export function AnswersLines(...types: readonly string[]): MethodDecorator {
  const description = `Lines of NDJSON, each ${types.join(' or ')}`;
  const schema = { anyOf: types.map(referTo), description: 'One line' };
  return ApiResponse({ status: 200, description, content: { 'application/x-ndjson': { schema } } });
}

function referTo(type: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${type}` };
}
