import { expect, test } from '@jest/globals';
import { visitorView } from '../visitor/visitor.js';
import { prepareQuery } from './interaction-query.js';

const at = (timestamp: string, properties = {}) => ({
  event: 'Bought',
  timestamp: Date.parse(timestamp),
  channel: 'web',
  properties,
  messageId: timestamp,
});
const log = visitorView({
  visitorId: 'a',
  interactions: [
    at('2026-10-24T21:59:59Z'),
    at('2026-10-24T22:00:00Z', { travels: '2026-10-26' }),
    at('2026-10-25T22:59:59Z', { travels: '2026-12-24' }),
  ],
}).interactions();
const count = (params: Record<string, never>, now: string, timeZone: string) =>
  prepareQuery({ event: 'Bought', ...params })(timeZone).count(log, Date.parse(now));

test.each([
  ['today', '2026-10-25T22:59:59Z', 'Europe/Berlin', 2],
  ['today', '2026-10-25T22:59:59Z', 'UTC', 1],
  ['today', '2026-10-25T23:00:00Z', 'Europe/Berlin', 0],
  ['yesterday', '2026-10-25T23:00:00Z', 'Europe/Berlin', 2],
  ['this week', '2026-10-25T22:59:59Z', 'Europe/Berlin', 3],
  ['last week', '2026-10-26T12:00:00Z', 'Europe/Berlin', 3],
  ['this month', '2026-10-24T22:30:00Z', 'Europe/Berlin', 2],
])('%s at %s in %s has its interactions, on a day of 25 hours too', (during, now, timeZone, expected) => {
  expect(count({ during } as never, now, timeZone)).toBe(expected);
});

test('properties are compared with what values mean now', () => {
  const where = { all: [{ fact: 'travels', operator: 'withinNext', value: '3d' }] };
  expect(count({ where } as never, '2026-10-25T23:00:00Z', 'Europe/Berlin')).toBe(1);
});
