import { RepeatedName } from '../engine/language/repeated-name.js';
import { WrittenNumber } from '../engine/language/written-number.js';

/**
 * The JSON text of a value, in which a name that was given more than once is so again; numbers as they were written
 * too. Throws RangeError for what is nested thousands deep.
 */
export function writeWithRepeats(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeWithRepeats).join(',')}]`;
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber)
    return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    textsOf(inner).map((text) => `${JSON.stringify(name)}:${text}`),
  );
  return `{${members.join(',')}}`;
}

/** The JSON texts of what stands under a name: several where it was given more than once. */
export function textsOf(value: unknown): readonly string[] {
  if (value instanceof RepeatedName) return value.sources;
  return value === undefined ? [] : [writeWithRepeats(value)];
}
