import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { Needed } from './needs.js';
import { scopesThatGrant } from './scopes.js';

/** What a route needs, by its method and path as OpenAPI writes them: `GET /v1/visitors/{id}`. */
export type RouteNeeds = ReadonlyMap<string, Needed>;

/** Notes what the routes need that are added from now on. */
export function noteNeeds(fastify: FastifyInstance): RouteNeeds {
  const needs = new Map<string, Needed>();
  fastify.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat())
      needs.set(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`, config?.needs ?? 'admin');
  });
  return needs;
}

const SCHEMES = {
  key: { type: 'http', scheme: 'bearer', description: 'The key itself' },
  keyAsUser: { type: 'http', scheme: 'basic', description: 'The key as the user name, with any password' },
} as const;

const PROBLEMS = {
  type: 'object',
  description: 'What is wrong, by a code that is stable; docs/reasons-and-errors.md has all codes with their remedies',
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' } },
        required: ['path', 'message'],
        additionalProperties: false,
      },
    },
    current: { type: 'object', description: 'What it is now, where it was changed meanwhile: a draft of rules' },
  },
  required: ['code', 'message', 'problems'],
  additionalProperties: false,
};

/**
 * Adds to a description of the API how a key is shown, of each operation which scopes would do, and what its refusals
 * look like. Without keys all are open, and the description says what they will need.
 */
export function describeAccess(document: OpenAPIObject, needs: RouteNeeds): void {
  const { components = {} } = document;
  document.components = {
    ...components,
    securitySchemes: { ...components.securitySchemes, ...SCHEMES },
    schemas: { ...components.schemas, Refusal: PROBLEMS },
  };
  for (const [path, item] of Object.entries(document.paths))
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (!operation) continue;
      const needed = needs.get(`${method.toUpperCase()} ${path}`) ?? 'admin';
      operation.description = [operation.description, said(needed)].filter(Boolean).join('\n\n');
      operation.security = needed === 'nothing' ? [] : [{ key: [] }, { keyAsUser: [] }];
      operation.responses['default'] ??= {
        description: 'Refused, or not to be done now',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      };
    }
}

function said(needed: Needed): string {
  if (needed === 'nothing') return 'Needs no key.';
  return `Where keys are set: needs one of the scope ${scopesThatGrant(needed).join(', ')}.`;
}
