import {
  Body,
  Controller,
  HttpCode,
  Logger,
  Post,
  Query,
  Req,
  Res,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Needs } from '../../access/needs.js';
import { charsetIn } from '../../doors/bytes/charset-in.js';
import { readCharset } from '../../doors/bytes/charset.js';
import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import { parseDuration } from '../../engine/language/millis.js';
import { UnsupportedMediaType } from '../../errors.js';
import { AnswersLines } from '../../http/answers.js';
import { once } from '../../http/query-fields.js';
import { readFields, Refused } from '../../http/read-fields.js';
import { DecisionDoor } from '../decision-door.js';
import { DecisionRecorder } from '../decision-recorder.js';
import { holdProblem, type DecisionAsk } from '../decision-request.js';
import { batchDecisionId } from './batch-decision-id.js';
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
  @ApiQuery({
    name: 'batchId',
    required: false,
    description: 'names the batch: run again with the same one, whoever got a limited offer has it, and nobody besides',
  })
  @ApiQuery({ name: 'hold', required: false, description: 'how long places of limited offers are held, such as 2d' })
  @AnswersLines('DecisionAnswer', 'LineRefusal')
  batch(
    @Body() body: unknown,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const of = readFields(query, { batchId: once((id) => id, MAX_ID_LENGTH), hold: once(readHold, 20) }, ASK_WITH);
    if (!(body instanceof Readable))
      throw new UnsupportedMediaType(
        request.headers['content-type'] ?? 'that is missing',
        'application/x-ndjson, one request per line',
      );
    const charset = charsetIn(request.headers['content-type']);
    // Before the answer begins: afterwards its status can't say so.
    if (charset !== undefined) readCharset(charset);
    const lines = decideLines({ body, charset }, this.deciderFor(request, of), this.stopping.signal);
    void reply
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(this.tellUnrecorded(lines), { objectMode: false, highWaterMark: 64 * 1024 }));
  }

  /** Batches under way end with a word on it, before their connections do. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private deciderFor(
    request: FastifyRequest,
    { batchId, hold }: { readonly batchId: string | undefined; readonly hold: number | undefined },
  ): LineDecider {
    const turn = () => this.pace.turn();
    const decisionIdOf = batchId === undefined ? undefined : (ask: DecisionAsk) => batchDecisionId(batchId, ask);
    const how = { name: 'decisions-batch' as const, turn, ...(decisionIdOf && { decisionIdOf }) };
    return {
      decide: async (ask, arrivedAt) => {
        const { text } = await this.door.decide({ ...ask, holdMs: ask.holdMs ?? hold }, request, { ...how, arrivedAt });
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

const ASK_WITH = { unknown: 'ask with' } as const;

function readHold(text: string): number | Refused {
  const wrong = holdProblem(text);
  return wrong === undefined ? (parseDuration(text) ?? 0) : new Refused(wrong);
}
