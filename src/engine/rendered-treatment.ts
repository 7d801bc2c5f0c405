import type { JsonObject } from './language/json.js';

/** What a client shows. */
export interface RenderedTreatment {
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
  /** Only where its texts are HTML; otherwise they are plain and have to be inserted as text. */
  readonly as?: 'html';
}
