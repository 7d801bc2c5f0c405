import { Injectable } from '@nestjs/common';
import { BoundDecider } from './bound-decider.js';
import {
  NOTHING_BROUGHT,
  refuseAllBad,
  rejectionsOf,
  sortEvents,
  answerEvents,
  type BroughtEvents,
} from './brought-events.js';
import { answerText, decisionsText } from './answer-text.js';
import { millisSince, type DecisionAnswer, type Evaluated } from './decision-answer.js';
import { DecisionRecorder } from './decision-recorder.js';
import { refuseUnknownPlacements, type DecisionAsk } from './decision-request.js';
import type { DecisionTelemetry } from './decision-telemetry.js';
import type { Loaded, Patience } from './visitor-loader.js';
import { CorruptDocument } from '../errors.js';
import type { GuardedDoor } from '../visitors/guarded-met.js';
import type { Rejection } from '../visitors/intake/rejected-entry.js';
import type { RequestChannel } from '../visitors/intake/request-channel.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { RulebookService } from '../serving/rulebook.service.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { newId } from '../visitors/writing/new-id.js';

/** By which door a decision is asked for, and its events come in. */
export interface EventsDoor {
  readonly name: GuardedDoor;
  /** Where they come from, where nothing tells. */
  readonly channel: RequestChannel['otherwise'];
  /** When the request came, on the clock of `performance.now()`; now where it is absent. */
  readonly arrivedAt?: number;
  /**
   * Of a batch: resolves when it is the turn of this decision to go on. There is no deadline then, as nobody waits for
   * it alone, and a letter that is sent without a look at the person is the wrong one.
   */
  turn?(): Promise<void>;
  /** Where whose ids these are has to be proven; absent where nobody asks. */
  readonly prove?: RequestChannel['prove'];
  /**
   * Of a batch that may be run again: the id of its decision on this, the same each time, so that a place that was
   * taken is the same place. A new one where it is absent.
   */
  decisionIdOf?(ask: DecisionAsk): string;
  /** Throws where the caller may not ask for this. */
  refuse?(ask: DecisionAsk, serving: ServingRulebooks): void;
  /** Is handed those that are refused. */
  keep(refused: readonly Rejection[]): void;
}

/** An answer, and the same as JSON. */
export interface WrittenAnswer {
  readonly answer: DecisionAnswer;
  readonly text: string;
}

/** An answer, and what is to be done with it. */
interface Made extends Evaluated {
  readonly record: (decisionsText: () => string) => void;
}

const NOWHERE: EventsDoor = { name: 'decisions', channel: 'server', keep: () => undefined };

/** Loads, decides, records. A broken store never fails a decision. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly rulebooks: RulebookService,
    private readonly recorder: DecisionRecorder,
    private readonly decider: BoundDecider,
  ) {}

  /** Of all decisions, however they are made. */
  get telemetry(): DecisionTelemetry {
    return this.decider.telemetry;
  }

  /**
   * Throws {@link InvalidRequest} for what the rulebook does not know, and where of its events none is in order;
   * answers everything else.
   */
  async decide(ask: DecisionAsk, door: EventsDoor = NOWHERE): Promise<WrittenAnswer> {
    const { answer, tokenOf, record } = await this.make(ask, door);
    const text = decisionsText(answer.decisions, ask.dryRun ? undefined : tokenOf);
    record(() => (tokenOf ? decisionsText(answer.decisions) : text));
    return { answer, text: answerText(answer, text) };
  }

  /** The same as a dry run, whatever is asked, for who writes the answer in other words. */
  evaluate(ask: DecisionAsk, door: EventsDoor): Promise<Evaluated> {
    return this.make({ ...ask, dryRun: true }, door);
  }

  private async make(ask: DecisionAsk, door: EventsDoor): Promise<Made> {
    const startedAt = door.arrivedAt ?? performance.now();
    // Whatever goes live meanwhile: this request ends with the rulebooks that it begins with.
    const serving = this.rulebooks.serving();
    refuseUnknownPlacements(ask, serving);
    door.refuse?.(ask, serving);
    const isGuarded = this.visitors.guarded.has(ask.visitorId);
    const brought = this.readEvents(await this.completed(ask, door), door, isGuarded);
    const span = this.telemetry.start(ask.placements.length, door.turn !== undefined);
    const patience: Patience = door.turn ? 'patient' : { until: startedAt + this.decider.deadlineMs };
    const asker = { otherwise: door.channel, prove: door.prove };
    const { visitor: loaded, events } = await this.decider.loader.load(ask, brought.events, patience, asker);
    await door.turn?.();
    const eventsAnswer = answerAll(brought, events);
    if (eventsAnswer && !ask.dryRun) door.keep(rejectionsOf(ask, eventsAnswer.eventOutcomes ?? []));
    span.loaded(loaded !== undefined);
    const known = {
      ...{ visitor: loaded, isGuarded, patience, asker, isRepeatable: door.decisionIdOf !== undefined },
      decisionId: door.decisionIdOf?.(ask) ?? newId(),
      rulebook: serving.for(bucketIdOf(loaded, ask.visitorId)),
      now: ask.now ?? Date.now(),
    };
    const { made, visitor, input } = await this.decider.decide(ask, known);
    const { served, ...decided } = made;
    const answer: DecisionAnswer = {
      ...{ decisionId: known.decisionId, visitorId: ask.visitorId },
      ...(isGuarded && { guarded: true }),
      rulebook: { version: input.rulebook.version, digest: input.rulebook.digest },
      served,
      ...(visitor?.seenAs && { seenAs: visitor.seenAs }),
      ...eventsAnswer,
      ...decided,
      elapsedMs: millisSince(startedAt),
    };
    const shadow = input.rulebook === serving.live ? serving.shadow : undefined;
    const seen = served === 'context-only' ? undefined : visitor;
    const record = (decisionsText: () => string): void => {
      if (!ask.dryRun && !isGuarded) this.recorder.record({ ask, answer, decisionsText, visitor: seen, input, shadow });
    };
    span.end(answer);
    return { answer, tokenOf: this.decider.tokensFor(ask, known), record };
  }

  /** Outcomes among the events that name no offer get the one that they are of. */
  private completed(ask: DecisionAsk, { channel }: EventsDoor): DecisionAsk | Promise<DecisionAsk> {
    if (ask.events.length === 0 || channel !== 'server') return ask;
    const events = this.visitors.completed(ask.events, ask.visitorId);
    return events === ask.events ? ask : Promise.resolve(events).then((whole) => ({ ...ask, events: whole }));
  }

  private readEvents(ask: DecisionAsk, door: EventsDoor, isGuarded: boolean): BroughtEvents {
    if (ask.events.length === 0) {
      this.visitors.guardedMet.add(door.name, isGuarded ? 1 : 0);
      return NOTHING_BROUGHT;
    }
    const channel = { said: ask.channel, otherwise: door.channel, prove: door.prove };
    const read = this.visitors.normalise(ask.events, ask.visitorId, Date.now(), channel);
    this.visitors.guardedMet.add(door.name, read.filter(({ guarded }) => guarded).length + (isGuarded ? 1 : 0));
    const brought = sortEvents(read, ask.events);
    const areAllBad = brought.events.length === 0;
    if (areAllBad && !ask.dryRun && !isGuarded)
      door.keep(
        rejectionsOf(
          ask,
          brought.problems.map((problems = []) => ({ problems })),
        ),
      );
    // A page that shows something to strangers goes on doing so, whatever its client sends for an id.
    if (!isGuarded) refuseAllBad(brought);
    return brought;
  }
}

/** Of events none of which is in order nothing became. */
function answerAll(brought: BroughtEvents, became: Loaded['events']): ReturnType<typeof answerEvents> | undefined {
  return became || brought.problems.length > 0 ? answerEvents(brought, became ?? []) : undefined;
}

/**
 * By the id that they were first met by: they stay on their side whichever id they are asked for by, and when they log
 * in. A document whose part can't be read is found out, and set aside, when a rule asks for it.
 */
function bucketIdOf(visitor: SeenVisitor | undefined, asked: string): string {
  try {
    return visitor?.view.bucketId ?? asked;
  } catch (error) {
    if (error instanceof CorruptDocument) return visitor?.source?.id ?? asked;
    throw error;
  }
}
