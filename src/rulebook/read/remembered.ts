/**
 * The same function, which must be pure, that remembers what it said of the texts it was asked about: rule files say
 * the same paths, operators and templates over and over. It forgets everything when there are too many of them.
 */
export function remembered<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly found: T }>();
  return (text) => {
    const before = known.get(text);
    if (before) return before.found;
    const found = find(text);
    if (known.size >= MOST) known.clear();
    // What is long takes memory, and seldom comes twice.
    if (text.length <= LONGEST) known.set(text, { found });
    return found;
  };
}

const MOST = 2_000;
const LONGEST = 1_000;
