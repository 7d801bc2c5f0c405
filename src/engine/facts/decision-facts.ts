import type { JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { ConsentPolicy, Guard } from '../visitor/consent.js';
import type { KnownOffers } from '../visitor/happened.js';
import type { SingleViewPolicy } from '../visitor/single-view-policy.js';
import type { VisitorView } from '../visitor/visitor.js';

/** What facts may know of the placement being decided. */
export interface AskedPlacement {
  readonly id: string;
  readonly channel: string | undefined;
  readonly timeZone: string | undefined;
  /** How its dates and numbers are written. */
  readonly locale?: string | undefined;
}

/** What the facts of one decision are computed from. */
export interface DecisionFacts {
  /** Without what they have not consented to. */
  readonly visitor: VisitorView;
  /** False when the visitor could not be read: nothing that depends on them can be said. */
  readonly visitorKnown: boolean;
  readonly context: JsonObject;
  readonly channel: string | undefined;
  readonly now: Millis;
  readonly consent: ConsentPolicy;
  /** How events tell of support, ratings and mood. */
  readonly singleView: SingleViewPolicy;
  /** What the view of the visitor lacks for want of consent. */
  readonly withheld: readonly Guard[];
  /** What contacts with offers are counted by; nothing is a goal where it is left out. */
  readonly known?: KnownOffers | undefined;
  /** By id, the number of the segment's condition. */
  readonly segments: ReadonlyMap<string, number>;
  /** The placement being decided; undefined before the first. */
  readonly placement: AskedPlacement | undefined;
}
