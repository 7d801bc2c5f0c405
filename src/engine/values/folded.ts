/**
 * Texts, and those in lists, without regard to case and to how letters with marks are composed: two that people take
 * for
 * the same are equal. The same on every host and in every language, so that `ı` and `i` are one letter, and so are `ß`
 * and `ss`. Anything else stays as it is.
 */
export function folded(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC');
  return Array.isArray(value) ? value.map(folded) : value;
}
