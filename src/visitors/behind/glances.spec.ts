import { describe, expect, test } from '@jest/globals';
import { encode } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { glanceAt } from './append-events.js';
import type { Glance } from './glance.js';
import { Glances } from './glances.js';

function glance(id: string): Glance {
  const document = encode({ kind: 'memory', memory: { ...emptyMemory(id), userIds: [id] } });
  const made = glanceAt({ version: '1', document });
  if (!made) throw new Error('it is no memory');
  return made;
}

describe('glances', () => {
  test('are kept by id until they are dropped', () => {
    const glances = new Glances();
    const [a, b] = [glance('a'), glance('b')];
    glances.put('a', a);
    glances.put('b', b);
    expect([glances.get('a'), glances.get('b'), glances.get('c')]).toEqual([a, b, undefined]);
    glances.drop(['a', 'c']);
    expect([glances.get('a'), glances.get('b')]).toEqual([undefined, b]);
  });

  test('are kept for a while after the document was looked at, however often they are asked for', () => {
    let now = 0;
    const glances = new Glances({ mostAgeMs: 100, now: () => now });
    glances.put('a', glance('a'));
    for (now = 10; now <= 100; now += 10) expect(glances.get('a')).toBeDefined();
    now = 101;
    expect(glances.get('a')).toBeUndefined();
    glances.put('a', glance('a'));
    now = 201;
    expect(glances.get('a')).toBeDefined();
    glances.put('b', glance('b'));
    now = 202;
    glances.dropOld();
    expect([glances.count, glances.get('b') !== undefined]).toEqual([1, true]);
  });

  test('of those who were not asked for longest make room for others', () => {
    const { size } = glance('v-00');
    const glances = new Glances({ mostBytes: 20 * size });
    const ids = Array.from({ length: 50 }, (_one, at) => `v-${String(at).padStart(2, '0')}`);
    for (const id of ids) {
      glances.put(id, glance(id));
      glances.get('v-00');
    }
    // To ask for an old one pushes out those that are older still.
    const kept = ids
      .toReversed()
      .filter((id) => glances.get(id))
      .reverse();
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept).toEqual(['v-00', ...ids.slice(-(kept.length - 1))]);
    expect(kept.length).toBeGreaterThan(5);
  });

  test('are trusted while two of three are right, and again when they are', () => {
    const glances = new Glances();
    const see = (times: number, rights: readonly boolean[]) => {
      for (let time = 0; time < times; time++) for (const isRight of rights) glances.turnedOut(isRight);
      return glances.areTrusted;
    };
    expect(see(1_000, [true, true, true, false])).toBe(true);
    expect(see(1_000, [true, false])).toBe(false);
    expect(see(1_000, [true, true, true, false])).toBe(true);
  });

  test('larger than half of the room are not kept', () => {
    const glances = new Glances({ mostBytes: 2 * glance('a').size - 1 });
    glances.put('a', glance('a'));
    expect(glances.get('a')).toBeUndefined();
  });
});
