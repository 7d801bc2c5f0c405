import { expect, test } from '@jest/globals';
import { iso } from '../../engine/language/millis.js';
import type { Contact, ContactEvent } from '../../engine/visitor/contacts.js';
import { withContacts } from '../contacts/remembered-contacts.js';
import { tellAllContacts, tellContacts } from './told-contacts.js';

const contact = (event: ContactEvent, ref: number, more: Partial<Contact> = {}): Contact => ({
  ...{ offer: 'winter-tyres', event, ref, at: ref * 1_000 },
  ...more,
});
const of = (...contacts: readonly Contact[]) => withContacts(undefined, { contacts, goals: [] });

test('what became of offers is told by offer and event: how often, when, and where it was last', () => {
  const told = tellContacts(
    of(
      contact('shown', 2, { placement: 'home.hero', channel: 'web' }),
      contact('shown', 3, { channel: 'app' }),
      contact('dismissed', 3),
      contact('accepted', 9, { offer: 'loan' }),
    ),
  );
  expect(told).toEqual({
    loan: { accepted: { count: 1, first: iso(9_000), last: iso(9_000) } },
    'winter-tyres': {
      shown: { count: 2, first: iso(2_000), last: iso(3_000), channel: 'app' },
      dismissed: { count: 1, first: iso(3_000), last: iso(3_000) },
    },
  });
});

test('what was decided and not answered is told by an export alone', () => {
  const released = of(contact('decided', 1, { heldUntil: 5_000 }), contact('released', 1), contact('decided', 2));
  expect(tellContacts(released)).toMatchObject({ 'winter-tyres': { decided: { count: 1, first: iso(2_000) } } });
  expect(tellAllContacts(released).contacts).toHaveLength(3);
  expect(tellAllContacts(released).contacts?.[0]).toEqual({
    ...{ offer: 'winter-tyres', event: 'decided', ref: 1, timestamp: iso(1_000), heldUntil: iso(5_000) },
  });
});

test('nothing is told where nothing became of any offer', () => {
  expect(tellContacts(undefined)).toBeUndefined();
  expect(tellContacts(of(contact('released', 1)))).toBeUndefined();
  expect(tellAllContacts(undefined)).toEqual({});
});
