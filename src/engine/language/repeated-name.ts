/**
 * What stands under a name that an object of a JSON text gives more than once. Doors make them, and let none in: each
 * is refused with its place, as all values but one would be lost.
 */
export class RepeatedName {
  /** The values, each as its JSON text, in the order written. */
  constructor(readonly sources: readonly string[]) {}

  /** For `JSON.stringify`: all of them, as a list. */
  toJSON(): unknown {
    return this.sources.map((source) => JSON.parse(source) as unknown);
  }
}
