import type { Millis } from '../language/millis.js';

/** An instant, or why there is none for certain. */
export type TimeAnswer = { readonly at: Millis } | NoTime;

/** What is wrong with what was to be a time, with what to write instead. Stands behind the name of what said it. */
export interface NoTime {
  readonly wrong: string;
}
