/** On a slot that shows what it is to show: `shown` where that is an offer, empty where it is the default. */
export const DONE = 'data-usher-done';

/** What takes a slot out of hiding, by its name. */
export const ANIMATION = 'usher';

/**
 * Hides slots that are not done yet, and nothing else, for so long at most: by the style alone, so that they come back
 * though no script ever runs.
 */
export function slotStyle(timeoutMs: number): string {
  return (
    `[data-usher]:not([${DONE}]){visibility:hidden;animation:${ANIMATION} 0s ${timeoutMs}ms forwards!important}` +
    `@keyframes ${ANIMATION}{to{visibility:visible}}`
  );
}
