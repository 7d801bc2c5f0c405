import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contactsOf, itemRef, messageRef, NO_CONTACTS, type Contact } from './contacts.js';

const contact = (offer: string, at: number, more: Partial<Contact> = {}): Contact => ({
  ...{ offer, at, event: 'shown', ref: at },
  ...more,
});

describe('contacts that are at hand', () => {
  test('are told by offer, in order of time, and what happens at one moment in the order of events', () => {
    const clicked = contact('b', 5, { event: 'clicked' });
    const contacts = contactsOf([clicked, contact('b', 5), contact('a', 9), contact('b', 1)]);
    expect(contacts.offers()).toEqual(['a', 'b']);
    expect(contacts.of('b')).toEqual([contact('b', 1), contact('b', 5), clicked]);
    expect(contacts.of('c')).toEqual([]);
  });

  test('tell when goals were reached, in order of time', () => {
    const goals = [30, 10, 20].map((at) => ({ event: at === 20 ? 'Order Placed' : 'Booked', at }));
    expect(contactsOf([], goals).goals('Booked')).toEqual([10, 30]);
    expect(contactsOf([]).goals('Booked')).toEqual([]);
    expect(contactsOf([])).toBe(NO_CONTACTS);
  });
});

describe('a ref', () => {
  test('is a whole number of 48 bits, the same for the same item only', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: String, maxLength: 50 }), (items) => {
        const refs = items.flatMap(([decision, placement]) => [itemRef(decision, placement), messageRef(decision)]);
        for (const ref of refs) expect(Number.isSafeInteger(ref) && ref >= 0 && ref < 2 ** 48).toBe(true);
        const [first] = items;
        if (first) expect(itemRef(first[0], first[1])).toBe(refs[0]);
      }),
    );
    expect(new Set(Array.from({ length: 20_000 }, (_, at) => itemRef(`d${at % 200}`, `p${at}`))).size).toBe(20_000);
    expect(itemRef('d', 'home hero')).not.toBe(itemRef('d home', 'hero'));
    expect(itemRef('', 'd')).not.toBe(messageRef('d'));
  });
});
