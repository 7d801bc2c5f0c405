import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VisitorDocument } from '../documents/codec.js';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { USUAL_LIMITS } from '../memory/limits.js';
import { emptyMemory, type Memory } from '../memory/memory.js';
import { bucketIdOf } from '../memory/origin.js';
import { remember, type Outcome, type Remembered } from './remember.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
let arrivals = 0;

interface Ids {
  readonly userId?: string;
  readonly anonymousId?: string;
}

const base = (ids: Ids) => {
  const arrival = ++arrivals;
  return {
    userId: undefined,
    anonymousId: undefined,
    ...ids,
    messageId: `m${arrival}`,
    timestamp: NOW + arrival,
    arrival,
  };
};
const did = (ids: Ids, event = 'Page Viewed'): MemoryEvent => ({
  ...base(ids),
  kind: 'interaction',
  event,
  channel: 'web',
  properties: {},
});
const ofBrowser = (event: MemoryEvent): MemoryEvent => ({
  ...event,
  by: 'browser',
  messageId: browserMessageId(event.messageId ?? ''),
});
const alias = (ids: Ids, previousId: string, trusted = false): MemoryEvent => ({
  ...base(ids),
  kind: 'alias',
  previousId,
  trusted,
});

/** A store of documents and the rounds on it, one step of writing at a time if need be. */
class Shelf {
  readonly documents = new Map<string, VisitorDocument>();
  lastSteps: Remembered['steps'] = [];

  constructor(private readonly limits = USUAL_LIMITS) {}

  /** Rounds until nothing is pending, as the writer does them; `crashAfter` so many steps that write something. */
  tell(events: readonly MemoryEvent[], crashAfter = Infinity): readonly Outcome[] {
    for (let left = crashAfter; ;) {
      const { steps, pending, outcomes } = this.round(events);
      this.lastSteps = steps.filter((step) => step.size > 0);
      for (const step of this.lastSteps) {
        if (left-- === 0) return outcomes;
        for (const [id, document] of step) this.documents.set(id, document);
      }
      if (pending.size === 0) return outcomes;
    }
  }

  memory(id: string): Memory {
    const document = this.documents.get(id);
    return document?.kind === 'memory' ? document.memory : emptyMemory(id);
  }

  eventsOf(id: string): string[] {
    return this.memory(id).interactions.map(({ event }) => event);
  }

  aliases(): Record<string, string> {
    return Object.fromEntries(
      [...this.documents].flatMap(([id, document]) => (document.kind === 'alias' ? [[id, document.of]] : [])),
    );
  }

  round(events: readonly MemoryEvent[]): Remembered {
    const loaded = new Map<string, VisitorDocument | undefined>();
    for (;;) {
      const remembered = remember({
        documents: loaded,
        bytesOf: () => 0,
        limits: this.limits,
        events,
        unfinished: [],
        now: NOW,
        retention: { keepInteractions: 500, keepDays: 0 },
      });
      if (remembered.needs.size === 0) return remembered;
      for (const id of remembered.needs) loaded.set(id, this.documents.get(id));
    }
  }
}

describe('remembering', () => {
  test('joins what a device did before with the person who logs in on it', () => {
    const shelf = new Shelf();
    shelf.tell([did({ anonymousId: 'a1' }, 'Model Configured')]);
    shelf.tell([did({ userId: 'u1', anonymousId: 'a1' }, 'Signed In')]);
    expect(shelf.aliases()).toEqual({ a1: 'u1' });
    expect(shelf.memory('u1')).toMatchObject({ userIds: ['u1'], anonymousIds: ['a1'], joining: undefined });
    expect(shelf.eventsOf('u1')).toEqual(['Model Configured', 'Signed In']);
  });

  test('does so within one round too, and sends what the device does later to the person', () => {
    const shelf = new Shelf();
    shelf.tell([did({ anonymousId: 'a1' }), did({ userId: 'u1', anonymousId: 'a1' }), did({ anonymousId: 'a1' })]);
    expect(shelf.eventsOf('u1')).toHaveLength(3);
    expect(shelf.tell([did({ anonymousId: 'a1' })])).toEqual([{ memoryId: 'u1', duplicate: false }]);
    expect(shelf.eventsOf('u1')).toHaveLength(4);
  });

  test('joins a second device of the same person', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'u1', anonymousId: 'a1' })]);
    shelf.tell([did({ anonymousId: 'a2' })]);
    shelf.tell([did({ userId: 'u1', anonymousId: 'a2' })]);
    expect(shelf.memory('u1')).toMatchObject({ anonymousIds: ['a1', 'a2'], interactions: { length: 3 } });
  });

  test('does not give a device that belongs to one person to the next who logs in on it', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'u1', anonymousId: 'a1' })]);
    shelf.tell([did({ userId: 'u2', anonymousId: 'a1' })]);
    expect(shelf.aliases()).toEqual({ a1: 'u1' });
    expect(shelf.memory('u2')).toMatchObject({ userIds: ['u2'], anonymousIds: [], interactions: { length: 1 } });
    expect(shelf.eventsOf('u1')).toHaveLength(1);
  });

  test('tells duplicates from new events and writes nothing for them alone', () => {
    const shelf = new Shelf();
    const event = did({ userId: 'u1', anonymousId: 'a1' });
    expect(shelf.tell([event, event]).map((one) => one.duplicate)).toEqual([false, true]);
    expect(shelf.tell([event])).toEqual([{ memoryId: 'u1', duplicate: true }]);
    expect(shelf.lastSteps).toEqual([]);
  });

  test('reads and writes one document for an event of somebody who is known by it', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'u1', anonymousId: 'a1' })]);
    shelf.tell([did({ userId: 'u1' })]);
    expect(shelf.lastSteps.map((step) => [...step.keys()])).toEqual([['u1']]);
  });
});

describe('an alias', () => {
  test('of somebody who is not known joins them, as a login does, once and for all', () => {
    const shelf = new Shelf();
    shelf.tell([did({ anonymousId: 'a1' }), did({ userId: 'u1' })]);
    const said = alias({ userId: 'u1' }, 'a1');
    expect(shelf.tell([said])).toEqual([{ memoryId: 'u1', duplicate: false }]);
    expect(shelf.memory('u1')).toMatchObject({ userIds: ['u1'], anonymousIds: ['a1'], interactions: { length: 2 } });
    const before = new Map(shelf.documents);
    expect(shelf.tell([said, said]).map((one) => one.duplicate)).toEqual([true, true]);
    expect(shelf.documents).toEqual(before);
  });

  test('of a stranger has them be that person from then on', () => {
    const shelf = new Shelf();
    shelf.tell([alias({ userId: 'u1' }, 'never seen')]);
    shelf.tell([did({ anonymousId: 'never seen' })]);
    expect(shelf.memory('u1')).toMatchObject({
      userIds: ['u1'],
      anonymousIds: ['never seen'],
      interactions: { length: 1 },
    });
  });

  test('of two known people is refused, and changes nothing', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'u1', anonymousId: 'a1' }), did({ userId: 'u2' })]);
    const before = new Map(shelf.documents);
    for (const [ids, previousId] of [
      [{ userId: 'u2' }, 'u1'],
      [{ userId: 'u2' }, 'a1'],
      [{ anonymousId: 'a1' }, 'u2'],
      [{ userId: 'never seen' }, 'u2'],
      [{ userId: 'u2', anonymousId: 'a9' }, 'u1'],
    ] as const) {
      expect(shelf.tell([alias(ids, previousId)])).toMatchObject([
        { duplicate: false, refused: { path: 'previousId', message: expect.stringContaining('secret key') } },
      ]);
    }
    expect(shelf.documents).toEqual(before);
  });

  test('of two known people joins them when it is trusted, and every id leads straight to the same memory', () => {
    for (const [userId, previousId] of [
      ['u1', 'u2'],
      ['u2', 'u1'],
    ] as const) {
      const shelf = new Shelf();
      shelf.tell([
        did({ userId: 'u1', anonymousId: 'a1' }),
        did({ userId: 'u2', anonymousId: 'a2' }),
        did({ anonymousId: 'a3' }),
      ]);
      shelf.tell([did({ userId: 'u2', anonymousId: 'a3' })]);
      shelf.tell([alias({ userId }, previousId, true)]);
      expect(shelf.aliases()).toEqual({ a1: 'u1', a2: 'u1', a3: 'u1', u2: 'u1' });
      expect(shelf.memory('u1')).toMatchObject({
        userIds: ['u1', 'u2'],
        anonymousIds: ['a1', 'a2', 'a3'],
        interactions: { length: 4 },
      });
    }
  });

  describe('from a browser', () => {
    const [device, customer] = ['0e8c2f6a-6b0e-4d5c-9a57-3f1f3c3c0d11', 'K000010'];
    const byServer = (anonymousId: string): readonly MemoryEvent[] => [
      did({ anonymousId }),
      { ...base({ anonymousId }), kind: 'traits', source: 'identify', traits: { plan: 'gold' } },
      { ...base({ anonymousId }), kind: 'consent', purpose: 'ads', granted: true, until: undefined },
    ];

    test('joins what a browser made and browsers alone said something of', () => {
      const shelf = new Shelf();
      shelf.tell([ofBrowser(did({ anonymousId: device }))]);
      expect(shelf.tell([ofBrowser(did({ userId: 'u1', anonymousId: device }))])).toEqual([
        { memoryId: 'u1', duplicate: false },
      ]);
      expect(shelf.aliases()).toEqual({ [device]: 'u1' });
    });

    test('is noted with when it was joined and by whose word, as what a server joins is', () => {
      const shelf = new Shelf();
      const joins = [
        ofBrowser(did({ userId: 'u1', anonymousId: device })),
        did({ userId: 'u1', anonymousId: customer }),
        did({ userId: 'u1' }),
      ];
      for (const event of joins) shelf.tell([{ ...event, arrival: event.arrival * 1_000 }]);
      expect(shelf.memory('u1').joins).toEqual([
        { id: device, at: joins[0]?.arrival, by: 'browser' },
        { id: customer, at: joins[1]?.arrival, by: 'server' },
      ]);
    });

    test.each([
      ['an id that no browser makes', [], customer],
      ...byServer(device).map((event) => [`whom a server said something of (${event.kind})`, [event], device] as const),
    ])('does not join %s, and tells so', (_whom, before, id) => {
      const shelf = new Shelf();
      if (before.length > 0) shelf.tell(before);
      const [event, wish] = shelf.tell([
        ofBrowser(did({ userId: 'u1', anonymousId: id })),
        ofBrowser(alias({ userId: 'u1' }, id)),
      ]);
      expect(event).toEqual({ memoryId: 'u1', duplicate: false, notJoined: true });
      expect(wish?.refused?.message).toMatch(/secret key/);
      expect(shelf.aliases()).toEqual({});
      expect(shelf.memory('u1').anonymousIds).toEqual([]);
    });

    test('joins nobody whom a server was about to say something of, in the same round', () => {
      const shelf = new Shelf();
      shelf.tell([ofBrowser(did({ anonymousId: device }))]);
      shelf.tell([did({ anonymousId: device }), ofBrowser(did({ userId: 'u1', anonymousId: device }))]);
      shelf.tell([ofBrowser(did({ userId: 'u2', anonymousId: device }))]);
      expect(shelf.memory('u1').anonymousIds).toEqual([device]);
      expect(shelf.memory('u2').anonymousIds).toEqual([]);
    });
  });

  test('of two who are both unknown joins them, and a later login has both', () => {
    const shelf = new Shelf();
    shelf.tell([did({ anonymousId: 'a2' }), did({ anonymousId: 'a1' })]);
    shelf.tell([alias({ anonymousId: 'a2' }, 'a1')]);
    expect(shelf.aliases()).toEqual({ a2: 'a1' });
    shelf.tell([did({ userId: 'u1', anonymousId: 'a2' })]);
    expect(shelf.aliases()).toEqual({ a1: 'u1', a2: 'u1' });
    expect(shelf.eventsOf('u1')).toHaveLength(3);
  });
});

describe('a crash while two are joined', () => {
  const before = [did({ anonymousId: 'a1' }), did({ userId: 'u1' }), alias({ anonymousId: 'a1' }, 'a2')];
  const login = did({ userId: 'u1', anonymousId: 'a1' });

  test.each([0, 1, 2, 3])(
    'after %i steps of writing loses and doubles nothing, whatever is heard next of who was to be joined',
    (steps) => {
      for (const next of [login, did({ anonymousId: 'a1' }), did({ anonymousId: 'a2' })]) {
        const shelf = new Shelf();
        shelf.tell(before);
        shelf.tell([login], steps);
        shelf.tell([next]);
        shelf.tell([login]);
        const told = [...before, login, next]
          .filter((event) => event.kind === 'interaction')
          .map(({ messageId }) => messageId);
        expect(
          shelf
            .memory('u1')
            .interactions.map(({ messageId }) => messageId)
            .sort(),
        ).toEqual([...new Set(told)].sort());
        expect(shelf.aliases()).toEqual({ a1: 'u1', a2: 'u1' });
      }
    },
  );

  test('leaves a chain that the next event mends', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'u1' })]);
    shelf.documents
      .set('a1', { kind: 'alias', of: 'u1' })
      .set('a2', { kind: 'alias', of: 'a1' })
      .set('a3', { kind: 'alias', of: 'a2' });
    shelf.tell([did({ anonymousId: 'a3' })]);
    expect(shelf.aliases()).toEqual({ a1: 'u1', a2: 'u1', a3: 'u1' });
    expect(shelf.memory('u1')).toMatchObject({ anonymousIds: ['a1', 'a2', 'a3'], interactions: { length: 2 } });
  });

  test('leaves pointers to nobody, who is then known by that id', () => {
    const shelf = new Shelf();
    shelf.documents.set('a1', { kind: 'alias', of: 'u1' });
    shelf.tell([did({ anonymousId: 'a1' })]);
    shelf.tell([did({ userId: 'u2', anonymousId: 'a1' })]);
    expect(shelf.memory('u1')).toMatchObject({ userIds: ['u1'], anonymousIds: ['a1'], interactions: { length: 1 } });
    expect(shelf.memory('u2')).toMatchObject({ userIds: ['u2'], anonymousIds: [], interactions: { length: 1 } });
  });
});

describe('two who are joined into each other at the same time', () => {
  test('become one, whoever comes by first', () => {
    for (const id of ['a', 'b', 'c']) {
      const shelf = new Shelf();
      shelf.tell([did({ anonymousId: 'a' }, 'A'), did({ anonymousId: 'b' }, 'B'), did({ anonymousId: 'c' }, 'C')]);
      const into = (from: string, to: string) =>
        shelf.documents.set(from, { kind: 'memory', memory: { ...shelf.memory(from), joining: to } });
      into('a', 'b');
      into('b', 'c');
      into('c', 'a');
      shelf.tell([did({ anonymousId: id }, 'D')]);
      expect(shelf.aliases()).toEqual({ b: 'a', c: 'a' });
      expect(shelf.memory('a')).toMatchObject({
        anonymousIds: ['a', 'b', 'c'],
        joining: undefined,
        interactions: { length: 4 },
      });
    }
  });

  test('with nothing but pointers to each other become one too', () => {
    const shelf = new Shelf();
    shelf.documents.set('x', { kind: 'alias', of: 'y' }).set('y', { kind: 'alias', of: 'x' });
    shelf.tell([did({ anonymousId: 'y' })]);
    expect(shelf.aliases()).toEqual({ y: 'x' });
    expect(shelf.eventsOf('x')).toHaveLength(1);
  });
});

describe('what shares of visitors are dealt by', () => {
  const device = fc.constantFrom('a1', 'a2', 'z3');
  const event: fc.Arbitrary<() => MemoryEvent> = fc.oneof(
    device.map((anonymousId) => () => did({ anonymousId })),
    device.map((anonymousId) => () => did({ userId: 'm', anonymousId })),
    device.map((previousId) => () => alias({ userId: 'm' }, previousId)),
    fc.constant(() => did({ userId: 'm' })),
  );
  const bucketsOf = (events: readonly MemoryEvent[]) => {
    const shelf = new Shelf();
    for (const one of events) shelf.tell([one]);
    return ['a1', 'a2', 'z3', 'm'].map((id) => bucketIdOf(shelf.memory(shelf.aliases()[id] ?? id)));
  };

  test('is the same whatever the order of events, logins and merges, and how they are batched', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (makers, picks) => {
        const events = makers.map((make) => make());
        const ranked = events.map((one) => ({ one, rank: picks.next().value as number }));
        const shuffled = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
        expect(bucketsOf(shuffled)).toEqual(bucketsOf(events));
        const atOnce = new Shelf();
        atOnce.tell(events);
        expect(bucketIdOf(atOnce.memory(atOnce.aliases()['a1'] ?? 'a1'))).toBe(bucketsOf(events)[0]);
      }),
    );
  });

  test('is never changed by what a person does, nor by a login of somebody who was met by one id only', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (makers) => {
        const shelf = new Shelf();
        shelf.tell([did({ anonymousId: 'a1' })]);
        for (const make of makers) {
          shelf.tell([make()]);
          expect(bucketIdOf(shelf.memory(shelf.aliases()['a1'] ?? 'a1'))).toBe('a1');
        }
      }),
    );
  });

  test('is the device of a login that says both ids for the first time, as it may have been served before', () => {
    expect(bucketsOf([did({ userId: 'm', anonymousId: 'z3' })])).toEqual(['a1', 'a2', 'z3', 'z3']);
  });

  test('is not said by what only tells how things are: who was imported is met by the device', () => {
    const told = (userId: string): MemoryEvent => ({
      ...base({ userId }),
      ...{ kind: 'traits', source: 'import', traits: { a: 1 }, messageId: undefined },
    });
    expect(bucketsOf([told('m')])[3]).toBe('m');
    expect(bucketsOf([told('m'), did({ anonymousId: 'a2' }), did({ userId: 'm', anonymousId: 'a2' })])[3]).toBe('a2');
  });

  test('of two who were met is that of the one met earlier', () => {
    expect(bucketsOf([did({ userId: 'm' }), did({ anonymousId: 'a1' }), alias({ userId: 'm' }, 'a1')])[0]).toBe('m');
    expect(bucketsOf([did({ anonymousId: 'a1' }), did({ userId: 'm' }), alias({ userId: 'm' }, 'a1')])[3]).toBe('a1');
  });

  test('is not a device that is somebody else\u2019s', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'first', anonymousId: 'kiosk' })]);
    shelf.tell([did({ userId: 'second', anonymousId: 'kiosk' })]);
    expect(['first', 'second'].map((id) => bucketIdOf(shelf.memory(id)))).toEqual(['kiosk', 'second']);
  });

  test('stays the id of the memory where an earlier version wrote it', () => {
    const shelf = new Shelf();
    shelf.tell([did({ userId: 'm', anonymousId: 'a1' })]);
    const { origin: _, ...before } = shelf.memory('m');
    shelf.documents.set('m', { kind: 'memory', memory: before });
    shelf.tell([did({ userId: 'm', anonymousId: 'a1' })]);
    shelf.tell([did({ anonymousId: 'a2' }), alias({ userId: 'm' }, 'a2')]);
    expect(bucketIdOf(shelf.memory('m'))).toBe('m');
  });
});

describe('somebody who is larger than they may be now', () => {
  const larger = (): Shelf => {
    const before = new Shelf();
    before.tell([did({ anonymousId: 'a1' }, 'One'), did({ anonymousId: 'a1' }, 'Two'), did({ userId: 'u1' }, 'Three')]);
    before.tell([alias({ userId: 'u1' }, 'a1')]);
    const shelf = new Shelf({ ...USUAL_LIMITS, eventNames: 1, ids: 1 });
    for (const [id, document] of before.documents) shelf.documents.set(id, document);
    return shelf;
  };

  test('has everything that was there, and more of it', () => {
    const shelf = larger();
    expect(shelf.tell([did({ anonymousId: 'a1' }, 'Two')])).toEqual([{ memoryId: 'u1', duplicate: false }]);
    expect(shelf.eventsOf('u1').sort()).toEqual(['One', 'Three', 'Two', 'Two']);
    expect(shelf.memory('u1')).toMatchObject({ userIds: ['u1'], anonymousIds: ['a1'] });
  });

  test('gets nothing new of that kind, which changes nothing else', () => {
    const shelf = larger();
    const [four, more, joined] = shelf.tell([
      did({ userId: 'u1' }, 'Four'),
      did({ userId: 'u1' }, 'One'),
      alias({ userId: 'u1' }, 'a2'),
    ]);
    expect([four?.over, more?.refused, joined?.over]).toEqual(['eventNames', undefined, 'ids']);
    expect(shelf.eventsOf('u1').sort()).toEqual(['One', 'One', 'Three', 'Two']);
  });
});
