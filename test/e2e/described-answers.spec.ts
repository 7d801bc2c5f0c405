import { expect, test } from '@jest/globals';
import { DescribedAnswers } from './described-answers.js';

test('an answer is held against its description to the last member', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'number' } },
    required: ['a'],
    additionalProperties: false,
  };
  const content = (type: string) => ({ [type]: { schema } });
  const answers = new DescribedAnswers({
    paths: {
      '/v1/things/{id}': {
        get: { responses: { 200: { content: content('application/json') } } },
        delete: { responses: { 204: {} } },
      },
      '/v1/things/lines': { get: { responses: { 200: { content: content('application/x-ndjson') } } } },
    },
  });
  const check = (asked: string, status: number, text: string, type = 'application/json') => {
    const [method = '', path = ''] = asked.split(' ');
    const body: unknown = type === 'application/json' && text !== '' ? JSON.parse(text) : undefined;
    return () =>
      answers.check({ method, path }, { status, text, body, headers: new Headers({ 'content-type': type }) });
  };
  expect(check('GET /v1/things/7?x=y', 200, '{"a":1}')).not.toThrow();
  expect(check('GET //v1/things/7/', 200, '{"a":1}')).not.toThrow();
  expect(check('GET /v1/things/7', 200, '{"a":1,"b":2}')).toThrow('must NOT have additional properties');
  expect(check('GET /v1/things/7', 200, '{}')).toThrow("must have required property 'a'");
  expect(check('GET /v1/things/7', 201, '{"a":1}')).toThrow('only 200 are described');
  expect(check('GET /v1/things/7', 200, 'a', 'text/plain')).toThrow('is text/plain, and described as application/json');
  expect(check('GET /v1/others', 200, '{}')).toThrow('there is no such route');
  expect(check('DELETE /v1/things/7', 204, '')).not.toThrow();
  expect(check('DELETE /v1/things/7', 204, '{}')).toThrow('is described without a body');
  expect(check('GET /v1/things/lines', 200, '{"a":1}\n{"a":2}\n', 'application/x-ndjson')).not.toThrow();
  expect(check('GET /v1/things/lines', 200, '{"a":1}\n{"b":2}\n', 'application/x-ndjson')).toThrow('not as /docs-json');
});
