import { Body, Controller, HttpCode, Inject, Post, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { requireScope } from '../access/access-guard.js';
import { Needs } from '../access/needs.js';
import { charsetIn } from '../doors/bytes/charset-in.js';
import { readCharset } from '../doors/bytes/charset.js';
import { UnsupportedMediaType } from '../errors.js';
import { Answers, AnswersLines } from '../http/answers.js';
import { decideLines } from './decide-lines.js';
import type { Rejection } from '../visitors/intake/rejected-entry.js';
import { channelForKey } from '../visitors/intake/request-channel.js';
import { RejectedKeeper } from '../visitors/rejected-keeper.js';
import { MAX_DECISION_BYTES, readDecisionRequest, type DecisionAsk } from './decision-request.js';
import type { DecisionAnswer } from './decision-answer.js';
import { withDeadline } from './deadline.js';
import { DEADLINE_MS, DecisionsService, type EventsDoor } from './decisions.service.js';

/** `POST /v1/decisions` and its batch form. */
@ApiTags('decisions')
@Controller('v1/decisions')
export class DecisionsController implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly decisions: DecisionsService,
    private readonly rejected: RejectedKeeper,
    @Inject(DEADLINE_MS) private readonly deadlineMs: number,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('browser', { maxBodyBytes: MAX_DECISION_BYTES, eventsIn: 'events' })
  @ApiOperation({ summary: 'The next best content, offer or action for each placement' })
  @ApiBody({ schema: { $ref: '#/components/schemas/DecisionRequestDto' } })
  @Answers('DecisionAnswer')
  async decide(@Body() body: unknown, @Req() request: FastifyRequest): Promise<DecisionAnswer> {
    const ask = readDecisionRequest(body);
    if (ask.explain) requireScope(request, 'server', '"explain", which tells of every rule,');
    if (ask.now !== undefined) requireScope(request, 'server', '"now", which shows offers to come,');
    return this.decideAndKeep(ask, request, 'decisions');
  }

  @Post('batch')
  @Needs('server', { readsRows: true })
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
    const decide = (ask: DecisionAsk): Promise<DecisionAnswer> => this.decideAndKeep(ask, request, 'decisions-batch');
    const lines = decideLines({ body, charset }, decide, this.stopping.signal);
    void reply
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }));
  }

  /** Batches under way end with a word on it, before their connections do. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Answers once the refused events are kept, for whoever reads the answer looks for them; but not late for that. */
  private async decideAndKeep(
    ask: DecisionAsk,
    { usherScopes, headers }: FastifyRequest,
    name: EventsDoor['name'],
  ): Promise<DecisionAnswer> {
    const channel = channelForKey(usherScopes.has('server'));
    const origin = { agent: headers['user-agent'], channel, receivedAt: Date.now() };
    const until = performance.now() + this.deadlineMs;
    const kept: Promise<void>[] = [];
    const keep = (refused: readonly Rejection[]) => void kept.push(this.rejected.keep(refused, origin));
    try {
      return await this.decisions.decide(ask, { name, channel, keep });
    } finally {
      if (kept.length > 0) await withDeadline(Promise.all(kept), Math.max(0, until - performance.now()));
    }
  }
}
