import type { RootCondition } from './condition-definition.js';

/** A named condition: `rules/segments/<id>.json`, used elsewhere as `{ "condition": "<id>" }`. */
export interface SegmentDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Who is in it. */
  readonly conditions: RootCondition;
}
