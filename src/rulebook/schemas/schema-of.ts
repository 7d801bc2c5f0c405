import { readFileSync } from 'node:fs';
import type { Kind } from '../read/rule-file.js';

/** The part of a JSON Schema that Usher reads itself. */
export interface SchemaObject {
  readonly [keyword: string]: unknown;
  readonly definitions?: Readonly<Record<string, SchemaObject>>;
}

/**
 * The committed schema of a kind, `schemas/<kind>.json`: two folders up both from `src/rulebook` and `dist/rulebook`.
 */
export function schemaOf(kind: Kind): SchemaObject {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${kind}.json`, import.meta.url), 'utf8')) as SchemaObject;
}
