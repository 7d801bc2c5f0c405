import { describe, expect, test } from '@jest/globals';
import type { ExplainedRule, OfferFates, ScopeReason } from '../engine/explain/explanation.js';
import { gates } from '../engine/gates.js';
import { counted } from './counted.js';
import { scopeText, stoppedText, whyNotText } from './explanation-words.js';

const rule = (more: Partial<ExplainedRule> = {}): ExplainedRule => ({
  ...{ rule: 'greet', name: 'Greet', offer: 'hello', priority: 7, verdict: 'STOPPED' },
  conditions: { result: true, all: [] },
  ...more,
});
const fates = (...rules: readonly ExplainedRule[]): OfferFates => ({ placement: 'hero', channel: 'web', rules });

describe('which gate stopped an offer, in words', () => {
  test('has words of its own for every gate', () => {
    const told = gates.map(({ name: gate }) => stoppedText(rule({ gate })));
    expect(new Set(told).size).toBe(gates.length);
    for (const [at, { name }] of gates.entries())
      expect(told[at]).toMatch(new RegExp(`^${name}: .+ \\(priority 7\\)$`));
  });

  test.each<[string, Partial<ExplainedRule>, string]>([
    ['nothing of a gate that is not told', {}, 'stopped'],
    [
      'the better rule that puts it forward',
      { gate: 'DUPLICATE', betterRule: 'welcome' },
      'DUPLICATE: the offer, or one of its group, is in the answer already ' +
        '(priority 7; welcome puts it forward, and comes first)',
    ],
    [
      'that it begins later',
      { gate: 'SCHEDULED', schedule: { from: '2026-12-01T00:00:00Z' } },
      'SCHEDULED: the offer is not in force, from 2026-12-01T00:00:00Z (priority 7)',
    ],
    [
      'that it is over',
      { gate: 'SCHEDULED', schedule: { until: '2026-01-01T00:00:00Z' } },
      'SCHEDULED: the offer is not in force, until 2026-01-01T00:00:00Z (priority 7)',
    ],
    [
      'the schedule of its own gate only',
      { gate: 'OUTRANKED', schedule: { until: '2026-01-01T00:00:00Z' } },
      'OUTRANKED: others came first (priority 7)',
    ],
    [
      'what the visitor said of the purpose',
      { gate: 'NO_CONSENT', consent: { purpose: 'ads', state: 'DENIED' } },
      'NO_CONSENT: the visitor has not consented to ads (denied) (priority 7)',
    ],
    [
      'that nobody knows what the visitor said',
      { gate: 'NO_CONSENT', consent: { purpose: 'ads', state: 'UNREAD' } },
      'NO_CONSENT: the visitor has not consented to ads (the visitor could not be read) (priority 7)',
    ],
    [
      'that a value is lacking',
      { gate: 'NO_CONTENT', noContent: 'VALUE' },
      'NO_CONTENT: a value that its texts need is missing (priority 7)',
    ],
    [
      'that no treatment fits',
      { gate: 'NO_CONTENT', noContent: 'TREATMENT' },
      'NO_CONTENT: no treatment fits the placement or the channel (priority 7)',
    ],
  ])('tells %s', (_name, more, text) => {
    expect(stoppedText(rule(more))).toBe(text);
  });
});

describe('why an offer is not there, in words', () => {
  test.each<[string, readonly ExplainedRule[], string]>([
    ['no rule at all', [], 'no live rule puts hello forward there'],
    ['rules for others only', [rule({ offer: 'other' })], 'no live rule puts hello forward there'],
    ['a rule that does not hold', [rule({ verdict: 'NOT_MATCHED' })], 'the conditions of greet do not hold'],
    ['a rule that won', [rule({ verdict: 'WON' })], 'greet has brought it into the answer'],
    ['others that came first', [rule({ gate: 'OUTRANKED' })], 'greet holds, but others come first (its priority is 7)'],
    ['a gate', [rule({ gate: 'SCHEDULED' })], 'greet holds, but hello is stopped: SCHEDULED'],
    ['a stop of which nothing is told', [rule()], 'greet holds, but hello is stopped'],
    [
      'consent',
      [rule({ gate: 'NO_CONSENT', consent: { purpose: 'ads', state: 'UNREAD' } })],
      'greet holds, but hello is stopped: NO_CONSENT to ads (the visitor could not be read)',
    ],
    [
      'a value that is lacking',
      [rule({ gate: 'NO_CONTENT', noContent: 'VALUE' })],
      'greet holds, but a value that the templates of hello need is missing',
    ],
    [
      'a treatment that is lacking',
      [rule({ gate: 'NO_CONTENT', noContent: 'TREATMENT' })],
      'greet holds, but no treatment of hello fits the placement or the channel',
    ],
    ['a rule that is out of scope for no reason told', [rule({ verdict: 'OUT_OF_SCOPE' })], 'greet: '],
    [
      'several rules, each with its own reason',
      [rule({ verdict: 'NOT_MATCHED' }), rule({ offer: 'other' }), rule({ rule: 'again', gate: 'CAPPED' })],
      'the conditions of greet do not hold; again holds, but hello is stopped: CAPPED, a cap is reached',
    ],
  ])('tells of %s', (_name, rules, text) => {
    expect(whyNotText('hello', fates(...rules))).toBe(text);
  });

  test('has every reason of a rule that does not speak here', () => {
    const outOfScope = ['CHANNEL', 'TOO_LATE', 'OFFER_NOT_LIVE'] as const;
    const one = rule({ verdict: 'OUT_OF_SCOPE', outOfScope, channels: ['app', 'mail'], schedule: { until: 'U' } });
    expect(whyNotText('hello', fates(one))).toBe(
      'greet: speaks for app, mail, not for web, no longer in force, until U, its offer is not live',
    );
  });

  test.each<[ScopeReason, Partial<ExplainedRule>, string | undefined, string]>([
    ['CHANNEL', { channels: ['app'] }, undefined, 'speaks for app, not for a request without a channel'],
    ['TOO_EARLY', { schedule: { from: 'F', until: 'U' } }, 'web', 'not in force yet, from F, until U'],
    ['TOO_EARLY', {}, 'web', 'not in force yet'],
    ['TOO_LATE', { schedule: {} }, 'web', 'no longer in force'],
  ])('says %s with what is known: %j', (reason, more, channel, text) => {
    expect(scopeText(reason, rule(more), { placement: 'hero', rules: [], ...(channel && { channel }) })).toBe(text);
  });
});

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [-1, '-1 files'],
  [1_200, '1,200 files'],
  [1_000_000, '1,000,000 files'],
])('%d things have their noun: %s', (count, text) => {
  expect(counted(count, 'file')).toBe(text);
});

test('a noun may have a plural of its own', () => {
  expect([counted(1, 'entry', 'entries'), counted(2, 'entry', 'entries')]).toEqual(['1 entry', '2 entries']);
});
