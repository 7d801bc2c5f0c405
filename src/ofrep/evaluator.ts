import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Evaluated } from '../decisions/decision-answer.js';
import { DecisionDoor } from '../decisions/decision-door.js';
import type { PlacementDecision } from '../engine/answer.js';
import { FlagNotFound, Internal } from '../errors.js';
import type { JsonOf } from '../http/answers.js';
import { RulebookService } from '../serving/rulebook.service.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { toEvaluation, type OfrepEvaluation } from './evaluation.js';
import { tagOf } from './evaluation-tag.js';
import type { EventStream, OfrepBulk } from './ofrep-bulk.js';
import { failureOf, type OfrepFailure } from './ofrep-problem.js';
import { bulkPlacements, readEvaluation } from './read-evaluation.js';
import { ReleaseStreams } from './release-streams.js';

/** Where streams are; see `StreamsController`. */
export const STREAMS = '/ofrep/v1/streams';

/** The answer to a bulk, which is written only where somebody has not got it yet. */
export interface WrittenBulk {
  readonly tag: string;
  readonly text: () => JsonOf<OfrepBulk>;
}

/** Puts what `POST /v1/decisions` would decide in OpenFeature's words, and thinks nothing of its own. */
@Injectable()
export class Evaluator {
  constructor(
    private readonly door: DecisionDoor,
    private readonly rulebooks: RulebookService,
    private readonly streams: ReleaseStreams,
  ) {}

  /** Throws {@link FlagNotFound}, and what is wrong with the body. */
  async one(body: unknown, request: FastifyRequest, arrivedAt: number): Promise<JsonOf<OfrepEvaluation>> {
    const { key } = request.params as { readonly key: string };
    const serving = this.rulebooks.serving();
    if (!serving.hasPlacement(key)) throw new FlagNotFound(key, placementsOf(serving));
    const evaluated = await this.door.evaluate(readEvaluation(body, [key]), request, arrivedAt);
    const [decided] = evaluated.answer.decisions;
    // A mistake of ours, which is told as one: the client has a default.
    if (!decided || decided.reason === 'ERROR') throw new Internal();
    return JSON.stringify(toEvaluation(decided, howOf(evaluated, decided, serving)));
  }

  /** Throws what is wrong with the body, and with the placements that are named. */
  async all(body: unknown, request: FastifyRequest, arrivedAt: number): Promise<WrittenBulk> {
    const serving = this.rulebooks.serving();
    const { placements: named } = request.query as { readonly placements?: unknown };
    const placements = bulkPlacements(named, { body, rulebooks: serving.answering });
    const eventStreams = this.streamsFor(request);
    const ask = readEvaluation(body, placements);
    const evaluated = await this.door.evaluate(ask, request, arrivedAt);
    const flags = evaluated.answer.decisions.map((decided) =>
      decided.reason === 'ERROR' ? failed(decided) : toEvaluation(decided, howOf(evaluated, decided, serving)),
    );
    const bulk = { flags, metadata: { release: evaluated.answer.rulebook.version }, ...eventStreams };
    return { tag: tagOf(flags), text: () => JSON.stringify(bulk satisfies OfrepBulk) };
  }

  /** From what serves now on, so that nothing that goes live before somebody listens is missed. */
  private streamsFor({ usherStreamToken: token, usherWho }: FastifyRequest): {
    readonly eventStreams?: readonly EventStream[];
  } {
    if (!this.streams.areOffered || (token === undefined && usherWho !== 'local')) return {};
    const requestUri = `${STREAMS}?since=${this.streams.serving}${token === undefined ? '' : `&token=${token}`}`;
    return { eventStreams: [{ type: 'sse', endpoint: { requestUri } }] };
  }
}

function placementsOf({ answering }: ServingRulebooks): string[] {
  return [...new Set(answering.flatMap(({ placements }) => [...placements.keys()]))];
}

function howOf({ answer, tokenOf }: Evaluated, { placement }: PlacementDecision, { answering }: ServingRulebooks) {
  const { version } = answer.rulebook;
  const { count = 1 } = answering.find((one) => one.version === version)?.placements.get(placement) ?? {};
  return { decisionId: answer.decisionId, release: version, isList: count > 1, ...(tokenOf && { tokenOf }) };
}

function failed({ placement }: PlacementDecision): OfrepFailure {
  return { key: placement, ...failureOf(new Internal()) };
}
