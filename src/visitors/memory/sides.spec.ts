import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MemoryEvent } from './memory-event.js';
import { apply, emptyMemory, merge, withSides, type Memory, type Retention } from './memory.js';
import { cut, fuse, linkSides, sideOf, sideOfEvent, uniteApart, type Apart, type Link } from './sides.js';

const DAY = 86_400_000;
const NOW = 20_000 * DAY;
const KEEP: Retention = { keepInteractions: 500, keepDays: 0, splitDays: 90 };

interface Side {
  readonly id: string;
  readonly userIds: readonly string[];
  readonly anonymousIds: readonly string[];
}

const side = (id: string, ...anonymousIds: string[]): Side => ({ id, userIds: [], anonymousIds });
const link = (a: string, b: string, at = NOW): Link => ({ a, b, at, by: 'server' });
const namesOf = ({ sides }: Apart<Side>) => sides.map(({ id }) => id).sort();
const naming = (userId: string | undefined, anonymousId: string, more: object = {}): MemoryEvent =>
  ({ kind: 'interaction', userId, anonymousId, arrival: NOW * 1_000, ...more }) as MemoryEvent;
const both = (a: Side, b: Side): Side => side(a.id, ...a.anonymousIds, b.id, ...b.anonymousIds);

describe('the sides of a person', () => {
  test('have the ids that came with them, and an event is of the side of its user id', () => {
    const sides = [side('ann', 'phone'), side('bob', 'tablet')];
    expect([sideOf(sides, 'tablet')?.id, sideOf(sides, 'nobody')]).toEqual(['bob', undefined]);
    expect(sideOfEvent(sides, { userId: 'ann', anonymousId: 'tablet' }, 'bob')).toBe('ann');
    expect(sideOfEvent(sides, { userId: undefined, anonymousId: 'phone' }, 'bob')).toBe('ann');
    expect(sideOfEvent(sides, { userId: 'nobody', anonymousId: undefined }, 'bob')).toBe('bob');
  });

  test('are linked as events name them: whoever comes as a whole, to the side that is named', () => {
    const sides = ['ann', 'bob', 'phone', 'tablet'].map((id) => side(id));
    const links = [link('ann', 'bob'), link('phone', 'tablet')];
    const events = [naming('bob', 'tablet', { by: 'browser' }), naming('ann', 'phone')];
    const joined = linkSides({ sides, links }, { homes: new Set(['ann', 'phone']), home: 'ann', events, now: NOW + 1 });
    expect(joined.links.slice(2)).toEqual([{ a: 'bob', b: 'phone', at: NOW, by: 'browser' }]);
  });

  test('are linked to the home where no event names them, and nobody knows by whose word', () => {
    const apart = { sides: [side('ann'), side('phone'), side('tablet')], links: [link('phone', 'tablet')] };
    const joined = linkSides(apart, { homes: new Set(['ann', 'tablet']), home: 'ann', events: [], now: NOW });
    expect(joined.links.slice(1)).toEqual([{ a: 'ann', b: 'tablet', at: NOW }]);
  });

  test('are parted at the link by which a side came, and what was joined to it goes with it', () => {
    const sides = ['ann', 'bob', 'phone', 'tablet'].map((id) => side(id));
    const apart = { sides, links: [link('ann', 'bob'), link('bob', 'phone'), link('ann', 'tablet')] };
    const parts = cut(apart, 'ann', 'bob');
    expect([parts?.stays, parts?.leaves].map((part) => part && namesOf(part))).toEqual([
      ['ann', 'tablet'],
      ['bob', 'phone'],
    ]);
    expect(parts?.leaves.links).toEqual([link('bob', 'phone')]);
    expect([cut(apart, 'ann', 'ann'), cut(apart, 'ann', 'nobody')]).toEqual([undefined, undefined]);
  });

  test('are each on one of the two, whatever links there are; fused, they can’t be parted any more', () => {
    const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 12 }).map((picks): Apart<Side> => ({
      sides: [side('0'), ...picks.map((_pick, at) => side(String(at + 1)))],
      links: picks.map((pick, at) => link(String(pick % (at + 1)), String(at + 1), NOW + at)),
    }));
    fc.assert(
      fc.property(tree, fc.nat(), (apart, pick) => {
        const [one = link('', '')] = apart.links.slice(pick % apart.links.length);
        const parts = cut(apart, '0', one.b);
        expect(parts && [...namesOf(parts.stays), ...namesOf(parts.leaves)].sort()).toEqual(namesOf(apart));
        expect(parts && parts.stays.links.length + parts.leaves.links.length).toBe(apart.links.length - 1);
        const fused = fuse(apart, one, '0', both);
        expect(fused.links).toHaveLength(apart.links.length - 1);
        expect(sideOf(fused.sides, one.b)).toBe(sideOf(fused.sides, one.a));
        for (const { id } of fused.sides) expect(id === '0' || cut(fused, '0', id) !== undefined).toBe(true);
      }),
    );
  });

  test('of either are those of both, each once, and no two are linked in two ways', () => {
    const a = { sides: [side('ann'), side('phone')], links: [link('ann', 'phone', NOW + 5)] };
    const b = { sides: [side('phone', 'x'), side('ann')], links: [link('phone', 'ann', NOW)] };
    const united = uniteApart(a, b, both);
    expect(namesOf(united)).toEqual(['ann', 'phone']);
    expect(united.links).toEqual(b.links);
  });
});

describe('a person who was joined', () => {
  const did = (id: string, at: number, more: object = {}): MemoryEvent => ({
    ...{ userId: undefined, anonymousId: id, kind: 'interaction', event: 'Seen', channel: 'web', properties: {} },
    ...{ messageId: `${id} ${at}`, timestamp: NOW - at, arrival: NOW * 1_000 - at },
    ...more,
  });
  const said = (id: string, value: string): MemoryEvent => ({
    ...{ userId: undefined, anonymousId: id, kind: 'traits', source: 'identify', traits: { x: value } },
    ...{ messageId: undefined, timestamp: NOW, arrival: NOW * 1_000 + id.length },
  });
  const memoryOf = (id: string, events: readonly MemoryEvent[], keep = KEEP) =>
    apply(emptyMemory(id), events, NOW, keep).memory;
  const joinAll = ([first, ...others]: readonly Memory[], at: (number: number) => number, keep = KEEP): Memory => {
    const joined = others.reduce((into, other) => merge(into, other, NOW, keep), first ?? emptyMemory(''));
    const links = others.map(({ id }, number) => link(first?.id ?? '', id, at(number)));
    return joined.apart ? withSides(joined, { ...joined.apart, links }, NOW, keep) : joined;
  };
  const sidesOf = ({ apart }: Memory) => apart?.sides.map(({ id }) => id).sort();

  test('has sides only while joins can be undone, and none at all where none ever can', () => {
    const [a, b] = [memoryOf('a', [did('a', 1)]), memoryOf('b', [did('b', 1)])];
    const joined = joinAll([a, b], () => NOW - 90 * DAY);
    expect(sidesOf(joined)).toEqual(['a', 'b']);
    expect(apply(joined, [], NOW + 1, KEEP).memory).not.toHaveProperty('apart');
    expect(joinAll([a, b], () => NOW, { ...KEEP, splitDays: 0 })).not.toHaveProperty('apart');
    expect(merge(a, memoryOf('a', [did('a', 2)]), NOW, KEEP)).not.toHaveProperty('apart');
  });

  test('has the latest fifty joins to undo', () => {
    const all = Array.from({ length: 53 }, (_, at) => memoryOf(`p${at}`, [did(`p${at}`, 1)]));
    const joined = joinAll(all, (number) => NOW + number);
    expect(joined.apart?.links).toHaveLength(50);
    expect(joined.apart?.sides.find(({ id }) => id === 'p0')?.anonymousIds).toEqual(['p0', 'p1', 'p2']);
  });

  test('has no more joins to undo than there is room for what the others said', () => {
    const all = ['a', 'bb', 'ccc', 'dddd'].map((id) => memoryOf(id, [said(id, id.repeat(30_000 / id.length))]));
    expect(sidesOf(joinAll(all, (number) => NOW + number))).toEqual(['a', 'ccc', 'dddd']);
    expect(sidesOf(joinAll(all.slice(0, 3), (number) => NOW + number))).toEqual(['a', 'bb', 'ccc']);
  });

  test('lets go with their sides of what is too much, which each goes on to count and to know', () => {
    const few: Retention = { ...KEEP, keepInteractions: 3 };
    const [a, b] = ['a', 'b'].map((id) =>
      memoryOf(
        id,
        [1, 2, 3].map((at) => did(id, at)),
        few,
      ),
    );
    const joined = joinAll([a ?? emptyMemory(''), b ?? emptyMemory('')], () => NOW, few);
    const [first, second] = joined.apart?.sides ?? [];
    expect([first, second].map((one) => one?.interactions.length)).toEqual([1, 2]);
    expect([first, second].map((one) => one?.evicted['Seen']?.counts)).toEqual([{ a: 2 }, { b: 1 }]);
    expect([first, second].map((one) => one?.forgotten.hashes.length)).toEqual([2, 1]);
  });

  test('has a message once that came from both, and so has each of them', () => {
    const twin = (id: string, timestamp: number) => did(id, 1, { messageId: 'twin', timestamp });
    const joined = joinAll([memoryOf('a', [twin('a', NOW)]), memoryOf('b', [twin('b', NOW - 5)])], () => NOW);
    expect(joined.interactions).toHaveLength(1);
    expect(joined.apart?.sides.map(({ interactions }) => interactions)).toEqual([
      joined.interactions,
      joined.interactions,
    ]);
  });
});
