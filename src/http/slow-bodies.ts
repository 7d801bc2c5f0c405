import { Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { SlowBody } from '../errors.js';
import { isStranger } from './body-parsers.js';
import { answerProblem } from './problem-filter.js';

/** Who has shown no key yet gets a third of the time: theirs may be in the body, which is small. */
const STRANGERS_SHARE = 1 / 3;
/** How often is looked, at the most. */
const SWEEP_MS = 1_000;

/** A body that is under way. */
interface Arriving {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** What had come over its connection at the last look. */
  bytes: number;
  waitedMs: number;
  told: boolean;
}

/**
 * Ends requests whose body takes too long: a body that is read as a whole has so much time in all; one that is read
 * line by line may not be silent for longer. They are answered 408 where nothing was answered yet, and their
 * connection ends.
 */
export function endSlowBodies(fastify: FastifyInstance, timeoutMs: number): void {
  const slow = new SlowBodies(timeoutMs);
  const everyMs = Math.min(SWEEP_MS, timeoutMs / 5);
  // Where the process itself was held up, that time is nobody's fault: a look counts as one look.
  const sweeping = setInterval(() => slow.sweep(everyMs), everyMs);
  sweeping.unref();
  fastify.addHook('onRequest', (request, reply, done) => {
    slow.begin(request, reply);
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (!isReadByLine(request)) slow.end(request);
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (request.raw.complete) slow.end(request);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(sweeping);
    done();
  });
}

class SlowBodies {
  /** Nobody who has arrived stays here: what is held over many requests costs the collector of garbage dearly. */
  private readonly arriving = new Map<FastifyRequest, Arriving>();
  private readonly ended = metrics
    .getMeter('usher')
    .createCounter('usher_slow_bodies', { description: 'Requests that were ended because their body was too slow' });
  private readonly logger = new Logger('http');

  constructor(private readonly timeoutMs: number) {}

  begin(request: FastifyRequest, reply: FastifyReply): void {
    const { headers } = request.raw;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    this.arriving.set(request, { request, reply, bytes: request.raw.socket.bytesRead, waitedMs: 0, told: false });
  }

  /** Its body is there, or nobody waits for the rest. */
  end(request: FastifyRequest): void {
    this.arriving.delete(request);
  }

  /** Looks at all that are under way, so many milliseconds after the last time. */
  sweep(passedMs: number): void {
    for (const request of this.arriving.keys())
      if (request.raw.complete || request.raw.socket.destroyed) this.arriving.delete(request);
    const late = [...this.arriving.values()].filter((one) => this.isLate(one, passedMs));
    for (const one of late) this.hangUp(one);
    if (late.length > 0) this.logger.warn(`Ended ${late.length} requests whose bodies came too slowly.`);
  }

  private isLate(one: Arriving, passedMs: number): boolean {
    const { request } = one;
    const { bytesRead } = request.raw.socket;
    const goesOn = bytesRead !== one.bytes || waitsForUs(request);
    one.bytes = bytesRead;
    one.waitedMs = goesOn && isReadByLine(request) ? 0 : one.waitedMs + passedMs;
    return one.waitedMs > this.timeoutMs * (isStranger(request) ? STRANGERS_SHARE : 1);
  }

  /** The second time round the connection goes, whether or not the answer could be written. */
  private hangUp(one: Arriving): void {
    const { request, reply } = one;
    if (one.told || reply.raw.headersSent) {
      request.raw.socket.destroy();
      return;
    }
    one.told = true;
    this.ended.add(1);
    answerProblem(new SlowBody(), request, reply.header('connection', 'close'));
  }
}

/** Its handler has it before it is whole. */
function isReadByLine({ body }: FastifyRequest): boolean {
  return body instanceof Readable;
}

/** What has come of it is not read yet, so that nothing more is let in. */
function waitsForUs({ raw }: FastifyRequest): boolean {
  return raw.readableLength > 0;
}
