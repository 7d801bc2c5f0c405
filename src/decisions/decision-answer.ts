import type { Served } from './decide-safely.js';
import type { SeenAs } from '../visitors/memory/browser-made.js';
import type { Problem } from '../errors.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { PlacementExplanation } from '../engine/explain/explanation.js';

/** The answer to a decision request. */
export interface DecisionAnswer {
  readonly decisionId: string;
  readonly visitorId: string;
  /** Where clients send this id by mistake: decided as for a stranger, and nothing is remembered. */
  readonly guarded?: true;
  readonly rulebook: { readonly version: number; readonly digest: string };
  readonly served: Served;
  /**
   * Where not all of the visitor was used, as whoever asks has the key of a page: `browser`, what browsers said of them
   * alone; `stranger`, nothing. See `docs/identity.md`.
   */
  readonly seenAs?: SeenAs;
  /**
   * Only where events came with the request: `unconfirmed` events must be sent again, which never applies them twice.
   * `stored` says that all are, now or before; `partly-stored` and `refused` that some or all of them are refused.
   */
  readonly events?: 'stored' | 'partly-stored' | 'refused' | 'unconfirmed' | 'dry-run';
  /** Only where events came with the request: what became of each, in the same order. */
  readonly eventOutcomes?: readonly EventOutcome[];
  readonly decisions: readonly PlacementDecision[];
  /** Only where it was asked for: why each placement is answered so, in the same order. */
  readonly explanation?: readonly PlacementExplanation[];
  readonly elapsedMs: number;
}

/** An answer that is nobody's decision: nothing is reserved or kept of it, however often it is asked for. */
export interface Evaluated {
  readonly answer: DecisionAnswer;
  /** Makes the token by which a page says what became of an item all the same. */
  readonly tokenOf: ((placement: string, offer: string) => string) | undefined;
}

/** How long it is since a moment on the clock of `performance.now()`, as {@link DecisionAnswer.elapsedMs} tells it. */
export function millisSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1_000) / 1_000;
}

/** What became of an event. */
export interface EventOutcome {
  readonly outcome: 'accepted' | 'duplicate' | 'refused' | 'unconfirmed' | 'dry-run';
  /** Of an accepted one: it is older than what is retained, and only counts. */
  readonly notRetained?: true;
  /** Of one that said a time to come: it stands at that of its receipt. */
  readonly clamped?: true;
  /** Of one that stands without an id that clients send by mistake. */
  readonly guarded?: true;
  /** Of one whose anonymousId stays with whom it was; it is its userId's. */
  readonly notJoined?: true;
  /**
   * Of one that came without: the message id that it got here. Sent again with it, it counts once; sent again without,
   * it is a new event, unless it says its time.
   */
  readonly messageId?: string;
  /** Of a refused one: all that is wrong with it, by paths within the event. */
  readonly problems?: readonly Problem[];
}
