import type { DecidedItem, PlacementDecision, Reason } from '../engine/answer.js';
import type { JsonObject } from '../engine/language/json.js';

/** What a placement shows, as the value of a flag. */
export interface EvaluatedOffer {
  readonly offer: string;
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
  /** Only where its texts are HTML; otherwise they are plain and have to be inserted as text. */
  readonly as?: 'html';
}

/** One of several offers of a placement. */
export interface EvaluatedItem extends EvaluatedOffer {
  /** Proves, with the key of a page, what it was evaluated for: to be sent with what becomes of it. */
  readonly token?: string;
}

/** The value of a placement that shows several offers. */
export interface EvaluatedItems {
  readonly items: readonly EvaluatedItem[];
}

/** Whatever clients keep of an evaluation besides its value: of the first of several offers. */
export interface EvaluationMetadata {
  readonly decisionId: string;
  /** The version of the rulebook. */
  readonly release: number;
  /** Usher's own word. */
  readonly reason: Reason;
  /** The rule that put it forward; absent for a fallback, and for nothing. */
  readonly rule?: string;
  readonly score?: number;
  /** As in {@link EvaluatedItem}, where the placement shows one offer. */
  readonly token?: string;
}

/** A placement as a flag of OpenFeature. */
export interface OfrepEvaluation {
  readonly key: string;
  /** Absent where there is nothing to serve: a client then takes its own default. */
  readonly value?: EvaluatedOffer | EvaluatedItems;
  /** The offer; several are apart by commas. */
  readonly variant?: string;
  readonly reason: 'TARGETING_MATCH' | 'SPLIT' | 'STATIC' | 'DEFAULT' | 'UNKNOWN';
  readonly metadata: EvaluationMetadata;
}

/** How an evaluation came about. */
export interface Evaluating {
  readonly decisionId: string;
  readonly release: number;
  /** Whether the placement shows several offers; its value has the same form then, however few there are. */
  readonly isList: boolean;
  readonly tokenOf?: (placement: string, offer: string) => string;
}

/** Usher's words in those of OpenFeature. */
const REASONS: Readonly<Record<Exclude<Reason, 'ERROR'>, OfrepEvaluation['reason']>> = {
  TARGETING_MATCH: 'TARGETING_MATCH',
  SPLIT: 'SPLIT',
  HELD_OUT: 'SPLIT',
  DEFAULT: 'STATIC',
  STALE: 'UNKNOWN',
};

/** What was decided for a placement, as an evaluation. */
export function toEvaluation(decided: PlacementDecision, how: Evaluating): OfrepEvaluation {
  const { placement: key, items } = decided;
  const [first] = items;
  if (!first) return { key, reason: reasonOfNothing(decided.reason), metadata: metadataOf(decided, undefined, how) };
  return {
    key,
    value: how.isList
      ? { items: items.map((item) => ({ ...valueOf(item), ...tokenFor(key, item, how) })) }
      : valueOf(first),
    variant: how.isList ? items.map(({ offer }) => offer).join() : first.offer,
    reason: decided.reason === 'ERROR' ? 'UNKNOWN' : REASONS[decided.reason],
    metadata: metadataOf(decided, first, how),
  };
}

/** The caller's default is shown; where the visitor could not be read, the next answer may be another. */
function reasonOfNothing(reason: Reason): OfrepEvaluation['reason'] {
  return reason === 'DEFAULT' || reason === 'ERROR' ? 'DEFAULT' : REASONS[reason];
}

function valueOf({ offer, content, actions, as }: DecidedItem): EvaluatedOffer {
  return as === undefined ? { offer, content, actions } : { offer, content, actions, as };
}

function metadataOf(decided: PlacementDecision, item: DecidedItem | undefined, how: Evaluating): EvaluationMetadata {
  const { decisionId, release, isList } = how;
  return {
    ...{ decisionId, release, reason: decided.reason },
    ...(item?.rule !== undefined && { rule: item.rule }),
    ...(item && Number.isFinite(item.score) && { score: item.score }),
    ...(item && !isList && tokenFor(decided.placement, item, how)),
  };
}

function tokenFor(placement: string, { offer }: DecidedItem, { tokenOf }: Evaluating): { readonly token?: string } {
  return tokenOf ? { token: tokenOf(placement, offer) } : {};
}
