import { describe, expect, test } from '@jest/globals';
import type { Json } from '../engine/language/json.js';
import { readBatch } from './tracking-request.js';

describe('a batch', () => {
  test('has its events handed on as they are where it says nothing of all of them', () => {
    const batch: Json[] = [{ event: 'a' }, null, 'text', [{}]];
    expect(readBatch({ batch })).toBe(batch);
    expect(readBatch({ batch: [] })).toEqual([]);
  });

  test('says its context of each event, which may say otherwise, member by member', () => {
    const context = { ip: '::1', locale: 'nl-BE' };
    expect(readBatch({ context, batch: [{}, { context: { locale: 'fr' } }, { context: null }] })).toEqual([
      { context },
      { context: { ip: '::1', locale: 'fr' } },
      { context },
    ]);
  });

  test('leaves a context that is none to the event that says it, which is refused for it', () => {
    expect(readBatch({ context: { ip: '::1' }, batch: [{ context: 'web' }, { context: ['web'] }] })).toEqual([
      { context: 'web' },
      { context: ['web'] },
    ]);
  });

  test('with a context that is none says it of each event without another, which is refused for it', () => {
    for (const context of ['web', ['web'], 7])
      expect(readBatch({ context, batch: [{ event: 'a' }, { context: { ip: '::1' } }] })).toEqual([
        { event: 'a', context },
        { context: { ip: '::1' } },
      ]);
    expect(readBatch({ context: null, batch: [{ event: 'a' }] })).toEqual([{ event: 'a' }]);
  });

  test('says when it was sent of each event that does not', () => {
    const [sentAt, earlier] = ['2026-11-21T10:00:00Z', '2026-11-21T09:00:00Z'];
    expect(readBatch({ sentAt, batch: [{}, { sentAt: earlier }, 'text'] })).toEqual([
      { sentAt },
      { sentAt: earlier },
      'text',
    ]);
  });

  test('does not change what it was given', () => {
    const body = Object.freeze({
      context: Object.freeze({ ip: '::1' }),
      batch: Object.freeze([Object.freeze({ context: Object.freeze({ a: 1 }) })]),
    });
    expect(readBatch(body)).toEqual([{ context: { ip: '::1', a: 1 } }]);
    expect(body.batch).toEqual([{ context: { a: 1 } }]);
  });

  test.each([undefined, null, [], 'batch', 7])('is not %j', (body) => {
    expect(() => readBatch(body)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: '' })] }),
    );
  });

  test.each([{}, { batch: null }, { batch: { 0: {} } }, { batch: 'events' }])('needs a list of events: %j', (body) => {
    expect(() => readBatch(body)).toThrow(
      expect.objectContaining({ problems: [{ path: 'batch', message: 'must be a list of events' }] }),
    );
  });

  test('has 2,500 events at most', () => {
    const events = (length: number) => ({ batch: Array.from({ length }, () => ({})) });
    expect(readBatch(events(2_500))).toHaveLength(2_500);
    expect(() => readBatch(events(2_501))).toThrow(
      expect.objectContaining({ problems: [{ path: 'batch', message: expect.stringContaining('2500') }] }),
    );
  });
});
