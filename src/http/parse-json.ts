import { MalformedBody } from '../errors.js';

/** Parses JSON from outside. Throws {@link MalformedBody} for what is not JSON and for poisoned prototypes. */
export function parseJson(text: string, what: 'body' | 'line'): unknown {
  const value = parse(text, what);
  if (SUSPICIOUS.test(text)) refusePoison(value, what);
  return value;
}

/** A cheap look that misses nothing: names may be written with escapes. */
const SUSPICIOUS = /__proto__|constructor|\\u00/;

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBody(`The ${what} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function refusePoison(root: unknown, what: string): void {
  const waiting: unknown[] = [root];
  for (let value = waiting.pop(); waiting.length > 0 || value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__'))
      throw new MalformedBody(`The ${what} has a "__proto__" member, which is not accepted. Rename it.`);
    const maker: unknown = Object.hasOwn(value, 'constructor')
      ? (value as Record<string, unknown>)['constructor']
      : undefined;
    if (typeof maker === 'object' && maker !== null && Object.hasOwn(maker, 'prototype')) {
      throw new MalformedBody(`The ${what} has a "constructor.prototype" member, which is not accepted. Rename it.`);
    }
    waiting.push(...(Object.values(value) as unknown[]));
  }
}
