/**
 * The one rule of names, at every door: those of events, traits, properties, purposes, channels and columns. A name is
 * kept without the blanks and invisible characters around it and in Unicode's composed form (NFC), capitals as they
 * are; as an id is, but for what an id may not be.
 */
export function readName(said: string): string {
  return PLAIN.test(said) ? said : withoutBlanks(said).normalize('NFC');
}

/** What is said as a name, read so; undefined where it is none: no text, or nothing but blanks. */
export function nameIn(said: unknown): string | undefined {
  return typeof said === 'string' ? readName(said) || undefined : undefined;
}

/** Visible ASCII, with blanks only inside: nearly every name and id there is. */
export const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * White space, and characters that can't be seen: zero-width ones, marks of direction, fillers, the byte order mark.
 * All but the blank of Braille are what Unicode calls ignorable (UAX 44, Default_Ignorable_Code_Point).
 */
const BLANK = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]$/u;

/** In a loop, as a pattern takes quadratic time where there are many blanks inside. */
export function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && BLANK.test(text.charAt(from))) from++;
  while (from < to && BLANK.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}
