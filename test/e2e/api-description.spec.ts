import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { scopesThatGrant, type Scope } from '../../src/access/scopes.js';
import { describeOn } from './harness.js';
import { registeredRoutes } from './registered-routes.js';

interface Operation {
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: object };
}

const isTold = (schema: object) => '$ref' in schema || 'anyOf' in schema || 'type' in schema;

describeOn('SQLite', 'the description of the API', (service) => {
  const described = async () => (await service.get('/docs-json')).body as Description;

  test('says of every route which keys would do, and how they are shown', async () => {
    const { paths, components } = await described();
    expect(components.securitySchemes).toMatchObject({ key: { scheme: 'bearer' }, keyAsUser: { scheme: 'basic' } });
    const routes = await registeredRoutes();
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, url, needs } of routes) {
      const path = url.replaceAll(/:(\w+)/g, '{$1}');
      const operation = paths[path]?.[method.toLowerCase()];
      const [said, security] =
        needs === 'nothing'
          ? ['Needs no key.', []]
          : [
              `needs one of the scope ${scopesThatGrant((needs ?? '').split(' or ') as Scope[]).join(', ')}.`,
              [{ key: [] }, { keyAsUser: [] }],
            ];
      expect([method, path, operation?.description, operation?.security, operation?.tags.length]).toEqual([
        ...[method, path, expect.stringContaining(said), security, 1],
      ]);
    }
  });

  test('says of every route what it answers', async () => {
    const { paths, components } = await described();
    for (const { method, url } of await registeredRoutes()) {
      const path = url.replaceAll(/:(\w+)/g, '{$1}');
      const { default: refusal, 304: _unchanged, ...successes } = paths[path]?.[method.toLowerCase()]?.responses ?? {};
      expect([method, path, refusal !== undefined, Object.keys(successes).length]).toEqual([method, path, true, 1]);
      for (const [status, { content = {} }] of Object.entries(successes)) {
        const told = Object.values(content).filter(({ schema }) => isTold(schema));
        expect([method, path, told.length]).toEqual([method, path, status === '204' ? 0 : 1]);
      }
    }
    const references = JSON.stringify({ paths, components }).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of references) expect(Object.keys(components.schemas)).toContain(name);
  });

  test('says what a refusal looks like, as refusals do', async () => {
    const { paths, components } = await described();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'api', components });
    for (const [path, method, body] of [
      ['/v1/decisions', 'post', {}],
      ['/v1/track', 'post', { event: 'x' }],
      ['/v1/visitors/{id}', 'get', undefined],
      ['/v1/rulebook/releases', 'post', { files: {}, message: 'x' }],
    ] as const) {
      const answer =
        body === undefined ? await service.get(path.replace('{id}', 'nobody')) : await service.post(path, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      const schema = paths[path]?.[method]?.responses['default']?.content?.['application/json']?.schema;
      expect(schema).toEqual({ $ref: '#/components/schemas/Refusal' });
      expect([ajv.validate({ $ref: 'api#/components/schemas/Refusal' }, answer.body), ajv.errors]).toEqual([
        true,
        null,
      ]);
    }
  });
});
