import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../engine/language/json.js';
import { rejectedEntry } from './rejected-entry.js';

const entryOf = (raw: Json | undefined, agent?: string) => rejectedEntry({ raw, problems: [] }, agent);
/** An event whose JSON has so many bytes. */
const ofBytes = (bytes: number, filler = 'x'): Json => {
  const empty = Buffer.byteLength(JSON.stringify({ event: '' }));
  return { event: filler.repeat((bytes - empty) / Buffer.byteLength(filler)) };
};

describe('the text of a refused event', () => {
  test('is the event as it came, without the key', () => {
    expect(entryOf({ writeKey: 'secret', userId: 7, event: null })).toMatchObject({
      text: '{"userId":7,"event":null}',
      cut: false,
    });
  });

  test.each([
    [undefined, 'null'],
    [null, 'null'],
    ['text', '"text"'],
    [[1], '[1]'],
  ])('of %j is %s', (raw, text) => {
    expect(entryOf(raw)).toMatchObject({ text, cut: false, about: [] });
  });

  test('is whole up to 32 KiB, by its bytes and not by its characters', () => {
    expect(entryOf(ofBytes(32 * 1024)).cut).toBe(false);
    expect(entryOf(ofBytes(32 * 1024 + 1)).cut).toBe(true);
    expect(entryOf(ofBytes(33 * 1024 + 2, 'é'))).toMatchObject({ cut: true });
  });

  test('is a beginning of whole characters where it is larger', () => {
    const odd = entryOf({ event: `.${'💐'.repeat(10_000)}` });
    const even = entryOf({ event: '💐'.repeat(10_000) });
    expect([odd.text.length, even.text.length]).toEqual([1_024, 1_024]);
    expect([odd.text, even.text].map((text) => text.isWellFormed())).toEqual([true, true]);
  });

  test('says so in its place where it is nested too deep to be written', () => {
    const deep = Array.from({ length: 100_000 }).reduce<Json>((inner) => [inner], 1);
    expect(entryOf({ userId: 'u', properties: { deep } })).toMatchObject({
      text: '"nested too deep to be kept"',
      about: ['u'],
    });
  });
});

describe('whom a refused event is about', () => {
  test('is said by all ids in it, each once, numbers as texts', () => {
    const raw = { userId: 42, anonymousId: '42', previousId: 'a', messageId: 'm', properties: { userId: 'no' } };
    expect(entryOf(raw).about).toEqual(['42', 'a']);
  });

  test('is nobody where ids are no ids', () => {
    expect(entryOf({ userId: null, anonymousId: ['a'], previousId: { id: 'b' } }).about).toEqual([]);
  });
});

describe('what sent a refused event', () => {
  const by = (library: Json): Json => ({ context: { library } });

  test.each<[Json, string | undefined]>([
    [by({ name: 'analytics.js', version: '2.1.0' }), 'analytics.js/2.1.0'],
    [by({ name: 'analytics.js', version: 2 }), 'analytics.js'],
    [by({ version: '2.1.0' }), 'agent/1'],
    [by({ name: 7 }), 'agent/1'],
    [by('analytics.js'), 'agent/1'],
    [{ context: 'none' }, 'agent/1'],
    ['not even an event', 'agent/1'],
  ])('%j was sent by %s', (raw, library) => {
    expect(entryOf(raw, 'agent/1').library).toBe(library);
  });

  test('is cut at a length, whoever says it, and may be unknown', () => {
    expect(entryOf(by({ name: 'n'.repeat(500), version: '1' })).library).toBe('n'.repeat(200));
    expect(entryOf({}, 'a'.repeat(500)).library).toBe('a'.repeat(200));
    expect(entryOf({}).library).toBeUndefined();
  });

  test('is cut between characters', () => {
    expect(entryOf(by({ name: `.${'💐'.repeat(200)}` })).library?.isWellFormed()).toBe(true);
    expect(entryOf({}, `.${'💐'.repeat(200)}`).library?.isWellFormed()).toBe(true);
  });
});
