/** Milliseconds since the epoch. */
export type Millis = number;
