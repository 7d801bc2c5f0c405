import type { DecidedItem, DecisionAnswer, DecisionRequest, JsonObject, PlacementDecision } from './service-types.js';
import type { UsherError } from './usher-error.js';

/** What a page shows where nothing can be decided in time. */
export interface DefaultItem {
  readonly content: JsonObject;
  readonly actions?: readonly JsonObject[];
  /** A name of your own, by which you know it again. */
  readonly offer?: string;
}

/** Defaults by placement: one item, or several. A placement that is not among them gets none. */
export type Defaults = Readonly<Record<string, DefaultItem | readonly DefaultItem[]>>;

/** The defaults in the shape of an answer, with the reason why there is no other. */
export interface DefaultAnswer {
  readonly served: 'default';
  /** Why: `TIMEOUT`, `UNREACHABLE`, or another of the codes. */
  readonly why: { readonly code: string; readonly message: string };
  readonly visitorId: string;
  /** Nothing was decided, so there is nothing to tell of it. */
  readonly decisionId?: undefined;
  readonly decisions: readonly PlacementDecision[];
  readonly elapsedMs: number;
}

/** What a decision comes to where a default is given. */
export type Decided = DecisionAnswer | DefaultAnswer;

/** Every placement asked for, in the order asked, with its default. */
export function defaultAnswer(
  { visitorId, placements }: DecisionRequest,
  defaults: Defaults,
  { error, startedAt }: { readonly error: UsherError; readonly startedAt: number },
): DefaultAnswer {
  const decisions = placements.map((asked): PlacementDecision => {
    const placement = typeof asked === 'string' ? asked : asked.id;
    return { placement, reason: 'ERROR', items: itemsFor(placement, defaults) };
  });
  const elapsedMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
  const why = { code: error.code, message: error.message };
  return { served: 'default', why, visitorId, decisions, elapsedMs };
}

function itemsFor(placement: string, defaults: Defaults): readonly DecidedItem[] {
  const given = Object.hasOwn(defaults, placement) ? defaults[placement] : undefined;
  const list = given === undefined ? [] : 'content' in given ? [given] : given;
  return list.map(({ content, actions = [], offer = '' }) => {
    return { offer, content, actions, reason: 'ERROR', score: 0, propensity: 0 };
  });
}
