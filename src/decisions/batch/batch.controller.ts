import { Body, Controller, HttpCode, Logger, Post, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Needs } from '../../access/needs.js';
import { charsetIn } from '../../doors/bytes/charset-in.js';
import { readCharset } from '../../doors/bytes/charset.js';
import { UnsupportedMediaType } from '../../errors.js';
import { AnswersLines } from '../../http/answers.js';
import { DecisionDoor } from '../decision-door.js';
import { DecisionRecorder } from '../decision-recorder.js';
import { BatchPace } from './batch-pace.js';
import { decideLines, type LineDecider } from './decide-lines.js';

/** `POST /v1/decisions/batch`. */
@ApiTags('decisions')
@Controller('v1/decisions')
export class BatchController implements BeforeApplicationShutdown {
  private readonly logger = new Logger('batch');
  private readonly stopping = new AbortController();

  constructor(
    private readonly door: DecisionDoor,
    private readonly pace: BatchPace,
    private readonly recorder: DecisionRecorder,
  ) {}

  @Post('batch')
  @Needs('server', { lane: 'streams', readsRows: true })
  @HttpCode(200)
  @ApiOperation({ summary: 'One request per line in, one answer per line out, in the same order, streamed' })
  @AnswersLines('DecisionAnswer', 'LineRefusal')
  batch(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!(body instanceof Readable))
      throw new UnsupportedMediaType(
        request.headers['content-type'] ?? 'that is missing',
        'application/x-ndjson, one request per line',
      );
    const charset = charsetIn(request.headers['content-type']);
    // Before the answer begins: afterwards its status can't say so.
    if (charset !== undefined) readCharset(charset);
    const lines = decideLines({ body, charset }, this.deciderFor(request), this.stopping.signal);
    void reply
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(this.tellUnrecorded(lines), { objectMode: false, highWaterMark: 64 * 1024 }));
  }

  /** Batches under way end with a word on it, before their connections do. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private deciderFor(request: FastifyRequest): LineDecider {
    const turn = () => this.pace.turn();
    return {
      decide: async (ask, arrivedAt) => {
        const { text } = await this.door.decide(ask, request, { name: 'decisions-batch', arrivedAt, turn });
        return text;
      },
      turn,
      room: () => this.recorder.room(),
    };
  }

  private async *tellUnrecorded(lines: AsyncGenerator<string>): AsyncGenerator<string> {
    const before = this.recorder.lostInputs;
    try {
      yield* lines;
    } finally {
      const lost = this.recorder.lostInputs - before;
      if (lost > 0) this.logger.warn(`while a batch ran, ${lost} decisions were not recorded that were to be`);
    }
  }
}
