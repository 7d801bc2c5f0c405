import type { JsonObject } from './language/json.js';

/** What a client shows. */
export interface RenderedTreatment {
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
}
