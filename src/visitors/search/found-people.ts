/** People who were found, as the API tells them. Times are ISO 8601 in UTC. */
import type { Json } from '../../engine/language/json.js';
import { type Millis, iso } from '../../engine/language/millis.js';
import type { SearchForm } from '../../engine/language/search-definition.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import { idsOf } from '../documents/codec.js';
import { countersOf } from '../memory/counters.js';
import type { Memory } from '../memory/memory.js';
import { tellIdentities, type IdentitiesProfile } from '../profile/visitor-profile.js';
import { allFormed } from './search-forms.js';

/** What `GET /v1/visitors?search=` answers. */
export interface FoundPeople {
  /** Who has the id first, then those of whom a server or an import says it, then those of whom only browsers do. */
  readonly people: readonly FoundPerson[];
  /** There are others, beyond the limit. */
  readonly more?: true;
  /** Traits by which somebody may not be found yet, as the index is still behind; absent where there are none. */
  readonly behind?: readonly string[];
}

/** One person who was found. */
export interface FoundPerson {
  /** The id that their memory is kept under. */
  readonly visitorId: string;
  readonly ids: readonly string[];
  readonly identities: IdentitiesProfile;
  /** By what: an id of theirs, or traits. */
  readonly matched: readonly SearchMatch[];
  /** How often anything happened, over the whole life. */
  readonly interactions: number;
  /** When anything happened last; absent where nothing did. */
  readonly lastSeen?: string;
}

/** By what somebody was found. */
export type SearchMatch =
  | { readonly by: 'id'; readonly id: string }
  | {
      readonly by: 'trait';
      readonly trait: string;
      /** The trait as it is. */
      readonly value: Json;
      /** Who said it, as in `traitDetails` of the profile; `browser:…` is anybody's word. */
      readonly source: string;
      readonly at: string;
    };

/** Tells of a person in short. */
export function tellFound(memory: Memory, matched: readonly SearchMatch[]): FoundPerson {
  const counters = Object.values(countersOf(memory));
  const last = counters.reduce<Millis>((latest, one) => Math.max(latest, one.last), -Infinity);
  return {
    visitorId: memory.id,
    ids: idsOf(memory.id, memory.userIds, memory.anonymousIds),
    identities: tellIdentities(memory),
    matched,
    interactions: counters.reduce((sum, { count }) => sum + count, 0),
    ...(last > -Infinity && { lastSeen: iso(last) }),
  };
}

/** By which traits a person has a value, in any of the forms that it was read in. */
export function matchesIn(
  { traits }: Pick<Memory, 'traits'>,
  policy: SearchPolicy,
  wanted: ReadonlyMap<SearchForm, string>,
): SearchMatch[] {
  return [...policy].flatMap(([name, form]): SearchMatch[] => {
    const trait = Object.hasOwn(traits, name) ? traits[name] : undefined;
    const value = wanted.get(form);
    if (!trait || value === undefined || !allFormed(trait.value, form).includes(value)) return [];
    return [{ by: 'trait', trait: name, value: trait.value, source: trait.source, at: iso(trait.at) }];
  });
}
