import type { Problem } from '../errors.js';
import { USUAL_LIMITS, type VisitorLimits } from '../visitors/memory/limits.js';

/** Reads a whole number within bounds: the setting's, or the usual one where it is not set or was found wrong. */
export type ReadNumber = (name: string, fallback: number, bounds: readonly [number, number]) => number;

/** Reads numbers of an environment, and notes which are none. */
export function numberReader(env: NodeJS.ProcessEnv, problems: Problem[]): ReadNumber {
  return (name, fallback, [min, max]) => {
    const text = env[name];
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push({ path: name, message: `must be a whole number from ${min} to ${max}; got "${text}"` });
    return fallback;
  };
}

/** How large one visitor may become. */
export function visitorLimits(number: ReadNumber): VisitorLimits {
  const usual = USUAL_LIMITS;
  return {
    eventNames: number('USHER_MOST_EVENT_NAMES', usual.eventNames, [1, 100_000]),
    traits: number('USHER_MOST_TRAITS', usual.traits, [1, 100_000]),
    traitLength: number('USHER_MOST_TRAIT_LENGTH', usual.traitLength, [100, 100_000_000]),
    consents: number('USHER_MOST_CONSENTS', usual.consents, [1, 100_000]),
    ids: number('USHER_MOST_IDS', usual.ids, [2, 100_000]),
    contactOffers: number('USHER_MOST_CONTACT_OFFERS', usual.contactOffers, [1, 100_000]),
    fullBytes: number('USHER_FULL_VISITOR_BYTES', usual.fullBytes, [1_000, 1_000_000_000]),
    properties: number('USHER_MOST_PROPERTIES', usual.properties, [1, 100_000]),
    propertiesLength: number('USHER_MOST_PROPERTIES_LENGTH', usual.propertiesLength, [100, 100_000_000]),
  };
}

/** What authors may ask of the service. */
export interface AuthorLimits {
  /** What checking rule files that an author sent may take; a set of many files may take more. */
  readonly check: { readonly timeoutMs: number; readonly memoryMb: number };
  /** How many drafts of rules are kept, and for how many days after their latest change. */
  readonly keepDrafts: number;
  readonly keepDraftDays: number;
  /** How often one key may have rule files checked, publish, and call tools of assistants, in a minute. */
  readonly authorsPerMinute: { readonly check: number; readonly publish: number; readonly call: number };
}

/** From the settings of {@link AuthorLimits}. */
export function authorLimits(number: ReadNumber): AuthorLimits {
  return {
    check: {
      timeoutMs: number('USHER_CHECK_TIMEOUT_MS', 30_000, [100, 3_600_000]),
      memoryMb: number('USHER_CHECK_MEMORY_MB', 512, [64, 65_536]),
    },
    keepDrafts: number('USHER_KEEP_DRAFTS', 100, [1, 10_000]),
    keepDraftDays: number('USHER_KEEP_DRAFT_DAYS', 90, [1, 3_650]),
    authorsPerMinute: {
      check: number('USHER_CHECKS_PER_MINUTE', 300, [1, 1_000_000]),
      publish: number('USHER_PUBLISHES_PER_MINUTE', 60, [1, 1_000_000]),
      call: number('USHER_CALLS_PER_MINUTE', 120, [1, 1_000_000]),
    },
  };
}
