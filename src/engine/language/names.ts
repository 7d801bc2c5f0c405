/** The names by which rule files speak of each other and of the world. Each is a text; its type says which. */

/** What a condition looks at: one of the facts that Usher computes. */
export type FactName = string;

/** How a fact is compared, with decorators before it if wanted: `equal`, `not:contains`, `someFact:greaterThan`. */
export type OperatorName = string;

/** What is said of many interactions at once, such as `count` or `sum`. */
export type AggregateName = string;

/** The name of an event that visitors cause, such as `Product Viewed`. */
export type EventName = string;

/** Where something happens, such as `web`, `email` or `call-centre`. */
export type ChannelName = string;

/** The id of a segment: a file `rules/segments/<id>.json`. */
export type SegmentId = string;

/** The id of an offer: a file `rules/offers/<id>.json`. */
export type OfferId = string;

/** The id of a placement: a file `rules/placements/<id>.json`. */
export type PlacementId = string;

/** What several offers stand for. */
export type GroupName = string;

/** A purpose that visitors decide about, by its name in `rules/policies/consent.json`. */
export type PurposeName = string;

/** What stops an offer that a rule puts forward, such as `CAPPED`. */
export type GateName = string;
