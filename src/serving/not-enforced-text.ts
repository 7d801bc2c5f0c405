/** So many places are named in one log line. */
const MOST_NAMED = 20;

/** What the log says of rules that ask for what is accepted and not enforced yet: whose they are, and each place. */
export function notEnforcedText(whose: string, places: readonly string[]): string {
  const more = places.length > MOST_NAMED ? [`and ${places.length - MOST_NAMED} more: usher check names them all`] : [];
  return [`${whose} asks for what is not enforced yet:`, ...places.slice(0, MOST_NAMED), ...more].join('\n  ');
}
