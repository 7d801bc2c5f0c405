/** The gates: what can stop an offer that a rule puts forward. Each is declared here, once, in the order of trying. */
import type { PlacedRun } from './decision-run.js';
import { cappedBy, leasedBy } from './limits/judge-caps.js';
import { contactLimitBy, quietBy, suppressedBy } from './limits/judge-policy.js';
import { contactsAgainst } from './limits/limit-facts.js';
import type { Judge } from './limits/limit-stop.js';
import { holdsForSure } from './match-rules.js';
import { type Offer, isWithin } from './rulebook.js';
import { isAllowed } from './visitor/consent.js';

/** A gate. */
export interface GateDeclaration {
  /** As answers name it. */
  readonly name: string;
  /** What it says of the offer that it stops, or of why. */
  readonly words: string;
  /**
   * Whether it stops an offer, whatever else is in the answer. Absent where something else stops it: the slate, which
   * knows what is in the answer, or nothing yet.
   */
  readonly stops?: (offer: Offer, run: PlacedRun) => boolean;
  /** What it judges limits by, where it is one of them. */
  readonly judge?: Judge;
  /** Whether it stops a placement's fallback too, which ignores every other gate of its kind. */
  readonly stopsFallback?: true;
  /** Whether another visitor might have passed, so that it can be a near miss. */
  readonly isMissable?: true;
  /** What an explanation tells besides. */
  readonly tells?: 'schedule' | 'eligibility' | 'consent' | 'content' | 'limit';
}

const SCHEDULED = declare({
  name: 'SCHEDULED',
  words: 'the offer is not in force',
  stops: ({ window }, { input }) => !isWithin(window, input.now),
  tells: 'schedule',
});

const NOT_ELIGIBLE = declare({
  name: 'NOT_ELIGIBLE',
  words: 'the visitor is not eligible for the offer',
  stops: ({ eligible }, run) => eligible !== undefined && !holdsForSure(eligible, run),
  isMissable: true,
  tells: 'eligibility',
});

/** An offer needs a purpose that the visitor has not consented to. */
export const NO_CONSENT = declare({
  name: 'NO_CONSENT',
  words: 'the visitor has not consented',
  stops: ({ consent }, { input }) => consent !== undefined && !isAllowed(consent, input),
  stopsFallback: true,
  isMissable: true,
  tells: 'consent',
});

const SUPPRESSED = limitGate('SUPPRESSED', 'contact policy keeps the offer away', suppressedBy);
const QUIET_HOURS = limitGate('QUIET_HOURS', 'it is a time of day at which nothing is offered', quietBy);
const CAPPED = limitGate('CAPPED', 'a cap is reached', cappedBy);
const CONTACT_LIMIT = limitGate('CONTACT_LIMIT', 'there were as many contacts as there may be', contactLimitBy);
const LEASED = limitGate('LEASED', 'another channel keeps the offer to itself', leasedBy);
const HELD_OUT = declare({ name: 'HELD_OUT', words: 'the visitor is in the holdout' });

/** No treatment fits, or a template lacked a value. */
export const NO_CONTENT = declare({ name: 'NO_CONTENT', words: 'there is nothing to show', tells: 'content' });

/** What the texts of one decision may cost was used up. */
export const OVER_BUDGET = declare({ name: 'OVER_BUDGET', words: 'its texts are more work than a decision may take' });

/** The offer, or enough of its group, is in the answer already. */
export const DUPLICATE = declare({
  name: 'DUPLICATE',
  words: 'the offer, or one of its group, is in the answer already',
});

/** As many offers as were asked for came first. */
export const OUTRANKED = declare({ name: 'OUTRANKED', words: 'others came first' });

const DECLARED = [
  SCHEDULED,
  NOT_ELIGIBLE,
  NO_CONSENT,
  SUPPRESSED,
  QUIET_HOURS,
  CAPPED,
  CONTACT_LIMIT,
  LEASED,
  HELD_OUT,
  NO_CONTENT,
  OVER_BUDGET,
  DUPLICATE,
  OUTRANKED,
] as const;

/** The name of a gate. */
export type Gate = (typeof DECLARED)[number]['name'];

/** Every gate, in the order in which they are tried. */
export const gates: readonly (GateDeclaration & { readonly name: Gate })[] = DECLARED;

const BY_NAME: ReadonlyMap<string, GateDeclaration> = new Map(gates.map((gate) => [gate.name, gate]));

/** The declaration of a gate. */
export function findGate(name: Gate): GateDeclaration {
  return BY_NAME.get(name) ?? { name, words: name };
}

/** The gates that limits are, in the order of trying, and what each judges by. */
export const limitGates: readonly { readonly name: Gate; readonly judge: Judge }[] = [
  SUPPRESSED,
  QUIET_HOURS,
  CAPPED,
  CONTACT_LIMIT,
  LEASED,
];

/** What is limited stays so as a fallback. Most offers are not, and cost a look. */
function limitGate<const Name extends string>(name: Name, words: string, judge: Judge) {
  return declare({
    name,
    words,
    judge,
    stops: ({ limits }: Offer, { input }: PlacedRun) =>
      limits !== undefined && judge(limits, input, () => contactsAgainst(input)) !== undefined,
    stopsFallback: true,
    isMissable: true,
    tells: 'limit',
  });
}

/** Keeps the name as a type of its own. */
function declare<const T extends GateDeclaration>(gate: T): T {
  return gate;
}
