/**
 * The floor: the least that a decision could cost. Raw Fastify with compiled schemas takes the same request, reads the
 * same document of the same visitor from the same store once, and answers JSON of the same size as Usher's.
 * `node bench/floor.ts '{ "redisUrl": …, "dataDir": …, "answer": … }'`; it prints its address.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import type { StorePlace } from './preload.ts';

/** What the floor is given at its start. */
export interface FloorOptions extends StorePlace {
  /** An answer of Usher's, to be given to everybody. */
  readonly answer: Readonly<Record<string, unknown>>;
}

type Read = (id: string) => Promise<unknown>;

const BODY = {
  type: 'object',
  required: ['visitorId', 'placements'],
  additionalProperties: false,
  properties: {
    visitorId: { type: 'string', minLength: 1, maxLength: 256 },
    placements: {
      type: 'array',
      minItems: 1,
      maxItems: 30,
      items: {
        anyOf: [
          { type: 'string' },
          { type: 'object', properties: { id: { type: 'string' }, count: { type: 'integer' } } },
        ],
      },
    },
    channel: { type: 'string' },
    context: { type: 'object' },
  },
};

const options = JSON.parse(process.argv[2] ?? '{}') as FloorOptions;
const read = options.redisUrl === undefined ? sqliteReader(options.dataDir) : redisReader(options.redisUrl);
const app = Fastify();

app.post<{ Body: { visitorId: string } }>(
  '/v1/decisions',
  { schema: { body: BODY, response: { 200: schemaOf(options.answer) } } },
  async (request, reply) => {
    const { visitorId } = request.body;
    const document = await read(visitorId);
    if (!(document instanceof Uint8Array)) return reply.code(404).send();
    return { ...options.answer, visitorId };
  },
);
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));

/** Without the automatic pipelines of ioredis, as they slow it down: a floor is to be as low as can be. */
function redisReader(url: string): Read {
  const redis = new Redis(url.replace('unix://', ''));
  return (id) => redis.getBuffer(`usher:{${id}}:visitor`);
}

function sqliteReader(dataDir: string): Read {
  const database = new DatabaseSync(join(dataDir, 'usher.db'), { readOnly: true });
  const select = database.prepare('SELECT version, document FROM visitors WHERE id = ?');
  return async (id) => select.get(id)?.['document'];
}

interface Schema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The schema of a value, so that its serialiser is compiled; the items of a list may have any member that one has. */
function schemaOf(value: unknown): Schema {
  if (Array.isArray(value))
    return { type: 'array', ...(value.length > 0 && { items: value.map((one) => schemaOf(one)).reduce(union) }) };
  if (typeof value !== 'object' || value === null) return { type: value === null ? 'null' : typeof value };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, schemaOf(one)])),
  };
}

function union(a: Schema, b: Schema): Schema {
  const properties = new Map(Object.entries(a.properties ?? {}));
  for (const [name, theirs] of Object.entries(b.properties ?? {})) {
    const ours = properties.get(name);
    properties.set(name, ours ? union(ours, theirs) : theirs);
  }
  const items = a.items && b.items ? union(a.items, b.items) : (a.items ?? b.items);
  return {
    type: a.type,
    ...(items && { items }),
    ...(properties.size > 0 && { properties: Object.fromEntries(properties) }),
  };
}
