import { Inject, Injectable, Logger } from '@nestjs/common';
import { decide } from '../engine/decide.js';
import { explain } from '../engine/explain.js';
import type { PlacementExplanation } from '../engine/explanation.js';
import type { Millis, PlacementDecision, Rulebook, VisitorView } from '../engine/types.js';
import { CorruptDocument, InvalidRequest, type Problem } from '../errors.js';
import { RulebookService } from '../rulebook/rulebook.service.js';
import type { MemoryEvent } from '../visitors/memory.js';
import { newId } from '../visitors/new-id.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { withDeadline } from './deadline.js';
import { DecisionRecorder } from './decision-recorder.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import type { DecisionAsk } from './decision-request.js';

/** How long a decision waits for the visitor, in milliseconds. */
export const DEADLINE_MS = Symbol('deadline');

/** How much of the decision could be made; see `docs/reasons-and-errors.md`. */
export type Served = 'full' | 'context-only' | 'fallback';

/** The answer to a decision request. */
export interface DecisionAnswer {
  readonly decisionId: string;
  readonly visitorId: string;
  readonly rulebook: { readonly version: number; readonly digest: string };
  readonly served: Served;
  /** Only where events came with the request: `unconfirmed` events must be sent again, which never applies them twice. */
  readonly events?: 'stored' | 'unconfirmed' | 'dry-run';
  readonly decisions: readonly PlacementDecision[];
  /** Only where it was asked for: why each placement is answered so, in the same order. */
  readonly explanation?: readonly PlacementExplanation[];
  readonly elapsedMs: number;
}

interface Loaded {
  readonly visitor: VisitorView | undefined;
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
    const rulebook = this.rulebooks.current();
    refuseUnknownPlacements(ask, rulebook);
    const events = this.readEvents(ask);
    const span = this.telemetry.start(ask.placements.length);
    const { visitor, ...told } = await this.load(ask, events);
    span.loaded(visitor !== undefined);
    const now = ask.now ?? Date.now();
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
    if (!ask.dryRun) this.recorder.record(answer, now);
    span.end(answer);
    return answer;
  }

  private readEvents(ask: DecisionAsk): MemoryEvent[] {
    const problems: Problem[] = [];
    const events: MemoryEvent[] = [];
    for (const [index, read] of this.visitors.normalise(ask.events, ask.visitorId).entries()) {
      if ('event' in read) events.push(read.event);
      else problems.push(...read.problems.map(({ path, message }) => ({ path: path === '' ? `events[${index}]` : `events[${index}].${path}`, message })));
    }
    if (problems.length > 0) throw new InvalidRequest(problems);
    return events;
  }

  private async load({ visitorId, dryRun }: DecisionAsk, events: readonly MemoryEvent[]): Promise<Loaded> {
    if (events.length === 0) return { visitor: await this.inTime(this.visitors.view(visitorId)) };
    if (dryRun) return { visitor: await this.inTime(this.visitors.viewAfter(visitorId, events)), events: 'dry-run' };
    const recorded = await this.inTime(this.visitors.record(events));
    if (!recorded) return { visitor: undefined, events: 'unconfirmed' };
    return { visitor: await this.inTime(this.visitors.view(visitorId)), events: 'stored' };
  }

  /** What a promise gives within the deadline; undefined when it is late or fails. */
  private async inTime<T>(promise: Promise<T>): Promise<T | undefined> {
    const outcome = await withDeadline(promise, this.deadlineMs);
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed') this.logger.warn(`deciding without the visitor: ${outcome.error instanceof Error ? outcome.error.message : 'the store failed'}`);
    return undefined;
  }

  private decideSafely(ask: DecisionAsk, rulebook: Rulebook, visitor: VisitorView | undefined, now: Millis): Pick<DecisionAnswer, 'decisions' | 'explanation' | 'served'> {
    try {
      const input = { request: ask, visitor, rulebook, now };
      const decided = ask.explain ? explain(input) : { decisions: decide(input) };
      return { ...decided, served: visitor ? 'full' : 'context-only' };
    } catch (error) {
      if (error instanceof CorruptDocument && visitor) return this.decideUnread(ask, rulebook, now);
      // A mistake of ours: the page must come up all the same.
      this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { decisions: ask.placements.map(({ id }) => ({ placement: id, reason: 'ERROR', items: [] })), served: 'fallback' };
    }
  }

  /** A document shows that it is beyond repair only when a rule asks for the broken part. What the person refused can't be known either. */
  private decideUnread(ask: DecisionAsk, rulebook: Rulebook, now: Millis): Pick<DecisionAnswer, 'decisions' | 'explanation' | 'served'> {
    this.visitors.setAsideIfCorrupt(ask.visitorId).catch((error: unknown) => this.logger.warn(String(error)));
    return this.decideSafely(ask, rulebook, undefined, now);
  }
}

function refuseUnknownPlacements({ placements }: DecisionAsk, rulebook: Rulebook): void {
  const problems = placements.flatMap(({ id }, index) => (rulebook.placements.has(id) ? [] : [unknownPlacement(id, index, rulebook)]));
  if (problems.length > 0) throw new InvalidRequest(problems);
}

function unknownPlacement(id: string, index: number, { placements }: Rulebook): Problem {
  return { path: `placements[${index}]`, message: `there is no placement "${id.slice(0, 64)}"; the placements are ${[...placements.keys()].sort().join(', ')}` };
}
