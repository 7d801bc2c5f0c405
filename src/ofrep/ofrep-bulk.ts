import type { OfrepEvaluation } from './evaluation.js';
import type { OfrepFailure } from './ofrep-problem.js';

/** Several placements as flags of OpenFeature. */
export interface OfrepBulk {
  /** By their keys; what failed says why. */
  readonly flags: readonly (OfrepEvaluation | OfrepFailure)[];
  readonly metadata: { readonly release: number };
  /** Where to hear of other releases; absent where there are no streams, or the caller has the key of no page. */
  readonly eventStreams?: readonly EventStream[];
}

/** An address to listen at, from the origin that was asked. */
export interface EventStream {
  readonly type: 'sse';
  readonly endpoint: { readonly requestUri: string };
}
