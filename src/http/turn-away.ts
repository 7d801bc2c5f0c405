import { metrics } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeBytes } from '../doors/bytes/decode-bytes.js';
import { charsetIn } from '../doors/bytes/charset-in.js';
import { BodyTooLarge, Overloaded } from '../errors.js';
import type { Admission, Lane } from './admission.js';
import { JSON_TYPE } from './answers.js';
import { shapeProblem } from './problem-shape.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** In which lane requests of this route are admitted; without one they always are. */
    readonly lane?: Lane;
  }
  interface FastifyRequest {
    /** The room that it takes; none where its route has no lane, or it was turned away. */
    usherPlace: Place | undefined;
  }
}

/** The answer as JSON to the body of a decision request, from memory alone. What it throws is answered as ever. */
export type AnswerFromMemory = (body: string) => string;

const SECONDS_TO_WAIT = '1';

/**
 * Answers at once what there is no room for: decisions from memory, all else by 503 before its body is read, and so a
 * decision whose body is compressed, as reading that is work. Whoever's body is still to come takes no room from others
 * meanwhile, and is looked at again when it is there. Add it behind whatever checks keys.
 */
export function turnAway(fastify: FastifyInstance, admission: Admission, fromMemory: AnswerFromMemory): void {
  const counts = countTurnedAway();
  const newcomers = new Newcomers();
  fastify.decorateRequest('usherPlace');
  fastify.addHook('onRequest', (request, reply, done) => {
    const { lane } = request.routeOptions.config;
    if (lane === undefined) return done();
    if (admission.admit(lane)) {
      const place = new Place(admission, lane);
      request.usherPlace = place;
      reply.raw.once('close', () => place.leave());
      // Whoever reads lines works on the first while the others are still to come.
      if (lane !== 'streams') newcomers.add(request);
      return done();
    }
    counts[lane]++;
    if (isAnsweredFromMemory(request) && request.headers['content-encoding'] === undefined)
      answerFromMemory(request, reply, { fromMemory, failed: done });
    else refuse(request, reply);
  });
  fastify.addHook('preHandler', (request, reply, done) => {
    const { usherPlace: place } = request;
    if (!place || place.takeAgain()) return done();
    counts[place.lane]++;
    if (!isAnsweredFromMemory(request)) refuse(request, reply);
    else void reply.type(JSON_TYPE).send(fromMemory(JSON.stringify(request.body)));
  });
}

/** The room of one request in its lane. */
class Place {
  private isTaken = true;
  private isOver = false;

  constructor(
    private readonly admission: Admission,
    readonly lane: Lane,
  ) {}

  /** While its body comes others may have it. */
  stepAside(): void {
    if (this.isTaken) this.admission.stepAside(this.lane);
    this.isTaken = false;
  }

  /** Whether there is room now, where it had stepped aside. */
  takeAgain(): boolean {
    this.isTaken ||= !this.isOver && this.admission.admit(this.lane);
    return this.isTaken;
  }

  /** For good. */
  leave(): void {
    if (this.isTaken) this.admission.leave(this.lane);
    this.isTaken = false;
    this.isOver = true;
  }
}

/** Requests that were heard in this turn of the event loop: small bodies come along with them, or at the next. */
class Newcomers {
  private heard: FastifyRequest[] = [];

  add(request: FastifyRequest): void {
    if (this.heard.push(request) === 1) setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    const { heard } = this;
    this.heard = [];
    for (const { raw, usherPlace } of heard) if (!raw.complete) usherPlace?.stepAside();
  }
}

function answerFromMemory(
  request: FastifyRequest,
  reply: FastifyReply,
  { fromMemory, failed }: { readonly fromMemory: AnswerFromMemory; readonly failed: (error: Error) => void },
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

/** Decisions in our own words: where a route has others, its client has something to fall back on. */
function isAnsweredFromMemory({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.lane === 'decisions' && config.problemShape === undefined;
}

/** Not through the filter of problems, which logs each one. */
function refuse(request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = shapeProblem(new Overloaded('More is asked of the service than it can do.'), request);
  void reply.status(status).header('retry-after', SECONDS_TO_WAIT).send(body);
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
