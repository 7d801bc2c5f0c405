import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contacts as anyContacts } from '../../../test/arbitraries/memories.js';
import { KEPT_CONTACTS, type Contact } from '../../engine/visitor/contacts.js';
import {
  CONTACTS_KEPT_DAYS,
  contactsOfNone,
  contactsOfSide,
  mergeContacts,
  retainedContacts,
  viewOfContacts,
  withContacts,
  type RememberedContacts,
} from './remembered-contacts.js';

const DAY = 86_400_000;
const shown = (ref: number, at: number, more: Partial<Contact> = {}): Contact => ({
  ...{ offer: 'a', event: 'shown', ref, at },
  ...more,
});

/** So many of one event of one offer that some are let go; of some refs there are several words. */
const crowded: fc.Arbitrary<RememberedContacts> = fc
  .array(fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 9 }), fc.boolean()), { minLength: 40, maxLength: 120 })
  .map((all) => ({
    contacts: all.map(([ref, at, isHeld]) => shown(ref, at, isHeld ? { heldUntil: at + ref, channel: 'web' } : {})),
    goals: all.map(([ref, at]) => ({ event: 'Order Placed', ref, at })),
  }));
const remembered = fc.oneof(
  anyContacts,
  crowded.map((all) => withContacts(undefined, all)),
);

describe('remembered contacts', () => {
  test('merge into the same whichever way round, however grouped and however often', () => {
    fc.assert(
      fc.property(remembered, remembered, remembered, (a, b, c) => {
        const both = mergeContacts(a, b);
        expect(mergeContacts(b, a)).toEqual(both);
        expect(mergeContacts(both, c)).toEqual(mergeContacts(a, mergeContacts(b, c)));
        expect(mergeContacts(both, b)).toEqual(both);
        expect(mergeContacts(a, a)).toEqual(a);
      }),
      { numRuns: 300 },
    );
  });

  test('are the same told one by one, in any order and doubled, as all at once', () => {
    fc.assert(
      fc.property(crowded, fc.infiniteStream(fc.nat()), ({ contacts, goals }, picks) => {
        const each: RememberedContacts[] = [
          ...contacts.map((one) => ({ contacts: [one], goals: [] })),
          ...goals.map((one) => ({ contacts: [], goals: [one] })),
        ];
        const shuffled = [...each, ...each.slice(0, 50)]
          .map((one) => ({ one, rank: picks.next().value as number }))
          .sort((a, b) => a.rank - b.rank);
        const all = shuffled.reduce<RememberedContacts | undefined>(
          (before, { one }) => withContacts(before, one),
          undefined,
        );
        expect(all).toEqual(withContacts(undefined, { contacts, goals }));
      }),
    );
  });

  test('have the latest fifty of each event of each offer, of any parts: no limit of one person asks for more', () => {
    fc.assert(
      fc.property(crowded, fc.nat({ max: 120 }), ({ contacts }, cut) => {
        const parts = [contacts.slice(0, cut), contacts.slice(cut)];
        const all = parts
          .map((some) => withContacts(undefined, { contacts: some, goals: [] }))
          .reduce(mergeContacts, undefined);
        const latest = new Map<number, number>();
        for (const { ref, at } of contacts) latest.set(ref, Math.max(at, latest.get(ref) ?? 0));
        const expected = [...latest].sort(([a, of], [b, than]) => of - than || a - b).slice(-KEPT_CONTACTS);
        expect(all?.contacts.map(({ ref, at }) => [ref, at])).toEqual(expected);
      }),
    );
  });

  test('tell an event of an item once, though it was told again later in another message', () => {
    const told = { contacts: [shown(7, 10, { placement: 'b' }), shown(7, 20), shown(7, 15)], goals: [] };
    expect(withContacts(undefined, told)?.contacts).toEqual([shown(7, 20)]);
  });

  test('put together what is said of one contact at the same moment', () => {
    const one = shown(7, 10, { event: 'decided', placement: 'hero', heldUntil: 30 });
    const other = shown(7, 10, {
      event: 'decided',
      placement: 'aside',
      channel: 'web',
      heldUntil: 20,
      leasedUntil: 40,
    });
    expect(withContacts(undefined, { contacts: [one, other], goals: [] })?.contacts).toEqual([
      { ...other, heldUntil: 30 },
    ]);
  });

  test('are kept for 400 days, whatever else is retained', () => {
    const now = 1_000 * DAY;
    const [old, young] = [now - CONTACTS_KEPT_DAYS * DAY - 1, now - CONTACTS_KEPT_DAYS * DAY];
    const goals = [old, young].map((at, ref) => ({ event: 'Order Placed', at, ref }));
    const all = withContacts(undefined, { contacts: [shown(1, old), shown(2, young)], goals });
    expect(retainedContacts(all, now)).toEqual({ contacts: [shown(2, young)], goals: goals.slice(1) });
    expect(retainedContacts(all, now - 1)).toBe(all);
    expect(retainedContacts(all, now + DAY)).toBeUndefined();
  });

  test('of a person are parted into those of a side and those of none', () => {
    fc.assert(
      fc.property(remembered, remembered, (a, b) => {
        const person = mergeContacts(a, b);
        const side = contactsOfSide(a, person);
        expect(mergeContacts(side, contactsOfNone(person, [side]))).toEqual(person);
        expect(mergeContacts(person, side)).toEqual(person);
      }),
    );
  });

  test('are seen by offer and by goal', () => {
    const all = { contacts: [shown(1, 5)], goals: [{ event: 'Order Placed', at: 6, ref: 1 }] };
    const view = viewOfContacts(withContacts(undefined, all));
    expect([view.offers(), view.of('a'), view.goals('Order Placed')]).toEqual([['a'], [shown(1, 5)], [6]]);
    expect(viewOfContacts(undefined).offers()).toEqual([]);
  });
});
