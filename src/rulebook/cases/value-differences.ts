import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../engine/language/is-object.js';

/** In what a value differs from the one expected, each place by its name: `cta.label: …`; empty when it does not. */
export function valueDifferences(name: string, expected: unknown, got: unknown): string[] {
  if (isDeepStrictEqual(expected, got)) return [];
  if (isList(expected) && isList(got) && expected.length === got.length)
    return expected.flatMap((one, index) => valueDifferences(`${name}[${index}]`, one, got[index]));
  if (isObject(expected) && isObject(got)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...names].flatMap((key) => valueDifferences(`${name}.${key}`, own(expected, key), own(got, key)));
  }
  return [`expected ${name} ${inWords(expected, got)}, got ${inWords(got, expected)}`];
}

/** Longer texts are shown from shortly before the place where they part. */
const LONG = 60;
const BEFORE = 20;

function inWords(value: unknown, other: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'string' || typeof other !== 'string' || value.length <= LONG) return JSON.stringify(value);
  const from = Math.max(0, partingPlace(value, other) - BEFORE);
  const shown = value.slice(from, from + LONG);
  return `${from > 0 ? '…' : ''}${JSON.stringify(shown)}${from + LONG < value.length ? '…' : ''}`;
}

function partingPlace(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
