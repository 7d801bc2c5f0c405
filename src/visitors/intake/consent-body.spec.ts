import { expect, test } from '@jest/globals';
import { readConsentBody } from './consent-body.js';
import { readHistory } from './read-history.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const TO_COME = '2999-01-01T00:00:00Z';

test('a word said at a time to come stands at now, so that there can be a later one', () => {
  const said = (timestamp: string) =>
    readConsentBody('ads', { status: 'granted', timestamp, until: '2999-02-01' }, NOW);
  expect(said(TO_COME)).toMatchObject({ at: NOW, until: Date.parse('2999-02-01') });
  expect(said('2026-11-20T12:05:00Z').at).toBe(NOW + 300_000);
  expect(said('2026-11-20T12:05:01Z').at).toBe(NOW);
  expect([TO_COME, '2026-11-20T12:05:00Z'].map((time) => said(time).clamped)).toEqual([true, false]);
});

test('so does one that is imported', () => {
  const line = {
    visitorId: 'u-1',
    timestamp: TO_COME,
    traits: { plan: 'gold' },
    traitDetails: { name: { value: 'Zoë', at: TO_COME } },
    consents: { email: 'denied', ads: { status: 'granted', at: TO_COME, until: TO_COME } },
  };
  expect(readHistory(line, NOW)).toMatchObject({
    history: {
      traits: [{ at: NOW }, { at: NOW }],
      consents: [
        { at: NOW, until: undefined },
        { at: NOW, until: Date.parse(TO_COME) },
      ],
    },
  });
});
