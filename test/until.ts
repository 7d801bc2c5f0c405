import { setTimeout as sleep } from 'node:timers/promises';

/** Generous, so that only what never comes is given up: no test says how fast anything is. */
const LIMIT_MS = 60_000;

/**
 * Waits until a condition holds, looking again every `everyMs`. One that throws does not hold yet. Rejects after
 * `limitMs` and says what was waited for; the cause is what the condition threw last.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { limitMs = LIMIT_MS, everyMs = 10 }: { readonly limitMs?: number; readonly everyMs?: number } = {},
): Promise<void> {
  let cause: unknown;
  for (const end = performance.now() + limitMs; ; await sleep(everyMs)) {
    try {
      if (await holds()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`, { cause });
  }
}
