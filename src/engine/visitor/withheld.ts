import { bucketingId } from './bucketing-id.js';
import { GUARDED, isAllowed, type ConsentFacts, type Guard, type GuardedFact } from './consent.js';
import type { Contacts } from './contacts.js';
import type { JsonObject } from '../language/json.js';
import { InteractionLog } from './interaction-log.js';
import type { Consent, Counter, VisitorView } from './visitor.js';

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
  return withheld.length === 0 ? visitor : new ViewWithout(withheld, visitor);
}

/**
 * A class, as V8 puts getters of an object literal where old objects are: they would keep alive what each decision has
 * read until all garbage is collected.
 */
class ViewWithout implements VisitorView {
  readonly visitorId: string;
  private readTraits: JsonObject | undefined;
  private readonly withoutInteractions: boolean;

  constructor(
    private readonly withheld: readonly Guard[],
    private readonly visitor: VisitorView,
  ) {
    this.visitorId = visitor.visitorId;
    this.withoutInteractions = this.isWithheld(GUARDED.history);
  }

  get bucketId(): string {
    return bucketingId(this.visitor);
  }

  get ids(): readonly string[] {
    return this.visitor.ids;
  }

  get traits(): JsonObject {
    const { withheld, visitor } = this;
    return (this.readTraits ??= this.isWithheld(GUARDED.traits) ? NO_TRAITS : traitsWithout(withheld, visitor.traits));
  }

  get counters(): VisitorView['counters'] {
    return this.withoutInteractions ? NO_COUNTERS : this.visitor.counters;
  }

  consents(purpose: string): Consent | undefined {
    return this.visitor.consents(purpose);
  }

  interactions(): InteractionLog {
    return this.withoutInteractions ? NOTHING : this.visitor.interactions();
  }

  /** All of them: what limits rest on protects the person, who has refused other things than these. */
  contacts(): Contacts {
    return this.visitor.contacts();
  }

  private isWithheld(fact: GuardedFact): boolean {
    return this.withheld.some(({ facts }) => facts.includes(fact));
  }
}

function traitsWithout(withheld: readonly Guard[], traits: JsonObject): JsonObject {
  if (!withheld.some((guard) => guard.traits.some((name) => Object.hasOwn(traits, name)))) return traits;
  const gone = new Set(withheld.flatMap((guard) => guard.traits));
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !gone.has(name)));
}
