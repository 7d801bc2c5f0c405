import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hasSecretKey, isOfDesk, proverOf, requireScope } from '../access/access-guard.js';
import type { Rejection } from '../visitors/intake/rejected-entry.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { channelForKey } from '../visitors/intake/request-channel.js';
import { RejectedKeeper } from '../visitors/rejected-keeper.js';
import { withDeadline } from './deadline.js';
import type { DecisionAsk } from './decision-request.js';
import { DEADLINE_MS } from './bound-decider.js';
import type { Evaluated } from './decision-answer.js';
import { DecisionsService, type EventsDoor, type WrittenAnswer } from './decisions.service.js';

/** The channels whose placements a key of the scope `desk` may decide for. */
export const DESK_CHANNELS = Symbol('desk channels');

/** Decides what came over HTTP: who sent it says where its events come from, and those that are refused are kept. */
@Injectable()
export class DecisionDoor {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly rejected: RejectedKeeper,
    @Inject(DEADLINE_MS) private readonly deadlineMs: number,
    @Inject(DESK_CHANNELS) private readonly deskChannels: readonly string[],
  ) {}

  /** Answers once the refused events are kept, for whoever reads the answer looks for them; but not late for that. */
  async decide(
    ask: DecisionAsk,
    request: FastifyRequest,
    how: Pick<EventsDoor, 'name' | 'turn' | 'decisionIdOf'> & { readonly arrivedAt: number },
  ): Promise<WrittenAnswer> {
    const channel = channelForKey(hasSecretKey(request));
    const origin = { agent: request.headers['user-agent'], channel, receivedAt: Date.now() };
    const kept: Promise<void>[] = [];
    const keep = (refused: readonly Rejection[]) => void kept.push(this.rejected.keep(refused, origin));
    try {
      const refuse = isOfDesk(request) ? this.refuserOf(request) : undefined;
      return await this.decisions.decide(ask, {
        channel,
        keep,
        prove: proverOf(request),
        ...(refuse && { refuse }),
        ...how,
      });
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

  /** A desk decides for its own placements, in its own channels, and tells nothing by the way. */
  private refuserOf(request: FastifyRequest): (ask: DecisionAsk, serving: ServingRulebooks) => void {
    const isOwn = (channel: string | undefined) => channel !== undefined && this.deskChannels.includes(channel);
    return ({ placements, channel, events }, { answering }) => {
      const other = placements.find(({ id }) =>
        answering.some((rulebook) => rulebook.placements.has(id) && !isOwn(rulebook.placements.get(id)?.channel)),
      );
      if (other)
        requireScope(request, 'browser', `"${other.id}", which is no placement of a desk (USHER_DESK_CHANNELS),`);
      if (channel !== undefined && !isOwn(channel))
        requireScope(request, 'browser', `"channel", where it is none of a desk (USHER_DESK_CHANNELS),`);
      if (events.length > 0) requireScope(request, 'browser', '"events" of a decision');
    };
  }
}

const NOTHING_IS_KEPT = (): void => undefined;
