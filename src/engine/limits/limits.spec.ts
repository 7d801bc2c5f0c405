import { describe, expect, test } from '@jest/globals';
import { decide } from '../decide.js';
import type { CapDefinition, OfferDefinition } from '../language/offer-definition.js';
import { contactsOf, itemRef, type Contact } from '../visitor/contacts.js';
import { visitorView } from '../visitor/visitor.js';
import { ago, DAY, HOUR, inputOf, MINUTE, NOW, offersOf, SECOND, shelf, type Asked } from './limits.contract.js';
import { reservationsOf } from './reservations.js';

/** Whether an offer with this cap is made to somebody with these contacts; another one is made otherwise. */
function isMade(
  cap: CapDefinition,
  contacts: readonly Contact[],
  asked: Asked = {},
  more: Partial<OfferDefinition> = {},
) {
  const rulebook = shelf({ offers: { capped: { caps: [cap], ...more }, other: {} } });
  return offersOf(rulebook, { ...asked, contacts })[0]?.[0] === 'capped';
}

describe('a cap for each visitor', () => {
  const twice: CapDefinition = { event: 'shown', limit: 2, within: '7d' };

  test.each<[string, Contact[], boolean]>([
    ['nothing happened', [], true],
    ['it was shown once', [ago(DAY, 'shown', 'capped')], true],
    ['it was shown twice', [ago(DAY, 'shown', 'capped'), ago(HOUR, 'shown', 'capped')], false],
    ['one of two is too long ago', [ago(7 * DAY, 'shown', 'capped'), ago(HOUR, 'shown', 'capped')], true],
    ['one is nearly too long ago', [ago(7 * DAY - 1, 'shown', 'capped'), ago(HOUR, 'shown', 'capped')], false],
    ['another offer was shown', [ago(DAY, 'shown', 'other'), ago(HOUR, 'shown', 'other')], true],
    ['something else happened to it', [ago(DAY, 'clicked', 'capped'), ago(HOUR, 'dismissed', 'capped')], true],
    ['a clock is ahead by seconds', [ago(-3 * SECOND, 'shown', 'capped'), ago(0, 'shown', 'capped')], false],
    ['it will happen tomorrow', [ago(-DAY, 'shown', 'capped'), ago(0, 'shown', 'capped')], true],
  ])('where %s', (_what, contacts, made) => {
    expect(isMade(twice, contacts)).toBe(made);
  });

  const held = (ms: number, ref: number, more: Partial<Contact> = {}) =>
    ago(ms, 'decided', 'capped', { ref, heldUntil: NOW - ms + 30 * MINUTE, ...more });

  test.each<[string, Contact[], boolean]>([
    ['two decisions hold places', [held(MINUTE, 1), held(MINUTE, 2)], false],
    ['one of two holds is over', [held(31 * MINUTE, 1), held(MINUTE, 2)], true],
    [
      'what they hold for has happened, which counts once',
      [held(MINUTE, 1), ago(0, 'shown', 'capped', { ref: 1 })],
      true,
    ],
    ['one was dismissed', [held(MINUTE, 1), held(MINUTE, 2), ago(0, 'dismissed', 'capped', { ref: 2 })], true],
    ['one was released', [held(MINUTE, 1), held(MINUTE, 2), ago(0, 'released', 'capped', { ref: 2 })], true],
    ['only clicks are told', [held(MINUTE, 1), held(MINUTE, 2), ago(0, 'clicked', 'capped', { ref: 2 })], false],
    ['they hold nothing', [ago(MINUTE, 'decided', 'capped'), ago(MINUTE, 'decided', 'capped')], true],
  ])('where %s', (_what, contacts, made) => {
    expect(isMade(twice, contacts)).toBe(made);
  });

  test('holds a place as long as the decision says, which may be for a letter', () => {
    const cap: CapDefinition = { event: 'shown', limit: 1, hold: '10m' };
    expect(isMade(cap, [held(20 * MINUTE, 1, { heldUntil: NOW + DAY })])).toBe(false);
    expect(isMade(cap, [held(20 * MINUTE, 1, { heldUntil: NOW })])).toBe(true);
  });

  test('is told of what names no decision: it is of the last decision before it that nothing was heard of', () => {
    const cap: CapDefinition = { event: 'shown', limit: 2 };
    const holds = [held(20 * MINUTE, 1), held(10 * MINUTE, 2)];
    expect(isMade(cap, holds)).toBe(false);
    // It was shown, and takes the place that was held for it: one, not two.
    expect(isMade(cap, [held(20 * MINUTE, 1), ago(5 * MINUTE, 'shown', 'capped', { ref: 9 })])).toBe(true);
    expect(isMade(cap, [...holds, ago(5 * MINUTE, 'dismissed', 'capped', { ref: 9 })])).toBe(true);
    expect(isMade(cap, [...holds, ago(15 * MINUTE, 'dismissed', 'capped', { ref: 9 })])).toBe(true);
    expect(isMade(cap, [...holds, ago(30 * MINUTE, 'dismissed', 'capped', { ref: 9 })])).toBe(false);
  });

  test('of decisions counts them, but for what was released', () => {
    const cap: CapDefinition = { event: 'decided', limit: 1 };
    expect(isMade(cap, [ago(300 * DAY, 'decided', 'capped')])).toBe(false);
    const both = [ago(DAY, 'decided', 'capped', { ref: 1 }), ago(DAY, 'released', 'capped', { ref: 1 })];
    expect(isMade(cap, both)).toBe(true);
  });

  test('of one placement counts what happened there', () => {
    const cap: CapDefinition = { event: 'shown', limit: 1, placement: 'hero' };
    expect(isMade(cap, [ago(DAY, 'shown', 'capped', { placement: 'cards' })])).toBe(true);
    expect(isMade(cap, [ago(DAY, 'shown', 'capped', { placement: 'hero' })])).toBe(false);
    const elsewhere: CapDefinition = { ...cap, placement: 'cards' };
    expect(isMade(elsewhere, [ago(DAY, 'shown', 'capped', { placement: 'cards' })])).toBe(true);
  });

  test.each<[string, string, boolean]>([
    ['day', '2026-11-20T22:59:59Z', true],
    ['day', '2026-11-20T23:00:00Z', false],
    ['week', '2026-11-15T22:59:59Z', true],
    ['week', '2026-11-15T23:00:00Z', false],
    ['month', '2026-10-31T22:59:59Z', true],
    ['month', '2026-10-31T23:00:00Z', false],
  ])('a %s goes by the clocks of the visitor: %s', (within, at, made) => {
    const shown = ago(0, 'shown', 'capped', { at: Date.parse(at) });
    const inGhent = { traits: { timezone: 'Europe/Brussels' } };
    expect(isMade({ event: 'shown', limit: 1, within }, [shown], inGhent)).toBe(made);
    // Its own zone comes first: in New York all of them were yesterday, last week or last month.
    expect(isMade({ event: 'shown', limit: 1, within, timeZone: 'UTC' }, [shown], inGhent)).toBe(true);
  });

  test('counts an event that is its goal as accepted, once for each item, in whatever order they are told', () => {
    const cap: CapDefinition = { event: 'accepted', limit: 1 };
    const goal = { goal: { event: 'Booked', within: '2d' } };
    const shown = ago(3 * DAY, 'shown', 'capped', { ref: 1 });
    const booked = (ms: number) => ({ goals: [{ event: 'Booked', at: NOW - ms }] });
    expect(isMade(cap, [shown], booked(2 * DAY), goal)).toBe(false);
    expect(isMade(cap, [shown], booked(DAY), goal)).toBe(true);
    expect(isMade(cap, [shown], booked(4 * DAY), goal)).toBe(true);
    const told = [shown, ago(2 * DAY, 'accepted', 'capped', { ref: 1 })];
    expect(isMade({ ...cap, limit: 2 }, told, booked(2 * DAY), goal)).toBe(true);
  });

  test('is not known of a visitor who could not be read, and so the offer is not made', () => {
    expect(isMade(twice, [], { unread: true })).toBe(false);
    expect(isMade({ ...twice, per: 'total' }, [], { unread: true })).toBe(true);
  });
});

describe('a cap in total', () => {
  const cap: CapDefinition = { event: 'accepted', limit: 100, per: 'total', within: 'month' };
  const KEY = 'accepted month UTC';

  test('stops the offer where it is told to be used up', () => {
    const limits = { spent: new Map([['capped', [{ key: KEY }]]]) };
    expect(isMade(cap, [])).toBe(true);
    expect(isMade(cap, [], { limits })).toBe(false);
    expect(isMade({ ...cap, placement: 'hero' }, [], { limits })).toBe(true);
  });

  test('stops it where nothing can be reserved', () => {
    const limits = { spent: new Map(), unknown: true } as const;
    expect(isMade(cap, [], { limits })).toBe(false);
    expect(isMade({ event: 'shown', limit: 3 }, [], { limits })).toBe(false);
    expect(isMade({ ...cap, placement: 'cards' }, [], { limits })).toBe(true);
  });

  test('is counted under a name that its limit is no part of', () => {
    const keys = (caps: readonly CapDefinition[], more: Partial<OfferDefinition> = {}) => {
      const rulebook = shelf({ offers: { capped: { caps, ...more } } });
      const input = inputOf(rulebook);
      return reservationsOf([{ placement: 'hero', items: [{ offer: 'capped' }] }], input)[0]?.totals;
    };
    expect(keys([cap, { ...cap, limit: 7, within: '1w' }, { event: 'shown', limit: 1, per: 'total' }])).toEqual([
      expect.objectContaining({ key: KEY, limit: 100, holdMs: 30 * MINUTE, event: 'accepted' }),
      expect.objectContaining({ key: 'accepted 604800000ms', limit: 7 }),
      expect.objectContaining({ key: 'shown ever', limit: 1 }),
    ]);
    expect(keys([{ ...cap, limit: 5, placement: 'hero' }])?.[0]?.key).toBe(`${KEY} in hero`);
    const [stock] = keys([], { stock: { hold: '1d' } }) ?? [];
    expect(stock).toEqual(expect.objectContaining({ key: 'stock', limit: 'stock', event: 'accepted', holdMs: DAY }));
    expect(stock?.countsUntil(NOW)).toBe(Infinity);
    const [monthly] = keys([cap]) ?? [];
    expect(monthly?.countsUntil(NOW)).toBe(Date.parse('2026-12-01T00:00:00Z'));
  });
});

describe('the contact policy', () => {
  const after = [{ after: 'dismissed', times: 2, within: '30d', for: '14d', group: '3d' }] as const;
  const offers = { a: { group: 'g' }, b: { group: 'g' }, c: {}, t: { group: 'g', transactional: true } };
  const count = { placements: [{ id: 'hero', count: 4 }] };
  const dismissed = (...days: number[]) => days.map((one) => ago(one * DAY, 'dismissed', 'a'));

  test.each<[string, Contact[], string[]]>([
    ['once', dismissed(1), ['a', 'b', 'c', 't']],
    ['twice', dismissed(1, 2), ['c', 't']],
    ['twice, four days ago', dismissed(4, 5), ['b', 'c', 't']],
    ['twice, two weeks ago', dismissed(14, 15), ['a', 'b', 'c', 't']],
    ['twice, too far apart', dismissed(1, 32), ['a', 'b', 'c', 't']],
    ['twice, two weeks ago, and once more', dismissed(13, 14, 50), ['b', 'c', 't']],
  ])('keeps an offer away that was dismissed %s, and its group for less', (_what, contacts, made) => {
    expect(offersOf(shelf({ offers, contact: { suppression: after } }), { ...count, contacts })).toEqual([made]);
  });

  const later = (days: number, until: number, offer = 'a') =>
    ago(days * DAY, 'dismissed', offer, { heldUntil: NOW + until * DAY });

  test.each<[string, Contact[], string[]]>([
    ['until tomorrow', [later(0, 1)], ['b', 'c', 't']],
    ['until a moment ago', [later(1, 0)], ['a', 'b', 'c', 't']],
    ['and was refused once', [later(1, -0.5), ...dismissed(2)], ['a', 'b', 'c', 't']],
    ['twice, which is no refusal', [later(2, -1), later(1, -0.5)], ['a', 'b', 'c', 't']],
    ['for longer than a refusal keeps it away', [...dismissed(1, 2), later(1, 20)], ['c', 't']],
    ['of those that nobody holds back', [later(0, 1, 't')], ['a', 'b', 'c', 't']],
  ])('keeps an offer away that was put off %s, and not its group', (_what, contacts, made) => {
    expect(offersOf(shelf({ offers, contact: { suppression: after } }), { ...count, contacts })).toEqual([made]);
  });

  test('holds nothing back that was put off where it says nothing of what is dismissed', () => {
    const suppression = [{ after: 'accepted', for: '30d' }] as const;
    expect(offersOf(shelf({ offers, contact: { suppression } }), { ...count, contacts: [later(0, 1)] })).toEqual([
      ['a', 'b', 'c', 't'],
    ]);
  });

  test('of a group stands in place of that of all, and of an offer in place of both', () => {
    const policy = {
      suppression: after,
      groups: { g: { suppression: [{ after: 'dismissed', for: '1d' }] } },
      offers: { b: { suppression: [] } },
    } as const;
    const contacts = ['a', 'b', 'c'].map((offer) => ago(HOUR, 'dismissed', offer));
    expect(offersOf(shelf({ offers, contact: policy }), { ...count, contacts })).toEqual([['b', 'c', 't']]);
  });

  test('knows times of day at which a channel is quiet, but not for transactional offers', () => {
    const quietHours = [{ channels: ['sms'], from: '21:00', until: '08:00', timeZone: 'Europe/Brussels' }];
    const rulebook = shelf({ offers, contact: { quietHours } });
    const at = (time: string, channel?: string) =>
      offersOf(rulebook, { ...count, now: Date.parse(`2026-11-21T${time}Z`), ...(channel && { channel }) })[0];
    expect(at('20:30', 'sms')).toEqual(['t']);
    expect(at('06:59', 'sms')).toEqual(['t']);
    expect(at('07:00', 'sms')).toEqual(['a', 'b', 'c', 't']);
    expect(at('20:30')).toEqual(['a', 'b', 'c', 't']);
  });

  const limits = [{ event: 'shown', limit: 2, within: 'day' }] as const;

  test('limits contacts across offers, those that are decided in the same call included', () => {
    const rulebook = shelf({ offers, contact: { limits } });
    expect(offersOf(rulebook, count)).toEqual([['a', 'b', 't']]);
    expect(offersOf(rulebook, { ...count, contacts: [ago(HOUR, 'shown', 'gone')] })).toEqual([['a', 't']]);
    expect(offersOf(rulebook, { ...count, contacts: [ago(HOUR, 'shown', 't'), ago(HOUR, 'shown', 't')] })).toEqual([
      ['a', 'b', 't'],
    ]);
    expect(offersOf(rulebook, { ...count, contacts: [ago(11 * HOUR, 'shown', 'c')] })).toEqual([['a', 'b', 't']]);
  });

  test('limits those of a channel or a group alone', () => {
    const inLetters = shelf({ offers, contact: { limits: [{ ...limits[0], channels: ['email'] }] } });
    const contacts = [ago(HOUR, 'shown', 'a', { channel: 'email' }), ago(HOUR, 'shown', 'c', { channel: 'email' })];
    expect(offersOf(inLetters, { ...count, contacts })).toEqual([['a', 'b', 'c', 't']]);
    expect(offersOf(inLetters, { ...count, contacts, channel: 'email' })).toEqual([['t']]);
    const ofGroup = shelf({ offers, contact: { limits: [{ ...limits[0], groups: ['g'] }] } });
    expect(offersOf(ofGroup, { ...count, contacts })).toEqual([['a', 'c', 't']]);
  });

  test('stops fallbacks too, unless they are transactional', () => {
    const contact = { quietHours: [{ from: '00:00', until: '24:00' }] };
    const hero = (fallback: string) => ({ hero: { fallback }, other: {} });
    const only = (fallback: string) =>
      offersOf(shelf({ offers: { a: {}, t: { transactional: true } }, placements: hero(fallback), contact }), {});
    expect(only('a')).toEqual([['t']]);
    const rulebook = shelf({ offers: { a: {} }, placements: hero('a'), contact });
    expect(offersOf(rulebook)).toEqual([[]]);
  });
});

describe('a lease', () => {
  const placements = { desk: { channel: 'desk', lease: { minutes: 20 } }, hero: { channel: 'web' } };
  const leased = (more: Partial<Contact> = {}) =>
    ago(MINUTE, 'decided', 'a', { ref: 5, channel: 'desk', leasedUntil: NOW + MINUTE, ...more });

  test('keeps an offer from the other channels, not from its own', () => {
    const rulebook = shelf({ offers: { a: {}, b: {} }, placements });
    const ask = (contacts: Contact[]) => offersOf(rulebook, { placements: ['hero', 'desk'], contacts });
    expect(ask([])).toEqual([['a'], ['a']]);
    expect(ask([leased()])).toEqual([['b'], ['a']]);
    expect(ask([leased({ leasedUntil: NOW })])).toEqual([['a'], ['a']]);
    expect(ask([leased(), ago(0, 'released', 'a', { ref: 5 })])).toEqual([['a'], ['a']]);
    // What the desk takes in this very call is kept from the next placement.
    expect(offersOf(rulebook, { placements: ['desk', 'hero'] })).toEqual([['a'], ['b']]);
  });

  test('is what a decision there reserves', () => {
    const rulebook = shelf({ offers: { a: {}, t: { transactional: true } }, placements });
    const input = inputOf(rulebook, { placements: ['desk'] });
    const items = [{ offer: 'a' }, { offer: 't' }];
    const [desk, ...more] = reservationsOf([{ placement: 'desk', items }], input);
    expect(more).toEqual([]);
    expect(desk).toMatchObject({ offer: 'a', channel: 'desk', leasedMs: 20 * MINUTE, totals: [] });
    expect(desk?.fits(contactsOf([]))).toBe(true);
    expect(desk?.fits(contactsOf([leased({ channel: 'web' })]))).toBe(false);
    expect(reservationsOf([{ placement: 'hero', items }], input)).toEqual([]);
  });
});

describe('what a decision has taken itself', () => {
  const rulebook = shelf({
    offers: { a: { caps: [{ event: 'shown', limit: 1 }] }, b: {} },
    placements: { hero: {}, cards: {} },
  });
  const placements = ['hero', 'cards'];
  const taken = ago(MINUTE, 'decided', 'a', { ref: itemRef('d-1', 'hero'), heldUntil: NOW + HOUR, placement: 'hero' });

  test('counts in the next placement of the same call', () => {
    expect(offersOf(rulebook, { placements })).toEqual([['a'], ['b']]);
  });

  test('does not count when the same decision is made again', () => {
    expect(offersOf(rulebook, { placements, contacts: [taken] })).toEqual([['b'], ['b']]);
    expect(offersOf(rulebook, { placements, contacts: [taken], decisionId: 'd-1' })).toEqual([['a'], ['b']]);
    expect(offersOf(rulebook, { placements, contacts: [taken], decisionId: 'd-2' })).toEqual([['b'], ['b']]);
  });

  test('is reserved by what newer contacts leave', () => {
    const [reservation] = reservationsOf([{ placement: 'hero', items: [{ offer: 'a' }] }], inputOf(rulebook));
    expect(reservation).toMatchObject({ heldMs: 30 * MINUTE });
    expect(reservation?.fits(contactsOf([]))).toBe(true);
    expect(reservation?.fits(contactsOf([taken]))).toBe(false);
  });
});

test('no contact is read for an offer that nothing limits', () => {
  const rulebook = shelf({ offers: { a: {}, b: {} }, placements: { hero: { fallback: 'b' } } });
  const { visitor = visitorView({ visitorId: 'v' }), ...input } = inputOf(rulebook);
  const unreadable = () => {
    throw new Error('contacts were read');
  };
  const [hero] = decide({ ...input, visitor: { ...visitor, contacts: unreadable } });
  expect(hero?.items.map(({ offer }) => offer)).toEqual(['a']);
  expect([...rulebook.offers.values()].map(({ limits }) => limits)).toEqual([undefined, undefined]);
});

test('what a decision has to reserve is told without the visitor, whose document may be beyond repair', () => {
  const rulebook = shelf({ offers: { a: { caps: [{ event: 'shown', limit: 9, per: 'total' }] } } });
  const unreadable = () => {
    throw new Error('the document was read');
  };
  const guards = [{ purpose: 'ads', facts: [], traits: ['timezone'] }];
  const { visitor = visitorView({ visitorId: 'v' }), ...input } = inputOf(rulebook);
  const broken = {
    ...input,
    visitor: { ...visitor, consents: unreadable },
    rulebook: { ...rulebook, consent: { ...rulebook.consent, guards } },
  };
  const [reservation] = reservationsOf([{ placement: 'hero', items: [{ offer: 'a' }] }], broken);
  expect(reservation?.totals).toHaveLength(1);
});
