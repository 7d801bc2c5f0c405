/**
 * Consent: what a visitor said about a purpose, and what follows from it. What has no consent is neither offered nor
 * used: offers are stopped by a gate, facts are as if they were not there.
 */
import type { ConsentPolicyDefinition } from '../language/consent-definition.js';
import type { Millis } from '../language/millis.js';
import type { VisitorView } from './visitor.js';

/**
 * What is known about a purpose at an instant. `EXPIRED`: what they said no longer counts, which comes to the same as
 * `UNKNOWN`. `UNREAD`: the visitor could not be read, so that nobody can tell.
 */
export type ConsentState = 'GRANTED' | 'DENIED' | 'UNKNOWN' | 'EXPIRED' | 'UNREAD';

/** What a policy calls the parts of a memory that may need consent as a whole, and all that is made from them. */
export const GUARDED = { traits: 'profile', history: 'interactions' } as const;

/** One of {@link GUARDED}. */
export type GuardedFact = (typeof GUARDED)[keyof typeof GUARDED];

/** What may only be looked at with consent to a purpose. */
export interface Guard {
  readonly purpose: string;
  readonly facts: readonly GuardedFact[];
  /** Single traits, by name. */
  readonly traits: readonly string[];
}

/** What a release says about consent. Plain data. */
export interface ConsentPolicy {
  /** The purposes that count as granted until the visitor says otherwise. Any other needs their word. */
  readonly assumed: readonly string[];
  /** One for each purpose that guards anything. */
  readonly guards: readonly Guard[];
}

/** What consent is judged by. */
export interface ConsentFacts {
  readonly visitor: VisitorView;
  /** False when the visitor could not be read. */
  readonly visitorKnown: boolean;
  readonly consent: ConsentPolicy;
  readonly now: Millis;
}

/** Whether what needs this purpose may be offered or used. What can't be known may not, whatever the policy. */
export function isAllowed(purpose: string, facts: ConsentFacts): boolean {
  const state = consentState(purpose, facts);
  if (state === 'GRANTED') return true;
  return (state === 'UNKNOWN' || state === 'EXPIRED') && facts.consent.assumed.includes(purpose);
}

/** What is known about a purpose at `now`. */
export function consentState(
  purpose: string,
  { visitor, visitorKnown, now }: Omit<ConsentFacts, 'consent'>,
): ConsentState {
  if (!visitorKnown) return 'UNREAD';
  const said = visitor.consents(purpose);
  if (!said) return 'UNKNOWN';
  if (said.until !== undefined && now >= said.until) return 'EXPIRED';
  return said.granted ? 'GRANTED' : 'DENIED';
}

/**
 * Compiles the consent policy of a release; without one every purpose needs the visitor's word, and no fact is guarded.
 */
export function compileConsentPolicy({
  purposes = {},
  facts = {},
  traits = {},
}: Partial<ConsentPolicyDefinition> = {}): ConsentPolicy {
  const needed = new Set([...Object.values(facts), ...Object.values(traits)]);
  return {
    assumed: Object.keys(purposes).filter((purpose) => purposes[purpose]?.unknown === 'granted'),
    guards: [...needed].map((purpose) => ({
      purpose,
      facts: Object.values(GUARDED).filter((fact) => facts[fact] === purpose),
      traits: Object.keys(traits).filter((trait) => traits[trait] === purpose),
    })),
  };
}
