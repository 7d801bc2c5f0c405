import type { Millis } from '../language/millis.js';

/** An instant, or why there is none for certain, with what to write instead. */
export type TimeAnswer = { readonly at: Millis } | { readonly wrong: string };
