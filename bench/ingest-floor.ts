/**
 * The floor of ingestion: the least that taking events in could cost. Raw Fastify with compiled schemas for request and
 * answer takes the same batches, appends each event to a Redis stream (one XADD each, the batch in one write), and
 * answers when Redis has answered all. It remembers nobody. `node bench/ingest-floor.ts '{ "redisUrl": … }'`.
 */
import Fastify from 'fastify';
import { Redis } from 'ioredis';

/** What the floor is given at its start. */
export interface IngestFloorOptions {
  readonly redisUrl: string;
}

/** The stream that it appends to. */
export const FLOOR_STREAM = 'floor:events';

interface Body {
  readonly batch: readonly object[];
}

const ID = { type: 'string', minLength: 1, maxLength: 256 };
const EVENT = {
  type: 'object',
  required: ['type', 'event', 'userId', 'messageId'],
  properties: {
    type: { type: 'string' },
    event: ID,
    userId: ID,
    messageId: ID,
    timestamp: { type: 'string' },
    properties: { type: 'object' },
    context: { type: 'object' },
  },
};
const BODY = {
  type: 'object',
  required: ['batch'],
  properties: { batch: { type: 'array', maxItems: 2_500, items: EVENT } },
};
const ANSWER = { type: 'object', properties: { success: { type: 'boolean' }, accepted: { type: 'integer' } } };

if (import.meta.main) await listen(JSON.parse(process.argv[2] ?? '{}') as IngestFloorOptions);

async function listen({ redisUrl }: IngestFloorOptions): Promise<void> {
  const redis = new Redis(redisUrl.replace('unix://', ''));
  const app = Fastify();
  app.post<{ Body: Body }>(
    '/v1/batch',
    { schema: { body: BODY, response: { 200: ANSWER } } },
    async ({ body: { batch } }) => {
      const appends = redis.pipeline();
      for (const event of batch) appends.xadd(FLOOR_STREAM, '*', 'event', JSON.stringify(event));
      const replies = (await appends.exec()) ?? [];
      for (const [error] of replies) if (error) throw error;
      return { success: true, accepted: replies.length };
    },
  );
  console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
}
