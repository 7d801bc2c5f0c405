import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { proverOf } from '../access/access-guard.js';
import type { Rejection } from '../visitors/intake/rejected-entry.js';
import { channelForKey } from '../visitors/intake/request-channel.js';
import { RejectedKeeper } from '../visitors/rejected-keeper.js';
import { withDeadline } from './deadline.js';
import type { DecisionAsk } from './decision-request.js';
import { DEADLINE_MS } from './bound-decider.js';
import type { Evaluated } from './decision-answer.js';
import { DecisionsService, type EventsDoor, type WrittenAnswer } from './decisions.service.js';

/** Decides what came over HTTP: who sent it says where its events come from, and those that are refused are kept. */
@Injectable()
export class DecisionDoor {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly rejected: RejectedKeeper,
    @Inject(DEADLINE_MS) private readonly deadlineMs: number,
  ) {}

  /** Answers once the refused events are kept, for whoever reads the answer looks for them; but not late for that. */
  async decide(
    ask: DecisionAsk,
    request: FastifyRequest,
    how: Pick<EventsDoor, 'name' | 'turn' | 'decisionIdOf'> & { readonly arrivedAt: number },
  ): Promise<WrittenAnswer> {
    const { usherScopes, headers } = request;
    const channel = channelForKey(usherScopes.has('server'));
    const origin = { agent: headers['user-agent'], channel, receivedAt: Date.now() };
    const kept: Promise<void>[] = [];
    const keep = (refused: readonly Rejection[]) => void kept.push(this.rejected.keep(refused, origin));
    try {
      return await this.decisions.decide(ask, { channel, keep, prove: proverOf(request), ...how });
    } finally {
      // Of a batch nobody waits for a line alone.
      const from = how.turn ? performance.now() : how.arrivedAt;
      if (kept.length > 0)
        await withDeadline(Promise.all(kept), Math.max(0, from + this.deadlineMs - performance.now()));
    }
  }

  /** What would be decided, of which nothing is kept; see {@link DecisionsService.evaluate}. */
  evaluate(ask: DecisionAsk, request: FastifyRequest, arrivedAt: number): Promise<Evaluated> {
    const channel = channelForKey(request.usherScopes.has('server'));
    const door = { name: 'decisions', channel, prove: proverOf(request), arrivedAt, keep: NOTHING_IS_KEPT } as const;
    return this.decisions.evaluate(ask, door);
  }
}

const NOTHING_IS_KEPT = (): void => undefined;
