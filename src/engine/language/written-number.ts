/**
 * A number of a JSON text that a number here can't hold to the last digit, kept as it is written there. Doors make
 * them, and let none in: an id is taken by its digits, everything else is refused with its place.
 */
export class WrittenNumber {
  constructor(readonly source: string) {}

  /** For `JSON.stringify`, which then writes the digits as they were read. */
  toJSON(): unknown {
    return JSON.rawJSON(this.source);
  }
}

declare global {
  interface JSON {
    /** Text that is written as it is: https://tc39.es/proposal-json-parse-with-source/. */
    rawJSON(text: string): unknown;
  }
}
