import type { CaseDefinition } from '../../engine/language/case-definition.js';
import type { ConsentPolicyDefinition } from '../../engine/language/consent-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { OfferDefinition } from '../../engine/language/offer-definition.js';
import type { PlacementDefinition } from '../../engine/language/placement-definition.js';
import type { RuleDefinition } from '../../engine/language/rule-definition.js';
import type { SegmentDefinition } from '../../engine/language/segment-definition.js';
import type { Findings } from '../read/findings.js';
import { CONSENT_POLICY, type Kind, type RuleFile } from '../read/rule-file.js';

/** The definitions by id; files with a problem are left out, so that what is in is what its type says. */
export function collectDefinitions(files: readonly RuleFile[], findings: Findings): Definitions {
  const sound = files.filter((file) => file.root && !findings.has(file));
  // The check has held each file against its kind's schema, which is made from these very types.
  const ofKind = <T>(...kinds: readonly Kind[]): ReadonlyMap<string, T> =>
    new Map(
      sound.filter((file) => kinds.includes(file.kind)).map((file) => [file.id, file.root?.value as unknown as T]),
    );
  const consent = ofKind<ConsentPolicyDefinition>('policies').get(CONSENT_POLICY);
  return {
    placements: ofKind<PlacementDefinition>('placements'),
    offers: ofKind<OfferDefinition>('offers'),
    segments: ofKind<SegmentDefinition>('segments'),
    rules: ofKind<RuleDefinition>('proactive', 'contextual'),
    cases: ofKind<CaseDefinition>('cases'),
    ...(consent && { consent }),
  };
}
