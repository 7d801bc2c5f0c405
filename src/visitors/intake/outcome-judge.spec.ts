import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../engine/language/json.js';
import { itemRef, messageRef } from '../../engine/visitor/contacts.js';
import { normaliseEvent } from './incoming-event.js';
import { contactIn, type OutcomeJudge } from './outcome-judge.js';
import { FROM_SERVER, type RequestChannel } from './request-channel.js';

const NOW = Date.parse('2026-11-21T10:00:00.5Z');
const event = (name: string, properties: JsonObject, by: RequestChannel = FROM_SERVER, judge?: OutcomeJudge) => {
  const raw = { type: 'track', userId: 'u', messageId: 'm', event: name, properties, timestamp: NOW };
  const intake = { receivedAt: NOW, arrival: 1, newId: () => 'new', repeats: new Map<string, number>() };
  const read = normaliseEvent(raw, { ...intake, channel: by, ...(judge && { judge }) });
  if (!('event' in read) || read.event.kind !== 'interaction') throw new Error('it is refused');
  return read.event;
};
const item = { offer: 'a', decisionId: 'd-1', placement: 'home.hero' };

describe('what an event tells of an offer', () => {
  test('is a contact with the item that it names', () => {
    expect(event('Offer Accepted', item).contact).toEqual({
      ...{ event: 'accepted', offer: 'a', at: NOW, placement: 'home.hero', channel: 'server' },
      ref: itemRef('d-1', 'home.hero'),
    });
  });

  test.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2027-11-22', '2027-02-19T10:00:00.500Z'],
    ['2026-11-21T10:00:00Z', undefined],
    ['soon', undefined],
    [null, undefined],
  ])('is put off until a time to come, for 90 days at most: %j', (until, expected) => {
    const { heldUntil } = event('Offer Dismissed', { ...item, until }).contact ?? {};
    expect(heldUntil === undefined ? undefined : new Date(heldUntil).toISOString()).toBe(expected);
    expect(event('Offer Accepted', { ...item, until }).contact).not.toHaveProperty('heldUntil');
  });

  test('is told apart by its message where no decision is named', () => {
    for (const properties of [{ offer: 'a' }, { ...item, decisionId: '' }, { ...item, placement: 7 }])
      expect(event('Offer Shown', properties).contact?.ref).toBe(messageRef('m'));
  });

  test('is nothing without an offer, of another event, and by the word of a browser', () => {
    for (const offer of [undefined, '', 7, 'x'.repeat(513), '\ud83d'])
      expect(
        contactIn({
          ...event('Offer Shown', {}),
          properties: { ...item, ...(offer !== undefined ? { offer } : { offer: null }) },
        }),
      ).toBeUndefined();
    expect(event('Product Viewed', item)).not.toHaveProperty('contact');
    const ofBrowser = event('Offer Shown', item, { otherwise: 'web' });
    expect(ofBrowser).not.toHaveProperty('contact');
    expect(contactIn(ofBrowser)).toMatchObject({ event: 'shown', channel: 'web' });
  });

  test('is what whoever is asked says, and so is what is a goal', () => {
    const judge = { contactOf: contactIn, isGoal: (name: string) => name === 'Order Placed' };
    expect(event('Offer Shown', item, { otherwise: 'web' }, judge).contact?.event).toBe('shown');
    const order = event('Order Placed', item, FROM_SERVER, judge);
    expect([order.goal, order.contact]).toEqual([true, undefined]);
    expect(event('Offer Shown', item, FROM_SERVER, judge)).not.toHaveProperty('goal');
  });
});
