import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { InvalidRequest } from '../errors.js';
import { Answers } from '../http/answers.js';
import { eventReceipt, type EventReceipt } from '../tracking/event-receipt.js';
import { senderOf } from '../tracking/sender.js';
import type { Uncounted } from '../tracking/event-intake.js';
import { TrackingService } from '../tracking/tracking.service.js';
import { problemInBody, readOutcome } from './outcome-request.js';

/** That an outcome is stored, and whether it counts. */
export interface OutcomeReceipt extends EventReceipt {
  /** Whether limits, rules and the single view count it; else it is an interaction like any other. */
  readonly counted: boolean;
  /** Why it does not count. */
  readonly why?: Uncounted['why'];
  /** It was told before, by its `messageId`. */
  readonly duplicate?: true;
}

/** `POST /v1/outcomes`: what became of an offer, in short. `docs/outcomes.md` has every rule. */
@ApiTags('outcomes')
@Controller('v1/outcomes')
export class OutcomesController {
  constructor(private readonly tracking: TrackingService) {}

  @Post()
  @Needs(['browser', 'desk'], { keyIn: 'body', lane: 'events' })
  @HttpCode(200)
  @ApiOperation({ summary: 'What became of an offer: shown, clicked, accepted, put off, dismissed, rated' })
  @ApiBody({ schema: { $ref: '#/components/schemas/OutcomeDto' } })
  @Answers('OutcomeReceipt')
  async tell(@Body() body: unknown, @Req() request: FastifyRequest): Promise<OutcomeReceipt> {
    const batch = await this.tracking.storeBatch([readOutcome(body)], senderOf(request, 'outcomes'));
    const [refused] = batch.refused;
    if (refused) throw new InvalidRequest(refused.problems.map(problemInBody));
    const why = batch.uncounted?.[0]?.why;
    return {
      ...eventReceipt(batch),
      counted: why === undefined,
      ...(why !== undefined && { why }),
      ...(batch.duplicates > 0 && { duplicate: true }),
    };
  }
}
