import type { PurposeName } from './names.js';

/** A purpose that visitors decide about. */
export interface PurposeDefinition {
  /** What it is, in words that visitors understand. */
  readonly description?: string;
  /** What counts while a visitor has said nothing, or what they said has expired; `denied` when absent. */
  readonly unknown?: 'granted' | 'denied';
}

/** What visitors decide about, and what may only be used with their consent: `rules/policies/consent.json`. */
export interface ConsentPolicyDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Every purpose, by the name under which consent to it is recorded and asked for. */
  readonly purposes: { readonly [purpose: string]: PurposeDefinition };
  /**
   * The purpose that a whole fact needs, and with it all that is made from the fact. Without consent there is nothing
   * in it.
   */
  readonly facts?: {
    /** The purpose that the traits need. */
    readonly profile?: PurposeName;
    /** The purpose that the history needs. */
    readonly interactions?: PurposeName;
  };
  /** The purpose that single traits need, such as those bought from a data partner: by name of the trait. */
  readonly traits?: { readonly [trait: string]: PurposeName };
}
