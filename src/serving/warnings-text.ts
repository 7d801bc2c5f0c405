/** So many places are named in one log line. */
const MOST_NAMED = 20;

/** What the log says of warnings about rules that may serve all the same: whose they are, and each place. */
export function warningsText(whose: string, places: readonly string[]): string {
  const more = places.length > MOST_NAMED ? [`and ${places.length - MOST_NAMED} more: usher check names them all`] : [];
  return [`${whose} has warnings:`, ...places.slice(0, MOST_NAMED), ...more].join('\n  ');
}
