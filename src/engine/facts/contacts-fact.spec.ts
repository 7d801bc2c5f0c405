import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../language/json.js';
import { USUAL_POLICY } from '../visitor/single-view-policy.js';
import { compileConsentPolicy } from '../visitor/consent.js';
import type { Contact } from '../visitor/contacts.js';
import { visitorView } from '../visitor/visitor.js';
import { factProblems, factText, findFact } from './facts.js';

const NOW = Date.UTC(2026, 10, 30, 12);
const DAY = 86_400_000;
const ago = (days: number, event: Contact['event'], more: Partial<Contact> = {}): Contact => ({
  ...{ event, offer: 'pet-camera', at: NOW - days * DAY, ref: days * 100, placement: 'home.hero', channel: 'web' },
  ...more,
});
const CONTACTS = [
  ago(1, 'shown'),
  ago(3, 'shown', { channel: 'email', placement: 'email.offer' }),
  ago(8, 'shown'),
  ago(2, 'shown', { offer: 'starter-set' }),
  ago(2, 'decided'),
  ago(2, 'released'),
];

function contacts(params: JsonObject, withheld: readonly string[] = []) {
  const fact = findFact('contacts', params);
  return fact?.read(
    {
      visitor: visitorView({ visitorId: 'u', contacts: CONTACTS, goals: [{ event: 'Order Completed', at: NOW }] }),
      ...{ visitorKnown: true, context: {}, channel: 'web', now: NOW, placement: undefined, segments: new Map() },
      ...{ consent: compileConsentPolicy(), singleView: USUAL_POLICY },
      withheld: withheld.map((purpose) => ({ purpose, facts: ['interactions'] as const, traits: [] })),
      known: {
        goalOf: () => ({ event: 'Order Completed', withinMs: 7 * DAY }),
        members: (group) => (group === 'cameras' ? ['pet-camera', 'starter-set'] : []),
      },
    },
    undefined as never,
  );
}

describe('the fact contacts', () => {
  test.each([
    [{ event: 'shown', offer: 'pet-camera' }, 3],
    [{ event: 'shown', offer: 'pet-camera', within: '7d' }, 2],
    [{ event: 'shown', offer: 'pet-camera', within: '7d', channel: 'email' }, 1],
    [{ event: 'shown', offer: 'pet-camera', placement: 'home.hero' }, 2],
    [{ event: 'shown', group: 'cameras' }, 4],
    [{ event: 'shown', group: 'cars' }, 0],
    [{ event: 'dismissed', offer: 'pet-camera' }, 0],
    [{ event: 'accepted', offer: 'pet-camera' }, 1],
    [{ event: 'shown', offer: 'never-made' }, 0],
  ])('counts what caps count: %j is %d', (params, count) => {
    expect(contacts(params)).toBe(count);
  });

  test('does not count what was decided and not answered', () => {
    expect(contacts({ event: 'decided', offer: 'pet-camera' })).toBe(0);
  });

  test('is nothing where the person has not consented to have their history looked at', () => {
    expect(contacts({ event: 'shown', offer: 'pet-camera' }, ['personalisation'])).toBe(0);
  });

  test.each([
    [{ event: 'shown' }, 'contacts are with an "offer" or with a "group" of offers; write one of the two, by its id'],
    [{ event: 'shown', offer: 'a', group: 'b' }, 'contacts are with an "offer" or with a "group" of offers; write one'],
    [{ offer: 'a' }, 'contacts need an "event": what became of the offer, one of decided, shown, clicked'],
    [{ offer: 'a', event: 'released' }, 'contacts need an "event"'],
    [{ offer: 'a', event: 'shown', within: 'week' }, '"week" is not a duration; write a number and s, m, h, d or w'],
    [{ offer: 'a', event: 'shown', withn: '7d' }, 'unknown param "withn"; the params of contacts are event, offer'],
    [{ offer: 7, event: 'shown' }, '"offer" must be a text'],
  ])('has a problem with %j', (params, message) => {
    expect(factProblems('contacts', params)[0]?.message).toContain(message);
  });

  test('is said in words', () => {
    const params = { event: 'shown', offer: 'pet-camera', within: '7d' };
    expect(factText({ fact: 'contacts', params })).toBe('times pet-camera was shown (within 7d)');
    expect(factText({ fact: 'contacts', params: { event: 'shown', group: 'cameras' } })).toBe(
      'times offers of cameras was shown',
    );
  });
});
