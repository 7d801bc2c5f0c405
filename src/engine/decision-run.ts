import type { DecisionFacts } from './facts/decision-facts.js';
import type { JsonObject } from './language/json.js';
import type { Millis } from './language/millis.js';
import type { KnownLimits } from './limits/known-limits.js';
import { OwnItems, type LimitFacts, type ToldLimits } from './limits/limit-facts.js';
import type { Run } from './match/run.js';
import type { Placement, Rulebook } from './rulebook.js';
import { type VisitorView, visitorView } from './visitor/visitor.js';
import { viewWithout, withheldBy } from './visitor/withheld.js';

/** What is asked of one placement. */
export interface PlacementRequest {
  readonly id: string;
  /** How many offers; the placement's own `count` when absent. */
  readonly count?: number;
}

/** What is asked. */
export interface DecisionRequest {
  readonly placements: readonly PlacementRequest[];
  readonly channel?: string;
  readonly context: JsonObject;
}

/** Everything a decision depends on. */
export interface DecideInput {
  readonly request: DecisionRequest;
  /** Undefined when the visitor could not be read: then only rules that need nothing of the visitor can hold. */
  readonly visitor: VisitorView | undefined;
  readonly rulebook: Rulebook;
  readonly now: Millis;
  /** What is known of limits besides the visitor's contacts; nothing is used up where it is left out. */
  readonly limits?: KnownLimits;
  /** The propensities uploaded by segment; what nobody uploaded where they are left out. */
  readonly propensities?: UploadedPropensities;
  /** Which decision it is, where it may have been made before: what it took then does not count against it. */
  readonly decisionId?: string;
}

/** Propensities from 0 to 1 that a model gave, by offer and the segment that a visitor is in. */
export interface UploadedPropensities {
  readonly [offer: string]: { readonly [segment: string]: number };
}

/** The facts of a decision where it is in a placement. */
export interface PlacedFacts extends LimitFacts {
  readonly placement: Placement;
  readonly propensities: UploadedPropensities | undefined;
}

/** A decision in one of its placements: only here can conditions, gates and treatments be asked. */
export type PlacedRun = Run<PlacedFacts>;

/** The channel of the request, else that of the placement. */
export function channelOf({ channel, placement }: DecisionFacts): string | undefined {
  return channel ?? placement?.channel;
}

/**
 * The evaluation of one decision, which goes from placement to placement: what does not depend on them is computed
 * once.
 */
export class DecisionRun {
  constructor(
    private readonly run: Run<DecisionFacts>,
    private readonly told: ToldLimits | undefined,
    private readonly propensities: UploadedPropensities | undefined,
  ) {}

  /** Looks from within a placement. What is handed to `look` is of use inside it only. */
  in<T>(placement: Placement, look: (run: PlacedRun) => T): T {
    return look(this.run.enter(new FactsIn(this.run.input, placement, this.told, this.propensities)));
  }

  /** Ends the run: it must not be asked anything any more. */
  end(): void {
    this.run.end();
  }
}

/** The facts of a decision in a placement. A class, as a copy member by member costs more than all a rule asks. */
class FactsIn implements PlacedFacts {
  readonly visitor: VisitorView;
  readonly visitorKnown: boolean;
  readonly context: JsonObject;
  readonly channel: string | undefined;
  readonly now: Millis;
  readonly consent: PlacedFacts['consent'];
  readonly singleView: PlacedFacts['singleView'];
  readonly withheld: PlacedFacts['withheld'];
  readonly segments: PlacedFacts['segments'];
  readonly known: PlacedFacts['known'];

  constructor(
    facts: DecisionFacts,
    readonly placement: Placement,
    readonly told: ToldLimits | undefined,
    readonly propensities: UploadedPropensities | undefined,
  ) {
    this.visitor = facts.visitor;
    this.visitorKnown = facts.visitorKnown;
    this.context = facts.context;
    this.channel = facts.channel;
    this.now = facts.now;
    this.consent = facts.consent;
    this.singleView = facts.singleView;
    this.withheld = facts.withheld;
    this.segments = facts.segments;
    this.known = facts.known;
  }
}

/** A run over the facts of this input, less what the visitor has not consented to, before its first placement. */
export function startRun(input: DecideInput): DecisionRun {
  const { request, visitor = STRANGER, rulebook, now } = input;
  const { consent, singleView } = rulebook;
  const visitorKnown = visitor !== STRANGER;
  const withheld = withheldBy({ visitor, visitorKnown, consent, now });
  const run = rulebook.startRun({
    visitor: viewWithout(withheld, visitor),
    visitorKnown,
    context: request.context,
    channel: request.channel,
    now,
    consent,
    singleView,
    withheld,
    segments: rulebook.segments,
    known: rulebook.known,
    placement: undefined,
  });
  return new DecisionRun(run, toldLimits(input), input.propensities);
}

function toldLimits({ limits, decisionId, request }: DecideInput): ToldLimits | undefined {
  if (!limits && decisionId === undefined) return undefined;
  return {
    known: limits,
    own: decisionId === undefined ? undefined : new OwnItems(decisionId, request.placements),
  };
}

const STRANGER: VisitorView = visitorView({ visitorId: '' });
