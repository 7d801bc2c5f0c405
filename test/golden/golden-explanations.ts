import { readFileSync } from 'node:fs';
import { compileRulebook } from '../../src/engine/compile.js';
import type { ConsentPolicyDefinition } from '../../src/engine/language/consent-definition.js';
import type { Definitions } from '../../src/engine/language/definitions.js';
import type { JsonObject } from '../../src/engine/language/json.js';
import type { OfferDefinition } from '../../src/engine/language/offer-definition.js';
import type { PlacementDefinition } from '../../src/engine/language/placement-definition.js';
import type { RuleDefinition } from '../../src/engine/language/rule-definition.js';
import type { SegmentDefinition } from '../../src/engine/language/segment-definition.js';
import { explain, type ExplainedDecision } from '../../src/engine/explain/explain.js';
import type { PlacementExplanation } from '../../src/engine/explain/explanation.js';
import type { DecisionRequest } from '../../src/engine/decision-run.js';
import { type Consent, visitorView } from '../../src/engine/visitor/visitor.js';
import { renderer } from '../../src/rulebook/templates/templates.js';

/** What is told of a decision, and from what. The engine and the command line are held against the same ones. */
export interface GoldenExplanation {
  readonly name: string;
  readonly visitor: GoldenVisitor | null;
  readonly request: DecisionRequest;
  readonly explanation: readonly PlacementExplanation[];
}

interface GoldenVisitor {
  readonly traits?: JsonObject;
  readonly interactions?: readonly {
    readonly event: string;
    readonly properties: JsonObject;
    readonly timestamp: string;
  }[];
  readonly consents?: Readonly<Record<string, { readonly granted: boolean; readonly until?: string }>>;
}

interface Shelf {
  readonly consent: ConsentPolicyDefinition;
  readonly placements: Record<string, PlacementDefinition>;
  readonly segments: Record<string, SegmentDefinition>;
  readonly offers: Record<string, OfferDefinition>;
  readonly rules: Record<string, RuleDefinition>;
}

const NOW = Date.parse('2026-11-21T10:00:00Z');

const file = JSON.parse(readFileSync(new URL('explanations.json', import.meta.url), 'utf8')) as {
  readonly rulebook: Shelf;
  readonly cases: readonly GoldenExplanation[];
};

/** The golden cases of `explanations.json`. */
export const goldenExplanations: readonly GoldenExplanation[] = file.cases;

/** Decides a golden case, and explains it. */
export function explainGolden({ visitor, request }: GoldenExplanation): ExplainedDecision {
  const rulebook = compileRulebook(
    definitionsOf(file.rulebook),
    { renderer, instant: Date.parse },
    { version: 1, digest: 'sha256:0' },
  );
  const interactions = (visitor?.interactions ?? []).map((one, index) => ({
    ...one,
    timestamp: Date.parse(one.timestamp),
    channel: 'web',
    messageId: `m-${index}`,
  }));
  const consents = Object.fromEntries(
    Object.entries(visitor?.consents ?? {}).map(([purpose, { granted, until }]): [string, Consent] => [
      purpose,
      { granted, until: until === undefined ? undefined : Date.parse(until) },
    ]),
  );
  return explain({
    request,
    rulebook,
    now: NOW,
    visitor: visitor
      ? visitorView({ visitorId: 'v', traits: visitor.traits ?? {}, interactions, consents })
      : undefined,
  });
}

function definitionsOf({ consent, placements, segments, offers, rules }: Shelf): Definitions {
  return {
    consent,
    placements: new Map(Object.entries(placements)),
    segments: new Map(Object.entries(segments)),
    offers: new Map(Object.entries(offers)),
    rules: new Map(Object.entries(rules)),
    cases: new Map(),
  };
}
