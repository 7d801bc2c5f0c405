import { describe, expect, test } from '@jest/globals';
import type { ContactPolicyDefinition } from '../language/contact-definition.js';
import { ago, DAY, HOUR, inputOf, MINUTE, NOW, shelf, whyNot } from '../limits/limits.contract.js';
import { explain } from './explain.js';

const offers = { a: { group: 'g' }, b: {} };

describe('an explanation of an offer that a limit stopped', () => {
  test('names the cap, how far it is used up, and when there is a place again', () => {
    const cap = { event: 'shown', limit: 2, within: 'week', timeZone: 'Europe/Brussels' } as const;
    const contacts = [ago(HOUR, 'shown', 'a'), ago(MINUTE, 'decided', 'a', { heldUntil: NOW + 29 * MINUTE })];
    const why = whyNot(shelf({ offers: { a: { caps: [cap] }, b: {} } }), 'a', { contacts });
    expect(why).toMatchObject({
      verdict: 'STOPPED',
      gate: 'CAPPED',
      cap: { ...cap, per: 'visitor', taken: 2, held: 1 },
      // What is only held comes back first.
      opensAt: new Date(NOW + 29 * MINUTE).toISOString(),
    });
    const both = [ago(HOUR, 'shown', 'a'), ago(HOUR, 'shown', 'a')];
    expect(whyNot(shelf({ offers: { a: { caps: [cap] }, b: {} } }), 'a', { contacts: both })).toMatchObject({
      opensAt: '2026-11-22T23:00:00.000Z',
      nearestMiss: { conditions: [], limit: { gate: 'CAPPED', opensAt: '2026-11-22T23:00:00.000Z' }, wouldWin: true },
    });
  });

  test('says of a cap in total what is known of it', () => {
    const rulebook = shelf({ offers: { a: { caps: [{ event: 'shown', limit: 9, per: 'total' }] }, b: {} } });
    const spent = new Map([['a', [{ key: 'shown ever', freesAt: NOW + HOUR }]]]);
    expect(whyNot(rulebook, 'a', { limits: { spent } })).toMatchObject({
      cap: { event: 'shown', limit: 9, per: 'total' },
      opensAt: new Date(NOW + HOUR).toISOString(),
    });
    const unknown = whyNot(rulebook, 'a', { limits: { spent: new Map(), unknown: true } });
    expect(unknown).toMatchObject({ gate: 'CAPPED', notKnown: true });
    expect(unknown).not.toHaveProperty('opensAt');
    expect(unknown?.nearestMiss).toBeUndefined();
  });

  test.each<[string, Partial<ContactPolicyDefinition>, object]>([
    [
      'suppression',
      { groups: { g: { suppression: [{ after: 'dismissed', for: '14d' }] } } },
      {
        gate: 'SUPPRESSED',
        policy: { at: 'groups.g.suppression.0', after: 'dismissed', for: '14d' },
        opensAt: new Date(NOW - HOUR + 14 * DAY).toISOString(),
      },
    ],
    [
      'quiet hours',
      { quietHours: [{ from: '09:30', until: '24:00', days: ['saturday'] }] },
      {
        gate: 'QUIET_HOURS',
        policy: { at: 'quietHours.0', from: '09:30', until: '24:00', days: ['saturday'], timeZone: 'UTC' },
        opensAt: '2026-11-22T00:00:00.000Z',
      },
    ],
    [
      'limit',
      { limits: [{ name: 'One a day', event: 'clicked', limit: 1, within: '1d' }] },
      {
        gate: 'CONTACT_LIMIT',
        policy: { at: 'limits.0', name: 'One a day', event: 'clicked', limit: 1, within: '1d', taken: 1, held: 0 },
        opensAt: new Date(NOW - HOUR + DAY).toISOString(),
      },
    ],
  ])('names which %s of the policy it was', (_what, contact, expected) => {
    const contacts = [ago(HOUR, 'dismissed', 'a'), ago(HOUR, 'clicked', 'a')];
    expect(whyNot(shelf({ offers, contact }), 'a', { contacts })).toMatchObject(expected);
  });

  test('names who keeps it to themselves, and until when', () => {
    const rulebook = shelf({ offers, placements: { hero: {}, desk: { channel: 'desk', lease: { minutes: 5 } } } });
    const held = { channel: 'desk', placement: 'desk', leasedUntil: NOW + MINUTE };
    expect(whyNot(rulebook, 'a', { contacts: [ago(MINUTE, 'decided', 'a', held)] })).toMatchObject({
      gate: 'LEASED',
      lease: { channel: 'desk', placement: 'desk' },
      opensAt: new Date(NOW + MINUTE).toISOString(),
    });
  });

  test('says what the call itself has used up', () => {
    const rulebook = shelf({ offers, contact: { limits: [{ event: 'shown', limit: 1, within: '1d' }] } });
    const two = { placements: [{ id: 'hero', count: 2 }] };
    expect(whyNot(rulebook, 'b', two)).toMatchObject({ gate: 'CONTACT_LIMIT', policy: { taken: 1, held: 1 } });
  });

  test('says of the nearest miss the limit that opens last', () => {
    const caps = [{ event: 'shown', limit: 1, within: '2d' }] as const;
    const contact = { suppression: [{ after: 'shown', for: '1d' }] } as const;
    const rulebook = shelf({ offers: { a: { caps } }, contact });
    const why = whyNot(rulebook, 'a', { contacts: [ago(HOUR, 'shown', 'a')] });
    expect(why).toMatchObject({ gate: 'SUPPRESSED', nearestMiss: { limit: { gate: 'CAPPED' } } });
  });

  test('has the limit that opens soonest for the nearest miss', () => {
    const caps = (within: string) => [{ event: 'shown', limit: 1, within }] as const;
    const rulebook = shelf({ offers: { a: { caps: caps('7d') }, b: { caps: caps('2d') } } });
    const contacts = [ago(DAY, 'shown', 'a'), ago(DAY, 'shown', 'b')];
    const [hero] = explain(inputOf(rulebook, { contacts })).explanation;
    expect(hero?.nearestMiss).toMatchObject({ offer: 'b', limit: { opensAt: new Date(NOW + DAY).toISOString() } });
  });

  test('says it of a fallback too', () => {
    const contact = { quietHours: [{ from: '00:00', until: '24:00' }] };
    const rulebook = shelf({ offers, placements: { hero: { fallback: 'b' } }, contact });
    const [hero] = explain(inputOf(rulebook)).explanation;
    expect(hero?.fallback).toMatchObject({ verdict: 'STOPPED', gate: 'QUIET_HOURS', policy: { at: 'quietHours.0' } });
    // It is always quiet: nobody can tell when it will not be.
    expect(hero?.fallback).not.toHaveProperty('opensAt');
    expect(hero?.nearestMiss).toBeUndefined();
  });
});
