import type { JsonObject } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Contact } from '../../engine/visitor/contacts.js';
import type { GrantWish } from '../contacts/fold-contacts.js';

/** Something that happened, ready to be remembered. */
export type MemoryEvent = InteractionEvent | TraitsEvent | ConsentEvent | AliasEvent | GrantEvent;

interface EventBase {
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
  readonly timestamp: Millis;
  readonly arrival: number;
  /** Said by whoever has a key that lies in pages. Absent for what a server or an import says. */
  readonly by?: 'browser';
  /** Its anonymous id has not been proven to be the caller's, and must not be the user id of somebody. */
  readonly unproven?: true;
}

/** The person did something. */
export interface InteractionEvent extends EventBase {
  readonly kind: 'interaction';
  readonly messageId: string;
  readonly event: string;
  readonly channel: string;
  readonly properties: JsonObject;
  /** What it tells of an offer; absent where it tells of none, or its sender's word on that does not count. */
  readonly contact?: Contact;
  /** That it is the goal of some offer. */
  readonly goal?: true;
}

/** Something became known of the person. */
export interface TraitsEvent extends EventBase {
  readonly kind: 'traits';
  /** Absent for sources that say the present state rather than report an event: the later one always wins. */
  readonly messageId: string | undefined;
  readonly traits: JsonObject;
  readonly source: string;
}

/** The person allowed or forbade a purpose. */
export interface ConsentEvent extends EventBase {
  readonly kind: 'consent';
  readonly messageId: string | undefined;
  readonly purpose: string;
  readonly granted: boolean;
  readonly until: Millis | undefined;
}

/** Another id is the same person's. Only a `trusted` one joins two people who are both known. */
export interface AliasEvent extends EventBase {
  readonly kind: 'alias';
  readonly messageId: string | undefined;
  readonly previousId: string;
  readonly trusted: boolean;
}

/** An offer wants to come to the person: nothing they did, and nothing but a contact is remembered of it. */
export interface GrantEvent extends EventBase, GrantWish {
  readonly kind: 'grant';
  /** Undefined: a wish is told apart by its contact. */
  readonly messageId: string | undefined;
}
