import { describe, expect, test } from '@jest/globals';
import { InteractionLog } from '../visitor/interaction-log.js';
import { sessionAt as sessionOf } from './session-fact.js';
import type { Interaction } from '../visitor/interaction.js';

const MINUTE = 60_000;
const at = (minute: number, event = 'Page Viewed', channel = 'web'): Interaction => ({
  event,
  timestamp: minute * MINUTE,
  channel,
  properties: {},
  messageId: `${minute}`,
});

const sessionAt = (list: readonly Interaction[], now: number) => sessionOf(InteractionLog.of(list), now);

describe('the fact session', () => {
  test('is the run of interactions that quiet has not ended', () => {
    const session = sessionAt(
      [at(0), at(40, 'Page Viewed', 'app'), at(60, 'Model Viewed'), at(80, 'Model Viewed')],
      90 * MINUTE,
    );
    expect(session).toMatchObject({
      active: true,
      interactions: 3,
      durationSeconds: 50 * 60,
      channel: 'app',
      events: { 'Page Viewed': 1, 'Model Viewed': 2 },
    });
    expect(session.startedAt).toBe('1970-01-01T00:40:00.000Z');
  });

  test('counts events of any name, those met last first', () => {
    const { events } = sessionAt([at(1, '__proto__'), at(2, 'constructor'), at(3, '__proto__'), at(4)], 5 * MINUTE);
    expect(JSON.stringify(events)).toBe('{"Page Viewed":1,"__proto__":2,"constructor":1}');
  });

  test('ends after 30 minutes of quiet, not before', () => {
    expect(sessionAt([at(0)], 30 * MINUTE - 1).active).toBe(true);
    expect(sessionAt([at(0)], 30 * MINUTE)).toEqual({ active: false, interactions: 0, durationSeconds: 0, events: {} });
  });

  test('does not know what is later than now', () => {
    expect(sessionAt([at(0), at(10)], 5 * MINUTE)).toMatchObject({ active: true, interactions: 1 });
  });
});
