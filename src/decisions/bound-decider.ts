import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DecideInput } from '../engine/decision-run.js';
import type { KnownLimits } from '../engine/limits/known-limits.js';
import type { Millis } from '../engine/language/millis.js';
import type { Rulebook } from '../engine/rulebook.js';
import { PropensityTable } from '../learning/propensity-table.js';
import { Reserver, type Attempt } from '../limits/reserver.js';
import { TokenMaker } from '../limits/token-maker.js';
import type { VisitorStore } from '../stores/visitor-store.js';
import type { RequestChannel } from '../visitors/intake/request-channel.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { TokenOf } from './answer-text.js';
import { decideSafely, type SafeDecision } from './decide-safely.js';
import type { DecisionAsk } from './decision-request.js';
import { DecisionTelemetry } from './decision-telemetry.js';
import { VisitorLoader, type Patience } from './visitor-loader.js';

/** How long a decision waits for the store in all, from when it was asked for, in milliseconds. */
export const DEADLINE_MS = Symbol('deadline');

/** What a decision is made from besides what is asked. */
export interface Known {
  readonly decisionId: string;
  readonly visitor: SeenVisitor | undefined;
  readonly rulebook: Rulebook;
  readonly now: Millis;
  /** Whether the id is one that clients send by mistake. */
  readonly isGuarded: boolean;
  /** Whether it may have been made before: then what the store refused a moment ago is asked for again. */
  readonly isRepeatable: boolean;
  readonly patience: Patience;
  readonly asker: RequestChannel;
}

/** Nobody takes a place: who is behind an id that clients send by mistake, or is not proven, is not known. */
export const NOBODYS_LIMITS: KnownLimits = { spent: new Map(), unknown: true };

/** What is known of offers besides what the rules say. */
@Injectable()
export class KnownOffers {
  constructor(
    readonly reserver: Reserver,
    private readonly propensities: PropensityTable,
  ) {}

  /** What is at hand without waiting: limits that are reached, and propensities that were uploaded by segment. */
  known(
    { placements }: DecisionAsk,
    { rulebook, now, isRepeatable }: Known,
  ): Pick<DecideInput, 'limits' | 'propensities'> {
    const limits = isRepeatable ? undefined : this.reserver.known(now);
    const propensities = this.propensities.for(rulebook, placements);
    return { ...(limits && { limits }), ...(propensities && { propensities }) };
  }
}

/** Makes decisions that keep to their bounds: to the deadline, to limits, to what texts may cost. */
@Injectable()
export class BoundDecider {
  private readonly logger = new Logger('decisions');
  /** Of all decisions, however they are made. */
  readonly telemetry = new DecisionTelemetry();
  readonly loader: VisitorLoader;

  constructor(
    private readonly visitors: VisitorsService,
    private readonly offers: KnownOffers,
    private readonly tokens: TokenMaker,
    @Inject(DEADLINE_MS) readonly deadlineMs: number,
  ) {
    this.loader = new VisitorLoader(visitors, this.telemetry);
  }

  /** The decision, with what it was made from: all places that it needs are taken, but for a dry run. */
  async decide(ask: DecisionAsk, known: Known): Promise<Attempt<SafeDecision>> {
    const { visitor, rulebook, now, decisionId, isGuarded } = known;
    const isNobody = isGuarded || visitor?.seenAs === 'stranger';
    const input = {
      ...{ request: ask, visitor: visitor?.view, rulebook, now, decisionId },
      ...this.offers.known(ask, known),
      ...(isNobody && { limits: NOBODYS_LIMITS }),
    };
    const first = { input, visitor, made: this.decideSafely(ask, input) };
    return this.offers.reserver.isNeeded(first) ? this.settle(first, ask, known) : first;
  }

  /** Makes the tokens of an answer's items; undefined where there are none. */
  tokensFor({ visitorId }: DecisionAsk, { decisionId, isGuarded }: Known): TokenOf | undefined {
    return isGuarded ? undefined : this.tokens.for(decisionId, visitorId);
  }

  /** Takes the places that the answer needs; in a dry run it only looks whether there are any. */
  private settle(
    first: Attempt<SafeDecision>,
    ask: DecisionAsk,
    { decisionId, now, patience, asker }: Known,
  ): Promise<Attempt<SafeDecision>> {
    const { visitorId, holdMs } = ask;
    const deciding = {
      ...{ visitorId, holdMs, decisionId, now },
      decide: (input: DecideInput) => this.decideSafely(ask, input),
      view: (documents: Pick<VisitorStore, 'load'>) =>
        this.visitors.view(visitorId, asker, documents).catch(() => undefined),
      within: <T>(asked: () => Promise<T>) => this.loader.outcomeWithin(patience, asked),
    };
    return ask.dryRun ? this.offers.reserver.look(first, deciding) : this.offers.reserver.settle(first, deciding);
  }

  private decideSafely(ask: DecisionAsk, input: DecideInput): SafeDecision {
    return decideSafely(
      { ...input, explain: ask.explain },
      {
        corrupt: () =>
          void this.visitors
            .setAsideIfCorrupt(ask.visitorId)
            .catch((error: unknown) => this.logger.warn(String(error))),
        overBudget: (count) => this.telemetry.countOverBudget(count),
        unexpected: (error) =>
          this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      },
    );
  }
}
