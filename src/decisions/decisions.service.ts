import { Inject, Injectable, Logger } from '@nestjs/common';
import { withDeadline } from './deadline.js';
import { decideSafely, type SafeDecision } from './decide-safely.js';
import type { DecisionAnswer } from './decision-answer.js';
import { DecisionRecorder } from './decision-recorder.js';
import type { DecisionAsk } from './decision-request.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import type { Millis } from '../engine/language/millis.js';
import type { Rulebook } from '../engine/rulebook.js';
import { InvalidRequest, type Problem } from '../errors.js';
import { RulebookService } from '../serving/rulebook.service.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { newId } from '../visitors/writing/new-id.js';

/** How long a decision waits for the visitor, in milliseconds. */
export const DEADLINE_MS = Symbol('deadline');

interface Loaded {
  readonly visitor: SeenVisitor | undefined;
  readonly events?: 'stored' | 'unconfirmed' | 'dry-run';
}

/** Loads, decides, records. Deadlines and fallbacks live here only: a broken store never fails a decision. */
@Injectable()
export class DecisionsService {
  private readonly logger = new Logger('decisions');
  private readonly telemetry = new DecisionTelemetry();

  constructor(
    private readonly visitors: VisitorsService,
    private readonly rulebooks: RulebookService,
    private readonly recorder: DecisionRecorder,
    @Inject(DEADLINE_MS) private readonly deadlineMs: number,
  ) {}

  /** Throws {@link InvalidRequest} for what the rulebook does not know; answers everything else. */
  async decide(ask: DecisionAsk): Promise<DecisionAnswer> {
    const startedAt = performance.now();
    // Whatever goes live meanwhile: this request ends with the rulebooks that it begins with.
    const serving = this.rulebooks.serving();
    refuseUnknownPlacements(ask, serving);
    const events = this.readEvents(ask);
    const span = this.telemetry.start(ask.placements.length);
    const { visitor, ...told } = await this.load(ask, events);
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
    for (const [index, read] of this.visitors.normalise(ask.events, ask.visitorId).entries()) {
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

  private async load({ visitorId, dryRun }: DecisionAsk, events: readonly MemoryEvent[]): Promise<Loaded> {
    if (events.length === 0) return { visitor: await this.inTime(this.visitors.view(visitorId)) };
    if (dryRun) {
      const view = await this.inTime(this.visitors.viewAfter(visitorId, events));
      return { visitor: view && { view, source: undefined }, events: 'dry-run' };
    }
    const recorded = await this.inTime(this.visitors.record(events));
    if (!recorded) return { visitor: undefined, events: 'unconfirmed' };
    return { visitor: await this.inTime(this.visitors.view(visitorId)), events: 'stored' };
  }

  /** What a promise gives within the deadline; undefined when it is late or fails. */
  private async inTime<T>(promise: Promise<T>): Promise<T | undefined> {
    const outcome = await withDeadline(promise, this.deadlineMs);
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.logger.warn(
        `deciding without the visitor: ${outcome.error instanceof Error ? outcome.error.message : 'the store failed'}`,
      );
    return undefined;
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
