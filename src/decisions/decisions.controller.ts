import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requireScope } from '../access/access-guard.js';
import { Needs } from '../access/needs.js';
import { Answers, JSON_TYPE, type JsonOf } from '../http/answers.js';
import { LoopClock } from '../http/loop-clock.js';
import type { DecisionAnswer } from './decision-answer.js';
import { DecisionDoor } from './decision-door.js';
import { MAX_DECISION_BYTES, readDecisionRequest } from './decision-request.js';

/** `POST /v1/decisions`. */
@ApiTags('decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    private readonly door: DecisionDoor,
    private readonly clock: LoopClock,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('content-type', JSON_TYPE)
  @Needs(['browser', 'desk'], { maxBodyBytes: MAX_DECISION_BYTES, eventsIn: 'events', lane: 'decisions' })
  @ApiOperation({ summary: 'The next best content, offer or action for each placement' })
  @ApiBody({ schema: { $ref: '#/components/schemas/DecisionRequestDto' } })
  @Answers('DecisionAnswer')
  async decide(@Body() body: unknown, @Req() request: FastifyRequest): Promise<JsonOf<DecisionAnswer>> {
    const arrivedAt = this.clock.arrival();
    const ask = readDecisionRequest(body);
    if (ask.explain) requireScope(request, 'server', '"explain", which tells of every rule,');
    if (ask.holdMs !== undefined) requireScope(request, 'server', '"hold", which takes places for so long,');
    if (ask.now !== undefined) requireScope(request, 'server', '"now", which shows offers to come,');
    const { text } = await this.door.decide(ask, request, { name: 'decisions', arrivedAt });
    return text;
  }
}
