/** Thrown where something of a flag can't be said in rules, with the reason; never leaves `src/cli/flags/`. */
export class NoCounterpart extends Error {
  override readonly name = 'NoCounterpart';
}

/** What a function gives; as a text, what has no counterpart. */
export function attempt<T extends object>(make: () => T): T | string {
  try {
    return make();
  } catch (refusal) {
    if (refusal instanceof NoCounterpart) return refusal.message;
    throw refusal;
  }
}
