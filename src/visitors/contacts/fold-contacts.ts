import type { Millis } from '../../engine/language/millis.js';
import { messageRef, type Contact, type Contacts } from '../../engine/visitor/contacts.js';
import { isWhole } from '../bytes/byte-writer.js';
import { viewOfContacts, withContacts, type RememberedContacts, type RememberedGoal } from './remembered-contacts.js';

/** A wish for a contact, which comes about only where limits leave a place for it. */
export interface GrantWish {
  readonly contact: Contact;
  /** Whether there is a place, by what is remembered when it is asked. Pure. */
  readonly fits: (contacts: Contacts) => boolean;
}

/** What came of a wish: `known` where it had come about before. */
export type Granted = 'granted' | 'known' | 'refused';

/** What an event tells, as far as it matters here. */
interface Telling {
  readonly event: string;
  readonly timestamp: Millis;
  readonly messageId: string;
  readonly contact?: Contact;
  readonly goal?: true;
}

/** What an event tells of contacts and goals; undefined for most, which tell of none. */
export function toldOfContacts({
  event,
  timestamp,
  messageId,
  contact,
  goal,
}: Telling): RememberedContacts | undefined {
  if (!contact && !goal) return undefined;
  const goals: RememberedGoal[] = goal ? [{ event, at: timestamp, ref: messageRef(messageId) }] : [];
  return { contacts: contact ? [contact] : [], goals };
}

/** Whether all its times are whole numbers, as they must be to lie behind a document. */
export function isWholeContact({ at, heldUntil = at, leasedUntil = at }: Contact): boolean {
  return [at, heldUntil, leasedUntil].every((time) => isWhole(time));
}

/** Contacts while events are told one after the other: each wish is asked of all that came before it. */
export class ContactFold {
  private contacts: Contact[] = [];
  private goals: RememberedGoal[] = [];

  constructor(
    private before: RememberedContacts | undefined,
    private readonly now: Millis,
  ) {}

  /** All so far. */
  get all(): RememberedContacts | undefined {
    const { contacts, goals } = this;
    if (contacts.length === 0 && goals.length === 0) return this.before;
    [this.contacts, this.goals] = [[], []];
    return (this.before = withContacts(this.before, { contacts, goals }));
  }

  tell(event: Telling): void {
    const told = toldOfContacts(event);
    if (told) this.contacts.push(...told.contacts);
    if (told) this.goals.push(...told.goals);
  }

  /**
   * A wish that had come about is granted again and asked of nobody, so that it may be repeated; but for one that was
   * given back, and one whose time is over without anything that came of it: that place may be somebody else's.
   */
  grant({ contact, fits }: GrantWish): Granted {
    const { all } = this;
    const same = all?.contacts.filter(({ offer, ref }) => offer === contact.offer && ref === contact.ref) ?? [];
    if (contact.event === 'decided' && same.some(({ event }) => event === 'released')) return 'refused';
    const twin = same.find(({ event }) => event === contact.event);
    if (twin && (same.length > 1 || (twin.heldUntil ?? Infinity) > this.now)) return 'known';
    if (!fits(viewOfContacts(all))) return 'refused';
    this.contacts.push(contact);
    return 'granted';
  }
}
