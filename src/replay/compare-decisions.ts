import type { DecidedItem, PlacementDecision } from '../engine/answer.js';

/**
 * In what a placement is answered otherwise than before. `offers`: other offers, or in another order. `content`: the
 * same ones, with other texts or actions. `reasons`: all that is shown is the same, but another rule or score brought
 * it.
 */
export type ChangeKind = 'offers' | 'content' | 'reasons';

/** How the answer for one placement has changed. */
export interface PlacementChange {
  readonly kind: ChangeKind;
  readonly before: PlacementDecision;
  readonly after: PlacementDecision;
}

/** What has changed, for each placement of a request in its order; undefined where nothing has. */
export function compareDecisions(
  before: readonly PlacementDecision[],
  after: readonly PlacementDecision[],
): (PlacementChange | undefined)[] {
  return before.map((one, at) => {
    const other = after[at];
    const kind = other && kindOf(one, other);
    return kind && { kind, before: one, after: other };
  });
}

/** The offers that rules put forward, a fallback left out. */
export function offersByRules({ items }: PlacementDecision): string[] {
  return items.flatMap(({ offer, rule }) => (rule === undefined ? [] : [offer]));
}

function kindOf(before: PlacementDecision, after: PlacementDecision): ChangeKind | undefined {
  if (isSame(before, after)) return undefined;
  if (!isSame(before.items.map(offerOf), after.items.map(offerOf))) return 'offers';
  return isSame(before.items.map(shownOf), after.items.map(shownOf)) ? 'reasons' : 'content';
}

function offerOf({ offer }: DecidedItem): string {
  return offer;
}

function shownOf({ content, actions }: DecidedItem): unknown {
  return [content, actions];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
