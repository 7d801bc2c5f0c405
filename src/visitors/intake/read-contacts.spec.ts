import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contacts as anyContacts } from '../../../test/arbitraries/memories.js';
import type { Problem } from '../../errors.js';
import { withContacts } from '../contacts/remembered-contacts.js';
import { tellAllContacts } from '../profile/told-contacts.js';
import { readContacts } from './read-contacts.js';

const read = (line: object) => {
  const problems: Problem[] = [];
  const contacts = readContacts({ visitorId: 'v', ...line }, problems);
  return { contacts, problems };
};

describe('contacts in a line of an import', () => {
  test('of an export are what they were', () => {
    fc.assert(
      fc.property(anyContacts, (of) => {
        // Names come from outside, where none is empty.
        const isNamed = (one: object) => !Object.values(one).some((it) => it === '' || it === '\ud83d half');
        const contacts = withContacts(undefined, {
          contacts: of?.contacts.filter(isNamed) ?? [],
          goals: of?.goals.filter(isNamed) ?? [],
        });
        expect(read(tellAllContacts(contacts))).toEqual({ contacts, problems: [] });
      }),
    );
  });

  test('of another system count once, however often the line is sent', () => {
    const line = {
      contacts: [{ offer: 'a', event: 'accepted', timestamp: '2026-11-20T10:00:00Z', channel: 'shop' }],
      goals: [{ event: 'Order Placed', timestamp: '2026-11-20T10:00:00Z' }],
    };
    const [first, again] = [read(line).contacts, read(line).contacts];
    expect(first && again && withContacts(first, again)).toEqual(first);
    expect(first?.contacts).toMatchObject([{ offer: 'a', event: 'accepted', channel: 'shop' }]);
    expect(read({ ...line, visitorId: 'other' }).contacts?.contacts[0]?.ref).not.toBe(first?.contacts[0]?.ref);
  });

  test.each<[string, object, string]>([
    ['no list', { contacts: { a: {} } }, 'contacts'],
    ['too many at once', { contacts: new Array<string>(10_001).fill('a') }, 'contacts'],
    ['no object', { contacts: ['a'] }, 'contacts[0]'],
    ['no offer', { contacts: [{ event: 'shown', timestamp: 0 }] }, 'contacts[0]'],
    ['an event of no kind', { contacts: [{ offer: 'a', event: 'seen', timestamp: '2026-11-20' }] }, 'contacts[0]'],
    ['no time', { contacts: [{ offer: 'a', event: 'shown' }] }, 'contacts[0]'],
    [
      'a hold that ends at no time',
      { contacts: [{ offer: 'a', event: 'decided', timestamp: '2026-11-20', heldUntil: 'x' }] },
      'contacts[0]',
    ],
    ['a ref that is none', { goals: [{ event: 'a', timestamp: '2026-11-20', ref: -1 }] }, 'goals[0]'],
  ])('with %s are refused', (_what, line, path) => {
    expect(read(line).problems.map((problem) => problem.path)).toEqual([path]);
  });
});
