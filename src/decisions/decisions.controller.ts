import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { requireScope } from '../access/access-guard.js';
import { Needs } from '../access/needs.js';
import { UnsupportedMediaType } from '../errors.js';
import { decideLines } from './decide-lines.js';
import { MAX_DECISION_BYTES, readDecisionRequest } from './decision-request.js';
import type { DecisionAnswer } from './decision-answer.js';
import { DecisionsService } from './decisions.service.js';

/** `POST /v1/decisions` and its batch form. */
@ApiTags('decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Post()
  @HttpCode(200)
  @Needs('browser', { maxBodyBytes: MAX_DECISION_BYTES })
  @ApiOperation({ summary: 'The next best content, offer or action for each placement' })
  @ApiBody({ schema: { $ref: '#/components/schemas/DecisionRequestDto' } })
  async decide(@Body() body: unknown, @Req() request: FastifyRequest): Promise<DecisionAnswer> {
    const ask = readDecisionRequest(body);
    if (ask.explain) requireScope(request, 'server', '"explain", which tells of every rule,');
    if (ask.now !== undefined) requireScope(request, 'server', '"now", which shows offers to come,');
    return this.decisions.decide(ask);
  }

  @Post('batch')
  @Needs('server')
  @HttpCode(200)
  @ApiOperation({ summary: 'One request per line in, one answer per line out, in the same order, streamed' })
  batch(
    @Body() body: unknown,
    @Req() request: { headers: Record<string, string | undefined> },
    @Res() reply: FastifyReply,
  ): void {
    if (!(body instanceof Readable))
      throw new UnsupportedMediaType(
        request.headers['content-type'] ?? 'that is missing',
        'application/x-ndjson, one request per line',
      );
    const lines = decideLines(body, this.decisions);
    void reply
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }));
  }
}
