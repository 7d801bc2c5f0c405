/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** An offer decided for a placement, as the service answers it. */
export interface Item {
  readonly offer: string;
  readonly content: Readonly<Record<string, Json>>;
  readonly actions: readonly Readonly<Record<string, Json>>[];
  readonly rule?: string;
  readonly reason: string;
  /** Proves to the service, with the key of a page, that it was decided for this person. */
  readonly token?: string;
}

/** What was decided for one placement. */
export interface PlacementDecision {
  readonly placement: string;
  readonly items: readonly Item[];
}

/** The answer of `POST /v1/decisions`, as far as a page needs it. */
export interface Answer {
  readonly decisionId: string;
  readonly visitorId: string;
  readonly decisions: readonly PlacementDecision[];
}

/** An {@link Item} with what has to be said of it when it is reported. */
export interface DecidedItem extends Item {
  readonly decisionId: string;
  readonly visitorId: string;
  readonly placement: string;
}

/** What becomes of an offer. */
export type Outcome = 'shown' | 'clicked' | 'accepted' | 'dismissed' | 'rated';

/** What a person thinks of an offer. */
export interface Rating {
  /** From 1 to 5. */
  readonly rating?: number;
  /** Whether it was of help. */
  readonly helpful?: boolean;
}

/** The items of an answer, by their placements. */
export function itemsIn({ decisions, ...answer }: Answer): Map<string, DecidedItem[]> {
  return new Map(
    decisions.map(({ placement, items }) => [placement, items.map((item) => ({ ...answer, ...item, placement }))]),
  );
}
