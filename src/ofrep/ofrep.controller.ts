import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { MAX_DECISION_BYTES } from '../decisions/decision-request.js';
import { Answers, JSON_TYPE, type JsonOf } from '../http/answers.js';
import { LoopClock } from '../http/loop-clock.js';
import { DescribesOfrep } from './describe-ofrep.js';
import type { OfrepEvaluation } from './evaluation.js';
import { isNamed } from './evaluation-tag.js';
import { Evaluator } from './evaluator.js';
import type { OfrepBulk } from './ofrep-bulk.js';
import { ofrepProblem } from './ofrep-problem.js';

const NEEDS: FastifyContextConfig = {
  ...{ maxBodyBytes: MAX_DECISION_BYTES, problemShape: ofrepProblem },
  ...{ lane: 'decisions', keyIn: 'x-api-key' },
};

/** Placements as flags of OpenFeature: OFREP 0.3.0. What is evaluated is decided as by `POST /v1/decisions`. */
@ApiTags('ofrep')
@Controller('ofrep/v1/evaluate/flags')
export class OfrepController {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly clock: LoopClock,
  ) {}

  @Post(':key')
  @HttpCode(200)
  @Header('content-type', JSON_TYPE)
  @Needs('browser', NEEDS)
  @ApiOperation({ summary: 'A placement as a flag of OpenFeature: nothing is reserved or kept of it' })
  @ApiParam({ name: 'key', description: 'A placement' })
  @Answers('OfrepEvaluation')
  @DescribesOfrep()
  evaluate(@Body() body: unknown, @Req() request: FastifyRequest): Promise<JsonOf<OfrepEvaluation>> {
    return this.evaluator.one(body, request, this.clock.arrival());
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', JSON_TYPE)
  @Needs('browser', NEEDS)
  @ApiOperation({ summary: 'Several placements, or all, as flags of OpenFeature' })
  @ApiQuery({ name: 'placements', required: false, description: 'Those of a page, with commas between' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag of the answer that is at hand' })
  @Answers('OfrepBulk')
  @ApiResponse({ status: 304, description: 'All is as it was, but for ids of decisions, tokens and scores' })
  @DescribesOfrep()
  async evaluateAll(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<JsonOf<OfrepBulk>> {
    const { tag, text } = await this.evaluator.all(body, request, this.clock.arrival());
    reply.header('etag', tag);
    if (!isNamed(tag, request.headers['if-none-match'])) return text();
    reply.code(304).send();
    return '';
  }
}
