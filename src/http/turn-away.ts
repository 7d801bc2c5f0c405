import { metrics } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeBytes } from '../doors/bytes/decode-bytes.js';
import { charsetIn } from '../doors/bytes/charset-in.js';
import { BodyTooLarge, Overloaded } from '../errors.js';
import type { Admission, Lane } from './admission.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** In which lane requests of this route are admitted; without one they always are. */
    readonly lane?: Lane;
  }
}

/** The answer as JSON to the body of a decision request, from memory alone. What it throws is answered as ever. */
export type AnswerFromMemory = (body: string) => string;

const SECONDS_TO_WAIT = '1';
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Answers at once what there is no room for: decisions from memory, all else by 503 before its body is read, and so a
 * decision whose body is compressed, as reading that is work. Add it behind whatever checks keys.
 */
export function turnAway(fastify: FastifyInstance, admission: Admission, fromMemory: AnswerFromMemory): void {
  const counts = countTurnedAway();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { lane } = request.routeOptions.config;
    if (lane === undefined) return done();
    if (admission.admit(lane)) {
      reply.raw.once('close', () => admission.leave(lane));
      return done();
    }
    counts[lane]++;
    if (lane === 'decisions' && request.headers['content-encoding'] === undefined)
      answerFromMemory(request, reply, { fromMemory, failed: done });
    else refuse(reply);
  });
}

function answerFromMemory(
  request: FastifyRequest,
  reply: FastifyReply,
  { fromMemory, failed }: { readonly fromMemory: AnswerFromMemory; failed(error: Error): void },
): void {
  const limit = request.routeOptions.config.maxBodyBytes ?? 0;
  const pieces: Buffer[] = [];
  let length = 0;
  const answer = (): void => {
    try {
      const text = decodeBytes(Buffer.concat(pieces), charsetIn(request.headers['content-type']));
      void reply.type(JSON_TYPE).send(fromMemory(text));
    } catch (error) {
      failed(error as Error);
    }
  };
  request.raw.on('data', (piece: Buffer) => {
    const wasWithin = length <= limit;
    length += piece.length;
    if (length <= limit) pieces.push(piece);
    else if (wasWithin) failed(new BodyTooLarge(limit));
  });
  request.raw.once('end', () => length <= limit && answer());
}

/** Not through the filter of problems, which logs each one. */
function refuse(reply: FastifyReply): void {
  const { status, code, message, problems } = new Overloaded('More is asked of the service than it can do.');
  void reply.status(status).header('retry-after', SECONDS_TO_WAIT).send({ code, message, problems });
}

function countTurnedAway(): Record<Lane, number> {
  const counts = { decisions: 0, events: 0, streams: 0 };
  metrics
    .getMeter('usher')
    .createObservableCounter('usher_turned_away', { description: 'Requests that there was no room for' })
    .addCallback((result) => {
      for (const [lane, count] of Object.entries(counts)) if (count > 0) result.observe(count, { lane });
    });
  return counts;
}
