/**
 * What the rule files say, exactly as a marketer writes it. One definition per file under `rules/`: the folder says the
 * kind, the file name is the id. The shape of a kind stands in its `*-definition.ts` beside this file, and the JSON
 * Schemas in `schemas/` are generated from those.
 */
import type { CaseDefinition } from './case-definition.js';
import type { ConsentPolicyDefinition } from './consent-definition.js';
import type { ContactPolicyDefinition } from './contact-definition.js';
import type { LeversDefinition } from './levers-definition.js';
import type { OfferDefinition } from './offer-definition.js';
import type { PlacementDefinition } from './placement-definition.js';
import type { RuleDefinition } from './rule-definition.js';
import type { SearchDefinition } from './search-definition.js';
import type { SegmentDefinition } from './segment-definition.js';
import type { SingleViewDefinition } from './single-view-definition.js';

/** Everything the rule files define, by id. Proactive and contextual rules share one set of ids. */
export interface Definitions {
  readonly placements: ReadonlyMap<string, PlacementDefinition>;
  readonly offers: ReadonlyMap<string, OfferDefinition>;
  readonly segments: ReadonlyMap<string, SegmentDefinition>;
  readonly rules: ReadonlyMap<string, RuleDefinition>;
  readonly cases: ReadonlyMap<string, CaseDefinition>;
  /** Absent where the rule files say nothing about consent. */
  readonly consent?: ConsentPolicyDefinition;
  /** Absent where the rule files hold nobody back. */
  readonly contact?: ContactPolicyDefinition;
  /** Absent where the rule files have no levers. */
  readonly levers?: LeversDefinition;
  /** Absent where the rule files leave the words of the single view as usual. */
  readonly singleView?: SingleViewDefinition;
  /** Absent where people are found by what is usual. */
  readonly search?: SearchDefinition;
}

/** What one rule file defines, by the list that it belongs to: `Definition<'offers'>`. */
export type Definition<List extends keyof Definitions> =
  NonNullable<Definitions[List]> extends ReadonlyMap<string, infer One> ? One : NonNullable<Definitions[List]>;
