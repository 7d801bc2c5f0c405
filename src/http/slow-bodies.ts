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
const HANG_UPS_A_TURN = 20;

/** A body that is under way. */
interface Arriving {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** What had come over its connection at the last look. */
  bytes: number;
  waitedMs: number;
  told: boolean;
}

/** How long bodies may take, and how many may be under way. */
export interface BodyLimits {
  readonly timeoutMs: number;
  readonly most: number;
}

/**
 * Ends requests whose body takes too long: a body that is read as a whole has so much time in all; one that is read
 * line by line may not be silent for longer. Where more are under way than may be, which all lie in memory, those that
 * began first are ended before their time. They are answered 408 where nothing was answered yet, and their connection
 * ends.
 */
export function endSlowBodies(fastify: FastifyInstance, limits: BodyLimits): void {
  const { timeoutMs } = limits;
  const slow = new SlowBodies(limits);
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

  constructor(private readonly limits: BodyLimits) {}

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
    const late = new Set([...this.arriving.values()].filter((one) => this.isLate(one, passedMs)));
    for (const one of this.arriving.values()) {
      if (this.arriving.size - late.size <= this.limits.most) break;
      // What began since the last look may be there at once; line by line nothing gathers.
      if (one.waitedMs > passedMs && !isReadByLine(one.request)) late.add(one);
    }
    this.hangUpOn([...late]);
    if (late.size > 0) this.logger.warn(`Ended ${late.size} requests whose bodies came too slowly.`);
  }

  private isLate(one: Arriving, passedMs: number): boolean {
    const { request } = one;
    const { bytesRead } = request.raw.socket;
    const goesOn = bytesRead !== one.bytes || waitsForUs(request);
    one.bytes = bytesRead;
    one.waitedMs = goesOn && isReadByLine(request) ? 0 : one.waitedMs + passedMs;
    return one.waitedMs > this.limits.timeoutMs * (isStranger(request) ? STRANGERS_SHARE : 1);
  }

  /** A few in each turn of the event loop: each is answered. */
  private hangUpOn(late: readonly Arriving[]): void {
    for (const one of late.slice(0, HANG_UPS_A_TURN)) if (this.arriving.has(one.request)) this.hangUp(one);
    if (late.length > HANG_UPS_A_TURN) setImmediate(() => this.hangUpOn(late.slice(HANG_UPS_A_TURN)));
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
