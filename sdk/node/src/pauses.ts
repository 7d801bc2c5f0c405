/** How long to wait before something is tried again. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 15_000;
/** A service that asks for more is asked again after that. */
const LONGEST_ASKED_MS = 60_000;

/**
 * The pause after so many tries, in milliseconds: doubling, a random half of it, so that many who failed together do
 * not come back together. `askedMs` is what the service asked for: never less than that. `chance` is from 0 to 1.
 */
export function pauseAfter(tries: number, askedMs = 0, chance = Math.random()): number {
  const doubled = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const asked = Math.min(askedMs, LONGEST_ASKED_MS);
  return Math.max(doubled * (0.5 + chance / 2), asked * (1 + chance / 4));
}

/** The milliseconds that a `Retry-After` says: seconds, or a time. Undefined where it says nothing that can be read. */
export function readRetryAfter(said: string | undefined, now = Date.now()): number | undefined {
  if (said === undefined) return undefined;
  if (/^\d+$/.test(said)) return Number(said) * 1_000;
  const at = /GMT$/.test(said) ? Date.parse(said) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
