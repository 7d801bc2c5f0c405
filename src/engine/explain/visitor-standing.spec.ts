import { expect, test } from '@jest/globals';
import { ago, DAY, HOUR, inputOf, MINUTE, NOW, shelf } from '../limits/limits.contract.js';
import { visitorStanding } from './visitor-standing.js';

const RULEBOOK = shelf({
  offers: {
    loan: { caps: [{ event: 'shown', limit: 2, within: 'day' }] },
    camera: {},
    bill: { transactional: true },
  },
  contact: {
    suppression: [{ after: 'dismissed', for: '30d' }],
    quietHours: [{ channels: ['email'], from: '09:00', until: '12:00' }],
    limits: [{ name: 'Few letters', event: 'shown', limit: 3, within: '7d', channels: ['email'] }],
  },
});

test('limits of a visitor are told with what is left of them, by their clocks', () => {
  const contacts = [
    ago(10 * MINUTE, 'decided', 'loan', { heldUntil: NOW + HOUR, channel: 'email' }),
    ago(2 * HOUR, 'shown', 'loan', { channel: 'email' }),
    ago(DAY, 'shown', 'camera', { channel: 'email' }),
  ];
  expect(visitorStanding('loan', inputOf(RULEBOOK, { contacts, traits: { timezone: 'Europe/Berlin' } }))).toEqual({
    limits: [
      {
        ...{ event: 'shown', limit: 2, per: 'visitor', within: 'day', timeZone: 'Europe/Berlin' },
        ...{ taken: 2, held: 1, left: 0, opensAt: '2026-11-21T11:00:00.000Z' },
      },
      {
        ...{ at: 'limits.0', name: 'Few letters', event: 'shown', limit: 3, within: '7d', channels: ['email'] },
        ...{ taken: 3, held: 1, left: 0, opensAt: '2026-11-21T11:00:00.000Z' },
      },
    ],
    stoppedBy: [],
  });
});

test('so is what keeps an offer away besides, in the channel that is asked for', () => {
  const contacts = [ago(DAY, 'dismissed', 'camera')];
  const { stoppedBy } = visitorStanding('camera', inputOf(RULEBOOK, { contacts, channel: 'email' }));
  expect(stoppedBy.map(({ gate, opensAt }) => [gate, opensAt])).toEqual([
    ['SUPPRESSED', '2026-12-20T10:00:00.000Z'],
    ['QUIET_HOURS', '2026-11-21T12:00:00.000Z'],
  ]);
  const elsewhere = visitorStanding('camera', inputOf(RULEBOOK, { contacts, channel: 'web' }));
  expect(elsewhere.stoppedBy.map(({ gate }) => gate)).toEqual(['SUPPRESSED']);
});

test('nothing is told of an offer that nothing limits, or that is not there', () => {
  const nothing = { limits: [], stoppedBy: [] };
  expect(visitorStanding('bill', inputOf(RULEBOOK))).toEqual(nothing);
  expect(visitorStanding('__proto__', inputOf(RULEBOOK))).toEqual(nothing);
});
