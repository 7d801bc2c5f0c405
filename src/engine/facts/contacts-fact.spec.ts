import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../language/json.js';
import { compileConsentPolicy } from '../visitor/consent.js';
import type { Contact, GoalReached } from '../visitor/contacts.js';
import { compileSingleView } from '../visitor/single-view-policy.js';
import { visitorView, type Consent } from '../visitor/visitor.js';
import { viewWithout, withheldBy } from '../visitor/withheld.js';
import { contactsFact } from './contacts-fact.js';
import type { DecisionFacts } from './decision-facts.js';
import { factText } from './facts.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const [HOUR, DAY] = [3_600_000, 86_400_000];
let refs = 0;
const ago = (ms: number, event: Contact['event'], offer: string, more: Partial<Contact> = {}): Contact => ({
  event,
  offer,
  at: NOW - ms,
  ref: ++refs,
  ...more,
});
const CONTACTS = [
  ago(10 * DAY, 'shown', 'camera', { channel: 'email', placement: 'letter' }),
  ago(11 * HOUR, 'shown', 'camera', { channel: 'web', placement: 'hero' }),
  ago(HOUR, 'shown', 'cover', { channel: 'web' }),
  ago(DAY, 'decided', 'camera', { ref: 900 }),
  ago(DAY, 'released', 'camera', { ref: 900 }),
  ago(-DAY, 'shown', 'camera'),
];

interface Asked {
  readonly goals?: readonly GoalReached[];
  readonly consents?: Readonly<Record<string, Consent>>;
  readonly isGuarded?: boolean;
  readonly timeZone?: string;
}

function factsFor({ goals = [], consents = {}, isGuarded = false, timeZone = 'UTC' }: Asked): DecisionFacts {
  const view = visitorView({ visitorId: 'v', contacts: CONTACTS, goals, consents });
  const consent = compileConsentPolicy(isGuarded ? { facts: { interactions: 'personalisation' } } : {});
  const withheld = withheldBy({ visitor: view, visitorKnown: true, consent, now: NOW });
  return {
    visitor: viewWithout(withheld, view),
    visitorKnown: true,
    context: {},
    channel: undefined,
    now: NOW,
    consent,
    singleView: compileSingleView(),
    withheld,
    segments: new Map(),
    known: {
      goalOf: (offer) => (offer === 'camera' ? { event: 'Bought', withinMs: 2 * DAY } : undefined),
      members: (group) => (group === 'shop' ? ['camera'] : []),
    },
    placement: { id: 'hero', channel: 'web', timeZone },
  };
}

function read(params: JsonObject, asked: Asked = {}): unknown {
  return contactsFact.compile(params)(factsFor(asked), undefined as never);
}

describe('the contacts', () => {
  test.each<[JsonObject, number]>([
    [{ event: 'shown' }, 3],
    [{ event: 'shown', offer: 'camera' }, 2],
    [{ event: 'shown', group: 'shop' }, 2],
    [{ event: 'shown', group: 'nobody' }, 0],
    [{ event: 'shown', within: '7d' }, 2],
    [{ event: 'shown', within: 'day' }, 1],
    [{ event: 'shown', channel: 'email' }, 1],
    [{ event: 'shown', placement: 'hero' }, 1],
    [{ event: 'clicked' }, 0],
    // What was decided and not answered is told to nobody.
    [{ event: 'decided' }, 0],
  ])('that %j asks for are %d', (params, count) => {
    expect(read(params)).toBe(count);
  });

  test('of a day of the calendar go by the clocks of the visitor, else of the placement', () => {
    expect(read({ event: 'shown', within: 'day' }, { timeZone: 'America/New_York' })).toBe(1);
    expect(read({ event: 'shown', within: 'day' }, { timeZone: 'Asia/Kolkata' })).toBe(2);
    expect(contactsFact.isScopedWith?.({ within: 'day' })).toBe(true);
    expect(contactsFact.isScopedWith?.({ within: '1d' })).toBe(false);
  });

  test('are told: the first, the last, and how long ago', () => {
    const shown = { event: 'shown', group: 'shop' };
    expect(read({ ...shown, aggregate: 'first' })).toEqual({
      event: 'shown',
      offer: 'camera',
      timestamp: '2026-11-11T10:00:00.000Z',
      channel: 'email',
      placement: 'letter',
    });
    expect(read({ event: 'shown', aggregate: 'last' })).toMatchObject({ offer: 'cover' });
    expect(read({ ...shown, aggregate: 'secondsSinceFirst' })).toBe(864_000);
    expect(read({ ...shown, aggregate: 'secondsSinceLast' })).toBe(39_600);
    expect(read({ event: 'clicked', aggregate: 'last' })).toBeUndefined();
  });

  test('that were accepted are those that reached the goal, as for caps', () => {
    const goals = [{ event: 'Bought', at: NOW - HOUR }];
    expect(read({ event: 'accepted', offer: 'camera' }, { goals })).toBe(1);
    expect(read({ event: 'accepted', offer: 'cover' }, { goals })).toBe(0);
  });

  test('are none without consent to the history', () => {
    expect(read({ event: 'shown' }, { isGuarded: true })).toBe(0);
    const consents = { personalisation: { granted: true, until: undefined } };
    expect(read({ event: 'shown' }, { isGuarded: true, consents })).toBe(3);
  });

  test.each<[JsonObject, string | undefined, string]>([
    [{ event: 'shown', offer: 'camera', within: '7d' }, undefined, 'times camera was shown (within 7d)'],
    [{ event: 'dismissed', group: 'shop' }, undefined, 'times any offer of shop was dismissed'],
    [{ event: 'shown', aggregate: 'last' }, '$.channel', 'channel of the last time any offer was shown'],
  ])('in words: %j', (params, path, words) => {
    expect(factText({ fact: 'contacts', params, ...(path !== undefined && { path }) })).toBe(words);
  });
});
