import { bucketingId } from './bucketing-id.js';
import { GUARDED, isAllowed, type ConsentFacts, type Guard, type GuardedFact } from './consent.js';
import type { JsonObject } from '../language/json.js';
import { InteractionLog } from './interaction-log.js';
import type { Counter, VisitorView } from './visitor.js';

/** The guards whose purpose has no consent: one look per purpose, none where nothing is guarded. */
export function withheldBy(facts: ConsentFacts): readonly Guard[] {
  const { guards } = facts.consent;
  return guards.length === 0 || !facts.visitorKnown ? NONE : guards.filter(({ purpose }) => !isAllowed(purpose, facts));
}

const NONE: readonly Guard[] = [];
const NOTHING = InteractionLog.of([]);
const NO_COUNTERS: Readonly<Record<string, Counter>> = Object.freeze({});
const NO_TRAITS: JsonObject = Object.freeze({});

/**
 * The visitor without what is withheld: conditions, segments, sessions, lifetime counters and templates all read this
 * view, so that none of them can tell what is withheld from what never was.
 */
export function viewWithout(withheld: readonly Guard[], visitor: VisitorView): VisitorView {
  if (withheld.length === 0) return visitor;
  const isWithheld = (fact: GuardedFact) => withheld.some(({ facts }) => facts.includes(fact));
  const withoutInteractions = isWithheld(GUARDED.history);
  let traits: JsonObject | undefined;
  return {
    visitorId: visitor.visitorId,
    get bucketId() {
      return bucketingId(visitor);
    },
    get ids() {
      return visitor.ids;
    },
    get traits() {
      return (traits ??= isWithheld(GUARDED.traits) ? NO_TRAITS : traitsWithout(withheld, visitor.traits));
    },
    get counters() {
      return withoutInteractions ? NO_COUNTERS : visitor.counters;
    },
    consents: (purpose) => visitor.consents(purpose),
    interactions: () => (withoutInteractions ? NOTHING : visitor.interactions()),
  };
}

function traitsWithout(withheld: readonly Guard[], traits: JsonObject): JsonObject {
  const gone = new Set(withheld.flatMap((guard) => guard.traits));
  const names = Object.keys(traits);
  if (!names.some((name) => gone.has(name))) return traits;
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !gone.has(name)));
}
