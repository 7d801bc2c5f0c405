import { Inject, Injectable, Logger } from '@nestjs/common';
import { decideSafely, type SafeDecision } from './decide-safely.js';
import type { DecisionAnswer } from './decision-answer.js';
import { DecisionRecorder } from './decision-recorder.js';
import type { DecisionAsk } from './decision-request.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import { VisitorLoader } from './visitor-loader.js';
import type { Millis } from '../engine/language/millis.js';
import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { RulebookService } from '../serving/rulebook.service.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { newId } from '../visitors/writing/new-id.js';

/** How long a decision waits for the visitor in all, from when it was asked for, in milliseconds. */
export const DEADLINE_MS = Symbol('deadline');

/** Loads, decides, records. A broken store never fails a decision. */
@Injectable()
export class DecisionsService {
  private readonly logger = new Logger('decisions');
  private readonly telemetry = new DecisionTelemetry();
  private readonly loader: VisitorLoader;

  constructor(
    private readonly visitors: VisitorsService,
    private readonly rulebooks: RulebookService,
    private readonly recorder: DecisionRecorder,
    @Inject(DEADLINE_MS) deadlineMs: number,
  ) {
    this.loader = new VisitorLoader(visitors, this.telemetry, deadlineMs);
  }

  /** Throws {@link InvalidRequest} for what the rulebook does not know; answers everything else. */
  async decide(ask: DecisionAsk): Promise<DecisionAnswer> {
    const startedAt = performance.now();
    // Whatever goes live meanwhile: this request ends with the rulebooks that it begins with.
    const serving = this.rulebooks.serving();
    refuseUnknownPlacements(ask, serving);
    const events = this.readEvents(ask);
    const span = this.telemetry.start(ask.placements.length);
    const { visitor, ...told } = await this.loader.load(ask, events, startedAt);
    span.loaded(visitor !== undefined);
    const now = ask.now ?? Date.now();
    // By the id that their memory is kept under: they stay on their side whichever id they are asked for by.
    const rulebook = serving.for(visitor?.source?.id ?? ask.visitorId);
    const { served, ...decided } = this.decideSafely(ask, rulebook, visitor, now);
    const answer: DecisionAnswer = {
      decisionId: newId(),
      visitorId: ask.visitorId,
      rulebook: { version: rulebook.version, digest: rulebook.digest },
      served,
      ...told,
      ...decided,
      elapsedMs: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
    };
    const shadow = rulebook === serving.live ? serving.shadow : undefined;
    if (!ask.dryRun)
      this.recorder.record({
        ask,
        answer,
        visitor: served === 'context-only' ? undefined : visitor,
        decidedAt: now,
        rulebook,
        shadow,
      });
    span.end(answer);
    return answer;
  }

  private readEvents(ask: DecisionAsk): MemoryEvent[] {
    const problems: Problem[] = [];
    const events: MemoryEvent[] = [];
    const channel = { said: ask.channel, otherwise: 'server' as const };
    for (const [index, read] of this.visitors.normalise(ask.events, ask.visitorId, Date.now(), channel).entries()) {
      if ('event' in read) events.push(read.event);
      else
        problems.push(
          ...read.problems.map(({ path, message }) => ({
            path: path === '' ? `events[${index}]` : `events[${index}].${path}`,
            message,
          })),
        );
    }
    if (problems.length > 0) throw new InvalidRequest(problems);
    return events;
  }

  private decideSafely(
    ask: DecisionAsk,
    rulebook: Rulebook,
    visitor: SeenVisitor | undefined,
    now: Millis,
  ): SafeDecision {
    return decideSafely(
      { request: ask, visitor: visitor?.view, rulebook, now, explain: ask.explain },
      {
        corrupt: () =>
          void this.visitors
            .setAsideIfCorrupt(ask.visitorId)
            .catch((error: unknown) => this.logger.warn(String(error))),
        unexpected: (error) =>
          this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      },
    );
  }
}

/** A placement that only the canary knows is answered empty for those whom it does not serve. */
function refuseUnknownPlacements({ placements }: DecisionAsk, serving: ServingRulebooks): void {
  const problems = placements.flatMap(({ id }, index) =>
    serving.hasPlacement(id) ? [] : [unknownPlacement(id, index, serving.live)],
  );
  if (problems.length > 0) throw new InvalidRequest(problems);
}

function unknownPlacement(id: string, index: number, { placements }: Rulebook): Problem {
  return {
    path: `placements[${index}]`,
    message: `there is no placement "${id.slice(0, 64)}"; the placements are ${[...placements.keys()].sort().join(', ')}`,
  };
}
