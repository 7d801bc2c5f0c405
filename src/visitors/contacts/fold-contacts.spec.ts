import { describe, expect, test } from '@jest/globals';
import { messageRef, type Contact, type Contacts } from '../../engine/visitor/contacts.js';
import { ContactFold, isWholeContact, toldOfContacts } from './fold-contacts.js';

const decided = (ref: number, more: Partial<Contact> = {}): Contact => ({
  ...{ offer: 'a', event: 'decided', ref, at: 100 },
  ...more,
});
const atMost = (limit: number) => (contacts: Contacts) => contacts.of('a').length < limit;
const never = () => false;

describe('wishes for contacts', () => {
  test('are granted as long as there is a place, each asked of all that came before it', () => {
    const fold = new ContactFold({ contacts: [decided(1)], goals: [] }, 100);
    const wishes = [2, 3, 4, 5].map((ref) => ({ contact: decided(ref), fits: atMost(3) }));
    expect(wishes.map((wish) => fold.grant(wish))).toEqual(['granted', 'granted', 'refused', 'refused']);
    expect(fold.all?.contacts.map(({ ref }) => ref)).toEqual([1, 2, 3]);
  });

  test('see what events told before them in the same round', () => {
    const fold = new ContactFold(undefined, 100);
    const contact = decided(9, { event: 'shown' });
    fold.tell({ event: 'Offer Shown', timestamp: 100, messageId: 'm', contact });
    expect(fold.grant({ contact: decided(1), fits: atMost(1) })).toBe('refused');
  });

  test('that had come about are granted again without a place', () => {
    const fold = new ContactFold({ contacts: [decided(1), decided(2, { heldUntil: 150 })], goals: [] }, 100);
    for (const ref of [1, 2]) expect(fold.grant({ contact: decided(ref), fits: never })).toBe('known');
  });

  test('are asked again once their time is over and nothing came of them, and not where something did', () => {
    const held = decided(1, { heldUntil: 90 });
    const again = { contact: decided(1, { at: 120, heldUntil: 150 }), fits: never };
    expect(new ContactFold({ contacts: [held], goals: [] }, 100).grant(again)).toBe('refused');
    const shown = decided(1, { event: 'shown' });
    expect(new ContactFold({ contacts: [held, shown], goals: [] }, 100).grant(again)).toBe('known');
    const fold = new ContactFold({ contacts: [held], goals: [] }, 100);
    expect(fold.grant({ ...again, fits: () => true })).toBe('granted');
    expect(fold.all?.contacts).toEqual([again.contact]);
  });

  test('that were given back are refused for good', () => {
    const fold = new ContactFold({ contacts: [decided(1)], goals: [] }, 100);
    expect(fold.grant({ contact: decided(1, { event: 'released' }), fits: () => true })).toBe('granted');
    expect(fold.grant({ contact: decided(1), fits: () => true })).toBe('refused');
  });
});

test('an event tells of a contact, of a goal, or of neither', () => {
  const event = { event: 'Order Placed', timestamp: 5, messageId: 'm' };
  expect(toldOfContacts(event)).toBeUndefined();
  expect(toldOfContacts({ ...event, contact: decided(1) })).toEqual({ contacts: [decided(1)], goals: [] });
  const goals = [{ event: 'Order Placed', at: 5, ref: messageRef('m') }];
  expect(toldOfContacts({ ...event, goal: true })).toEqual({ contacts: [], goals });
});

test('a contact lies behind a document where its times are whole numbers', () => {
  expect(isWholeContact(decided(1, { heldUntil: 7 }))).toBe(true);
  expect(isWholeContact(decided(1, { at: 0.5 }))).toBe(false);
  expect(isWholeContact(decided(1, { leasedUntil: Infinity }))).toBe(false);
});
