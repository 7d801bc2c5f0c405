/** What the first process tells those that serve. */
export type ToServing =
  /** Which of them it is, counted from 1. */
  | { readonly kind: 'place'; readonly place: number }
  /** Asks for its metrics. */
  | { readonly kind: 'asked'; readonly question: number }
  /** The metrics of all, merged, for which it asked. */
  | { readonly kind: 'answered'; readonly question: number; readonly text: string };

/** What those that serve tell the first process. */
export type FromServing =
  /** It listens there. */
  | { readonly kind: 'ready'; readonly url: string }
  /** Asks for the metrics of all. */
  | { readonly kind: 'ask'; readonly question: number }
  /** Its own, for which it was asked. */
  | { readonly kind: 'mine'; readonly question: number; readonly text: string };
