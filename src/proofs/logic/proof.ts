import type { JsonObject } from '../../engine/language/json.js';

/** What is claimed; `docs/rules.md` says each in a sentence. */
export type ProofKind =
  | 'never-holds'
  | 'always-holds'
  | 'never-wins'
  | 'shadowed'
  | 'offer-unused'
  | 'offer-never-wins'
  | 'fallback-only'
  | 'overlap'
  | 'number-text'
  | 'near-name'
  | 'unseen-fact'
  | 'ungranted-consent'
  | 'untold-stock'
  | 'budget';

/** A definition, and the steps from its root to a value in it. */
export interface Address {
  readonly kind: 'rules' | 'offers' | 'segments' | 'placements' | 'policies';
  readonly id: string;
  readonly path: readonly (string | number)[];
}

/** A visitor and what is asked for them, in the words of a case file. */
export interface Witness {
  readonly visitor: JsonObject;
  readonly request: JsonObject;
  readonly now: string;
}

/**
 * Something that is so for every visitor, or for the one that is shown. A `warning` is most likely not what was meant;
 * a
 * `note` is good to know.
 */
export interface Proof {
  readonly kind: ProofKind;
  readonly severity: 'warning' | 'note';
  readonly at: Address;
  /** In plain words, without the place. */
  readonly message: string;
  /** The other definitions that it is about. */
  readonly others?: readonly Address[];
  readonly witness?: Witness;
}

/** What events and visitors were seen to send so far. */
export interface Seen {
  /** By name, with the properties that they had. */
  readonly events: Readonly<Record<string, { readonly properties: readonly string[] }>>;
  readonly traits: readonly string[];
  /** By name, how many visitors said what. */
  readonly purposes: Readonly<Record<string, { readonly granted: number; readonly denied: number }>>;
  /** How many visitors were looked at, where that is known. */
  readonly visitors?: number;
  /** False where there are more visitors than were looked at. */
  readonly complete?: boolean;
}
