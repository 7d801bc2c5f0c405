import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import type { DocumentChange, StoredDocument } from '../../stores/visitor-store.js';
import { aliasOf, isBeingParted } from '../documents/codec.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { countersOf } from '../memory/counters.js';
import { type Memory, type Retention } from '../memory/memory.js';
import { VisitorsService } from '../visitors.service.js';
import { HistoryImporter } from './history-importer.js';
import type { SplitAnswer } from './split-answer.js';
import { VisitorSplitter } from './visitor-splitter.js';

// Each split would be a line of the log.
Logger.overrideLogger(false);

const HOUR = 3_600_000;
const KEEP: Retention = { keepInteractions: 1_000, keepDays: 90, splitDays: 90 };
const start = Date.now() - 100 * HOUR;

interface Ids {
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
}

const CRASH = 'crash';

/** A store whose process dies after so many documents were written. */
class DyingStore extends SqliteVisitorStore {
  left = Infinity;
  /** Done before the next look at an id. */
  meanwhile: { readonly id: string; readonly what: () => Promise<unknown> } | undefined;

  override async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    const { meanwhile } = this;
    if (meanwhile && ids.includes(meanwhile.id)) {
      this.meanwhile = undefined;
      await meanwhile.what();
    }
    return super.load(ids);
  }

  override async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    const saved: boolean[] = [];
    for (const change of changes) {
      if (this.left-- <= 0) throw new Error(CRASH);
      saved.push(...(await super.save([change])));
    }
    return saved;
  }
}

/** People, and whoever parts them, on a store of their own. */
class World {
  private readonly database = SqliteDatabase.open(':memory:');
  readonly store = new DyingStore(this.database);
  readonly visitors: VisitorsService;
  readonly splitter: VisitorSplitter;

  constructor(retention: Retention = KEEP) {
    this.visitors = new VisitorsService(this.store, retention);
    this.splitter = new VisitorSplitter(this.store, this.visitors, retention);
  }

  split(of: string, id?: string, dryRun = false): Promise<SplitAnswer> {
    return this.splitter.split(of, { id, dryRun });
  }

  /** Who they are by whom the ids are, and what they did. */
  async people(...ids: string[]): Promise<unknown> {
    const found = await Promise.all(ids.map((id) => this.visitors.find(id)));
    return found.map((memory) => memory && [memory.id, ...memory.interactions.map(({ event }) => event)].join(' '));
  }

  async tell(events: readonly MemoryEvent[]): Promise<void> {
    // One by one: most go behind the document then, as they do in life.
    for (const event of events) await this.visitors.record([event]);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

let count = 0;
const base = (ids: Ids, hour: number) => {
  count += 1;
  const timestamp = start + hour * HOUR;
  return {
    ...{ userId: undefined, anonymousId: undefined, ...ids },
    ...{ messageId: `m${count}`, timestamp, arrival: (start + 60 * HOUR) * 1_000 + count * 1_000 },
  };
};
const did = (ids: Ids, event = 'Seen', hour = 1): MemoryEvent => ({
  ...base(ids, hour),
  ...{ kind: 'interaction', event, channel: 'web', properties: {} },
});
const alias = (ids: Ids, previousId: string, trusted = true): MemoryEvent => ({
  ...base(ids, 1),
  ...{ messageId: undefined, kind: 'alias', previousId, trusted },
});

/** Whose an event is: of one of the two, by one of two ids, or of both, a user id with the other's device. */
type Whose = 'a' | 'b' | 'both';

interface Draft {
  readonly whose: Whose;
  readonly second: boolean;
  readonly what: 'interaction' | 'traits' | 'consent';
  readonly name: string;
  readonly hour: number;
  readonly isBrowsers: boolean;
}

const drafts = (whose: fc.Arbitrary<Whose>) =>
  fc.array(
    fc.record({
      whose,
      second: fc.boolean(),
      what: fc.constantFrom('interaction' as const, 'interaction' as const, 'traits' as const, 'consent' as const),
      name: fc.constantFrom('x', 'y', 'constructor'),
      hour: fc.nat({ max: 50 }),
      isBrowsers: fc.boolean(),
    }),
    { maxLength: 40 },
  );

const IDS = { a: ['ann', 'ann-phone'], b: ['bob', 'bob-phone'] } as const;
/** Bob is known, or a device of which nobody knows whose it is. */
const idsOf = (whose: 'a' | 'b', second: boolean, isBobKnown: boolean): Ids => {
  const [first, other] = IDS[whose];
  if (second) return { anonymousId: other };
  return whose === 'a' || isBobKnown ? { userId: first } : { anonymousId: first };
};

/** The event as it is told to those who were joined, and as it would have been told if they had not been. */
interface Told {
  readonly event: MemoryEvent;
  readonly alone: MemoryEvent;
}

function toldOf({ whose, second, what, name, hour, isBrowsers }: Draft, isBobKnown: boolean): Told {
  const alone = idsOf(whose === 'both' ? 'a' : whose, whose !== 'both' && second, isBobKnown);
  const { messageId, ...rest } = base({}, hour);
  const said =
    what === 'interaction'
      ? { kind: what, event: name, channel: 'web', properties: { count } }
      : what === 'traits'
        ? { kind: what, source: 'identify', traits: { [name]: count } }
        : { kind: what, purpose: name, granted: count % 2 === 0, until: undefined };
  const from =
    isBrowsers && what !== 'consent'
      ? { by: 'browser' as const, messageId: browserMessageId(messageId) }
      : { messageId };
  const eventOf = (ids: Ids) =>
    ({ ...rest, ...said, ...from, userId: ids.userId, anonymousId: ids.anonymousId }) as MemoryEvent;
  return { event: eventOf(whose === 'both' ? { ...alone, anonymousId: 'bob-phone' } : alone), alone: eventOf(alone) };
}

/** What somebody is, as far as others can see it. */
function told(memory: Memory | undefined): unknown {
  if (!memory) return undefined;
  const { userIds, anonymousIds, traits, outranked = {}, consents, interactions, origin } = memory;
  const hashes = [memory.forgotten, memory.browsers?.forgotten].map((one) => [...(one?.hashes ?? [])].sort());
  return {
    userIds,
    anonymousIds,
    traits,
    outranked,
    consents,
    interactions,
    origin,
    hashes,
    counters: countersOf(memory),
  };
}

const story = fc.record({
  isBobKnown: fc.boolean(),
  before: drafts(fc.constantFrom('a', 'b')),
  after: drafts(fc.constantFrom('a', 'b', 'both')),
  again: fc.nat({ max: 10 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Lives a story twice: once joined and parted again, once never joined. */
async function live({ isBobKnown, before, after, again }: Story, retention: Retention, look: Look): Promise<void> {
  const [joined, apart] = [new World(retention), new World(retention)];
  try {
    const phones = [did({ userId: 'ann', anonymousId: 'ann-phone' })];
    phones.push(
      isBobKnown ? did({ userId: 'bob', anonymousId: 'bob-phone' }) : alias({ anonymousId: 'bob' }, 'bob-phone'),
    );
    const [told, later] = [before, after].map((all) => all.map((draft) => toldOf(draft, isBobKnown)));
    const join = isBobKnown ? alias({ userId: 'ann' }, 'bob') : alias({ userId: 'ann' }, 'bob-phone', false);
    const all = [...(told ?? []), ...(later ?? [])];
    await joined.tell([...phones, ...(told ?? []).map(({ event }) => event), join]);
    await joined.tell([...(later ?? []), ...all.slice(0, again)].map(({ event }) => event));
    await apart.tell([...phones, ...all.map(({ alone }) => alone)]);
    await joined.splitter.split('ann', { id: 'bob', dryRun: false });
    // Whatever comes again is known to whom it was of.
    await joined.tell(all.slice(0, again).map(({ alone }) => alone));
    for (const id of ['ann', 'ann-phone', 'bob', 'bob-phone'])
      look(await joined.visitors.find(id), await apart.visitors.find(id));
  } finally {
    await joined.close();
    await apart.close();
  }
}

type Look = (parted: Memory | undefined, alone: Memory | undefined) => void;

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

/** Ann and her phone, with the tablet that was joined by mistake. */
async function joined(): Promise<void> {
  await world.tell([
    did({ userId: 'ann', anonymousId: 'phone' }, 'a1', 1),
    did({ anonymousId: 'tablet' }, 't1', 2),
    did({ userId: 'ann', anonymousId: 'tablet' }, 'a2', 3),
    did({ anonymousId: 'tablet' }, 't2', 4),
    did({ anonymousId: 'phone' }, 'p1', 5),
  ]);
}

describe('two who were joined and parted again', () => {
  test('are each as if they had never been joined, whatever they did before and since', async () => {
    await fc.assert(
      fc.asyncProperty(story, (one) => live(one, KEEP, (parted, alone) => expect(told(parted)).toEqual(told(alone)))),
      { numRuns: 100 },
    );
  });

  test('are counted each as if they had never been joined, of which less is retained, as it was together', async () => {
    const few = { ...KEEP, keepInteractions: 4 };
    await fc.assert(
      fc.asyncProperty(story, (one) =>
        live(one, few, (parted, alone) => {
          if (!parted || !alone) return expect(parted).toEqual(alone);
          const messages = alone.interactions.map(({ messageId }) => messageId);
          expect(countersOf(parted)).toEqual(countersOf(alone));
          expect(messages).toEqual(expect.arrayContaining(parted.interactions.map(({ messageId }) => messageId)));
          expect([parted.traits, parted.consents]).toEqual([alone.traits, alone.consents]);
        }),
      ),
      { numRuns: 60 },
    );
  });
});

describe('a split', () => {
  test('tells of both, and leaves them as they are where it is only asked what would be', async () => {
    await joined();
    const before = await world.store.load(['ann', 'tablet']);
    const told = await world.split('phone', 'tablet', true);
    expect(told).toMatchObject({
      dryRun: true,
      people: [
        { visitorId: 'ann', ids: ['ann', 'phone'], interactions: 3, interactionsEver: 3 },
        { visitorId: 'tablet', ids: ['tablet'], interactions: 2 },
      ],
      inBoth: 0,
    });
    expect(await world.store.load(['ann', 'tablet'])).toEqual(before);
    const { at, ...done } = await world.split('phone', 'tablet');
    expect({ ...done, dryRun: true }).toEqual({ ...told, at: undefined });
    expect(await world.people('ann', 'phone', 'tablet')).toEqual(['ann a1 a2 p1', 'ann a1 a2 p1', 'tablet t1 t2']);
    expect((await world.visitors.find('tablet'))?.parted).toEqual([{ id: 'tablet', from: 'ann', at: Date.parse(at) }]);
  });

  test('by the id alone that was joined does the same; again, it changes nothing and tells the same', async () => {
    await joined();
    const first = await world.split('tablet');
    for (const [of, id] of [['tablet'], ['ann', 'tablet'], ['phone', 'tablet'], ['tablet', 'phone']])
      expect(await world.split(of ?? '', id)).toEqual(first);
    expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1', 'tablet t1 t2']);
  });

  test('leaves alone who was joined besides, and takes along what was joined to the one who leaves', async () => {
    await joined();
    await world.tell([did({ userId: 'bob', anonymousId: 'laptop' }, 'b1'), alias({ userId: 'ann' }, 'bob')]);
    await world.tell([did({ anonymousId: 'watch' }, 'w1'), did({ userId: 'bob', anonymousId: 'watch' }, 'b2')]);
    await world.split('ann', 'bob');
    expect(await world.people('tablet', 'watch', 'laptop')).toEqual([
      'ann a1 t1 a2 t2 p1',
      'bob b1 w1 b2',
      'bob b1 w1 b2',
    ]);
    await world.split('bob', 'watch');
    await world.split('ann', 'tablet');
    expect(await world.people('bob', 'watch', 'ann', 'tablet')).toEqual([
      'bob b1 b2',
      'watch w1',
      'ann a1 a2 p1',
      'tablet t1 t2',
    ]);
  });

  test('of people who were two before keeps each of these whole, by the id that they were kept under', async () => {
    await world.tell([did({ anonymousId: 'x1' }, 'one'), did({ anonymousId: 'x2' }, 'two', 2)]);
    await world.tell([alias({ anonymousId: 'x1' }, 'x2'), did({ userId: 'ann', anonymousId: 'x2' }, 'login', 3)]);
    const told = await world.split('ann', 'x1', true);
    expect(told.people[1]).toMatchObject({ visitorId: 'x1', ids: ['x1', 'x2'], interactions: 2 });
    await world.split('ann', 'x2');
    expect(await world.people('ann', 'x1', 'x2')).toEqual(['ann one login', 'ann one login', 'x2 two']);
  });

  test('leaves with the one who stays what an import told of both, as it does not say whose it was', async () => {
    await joined();
    const evicted = { Old: { counts: { elsewhere: 7 }, first: start, last: start } };
    const forgotten = { hashes: Float64Array.of(1, 2), cameAt: Float64Array.of(start, start) };
    const importer = new HistoryImporter(world.visitors, world.store, KEEP);
    const history = { visitorId: 'ann', known: ['ann'], others: [], traits: [], consents: [], interactions: [] };
    for (const released of [
      { evicted, forgotten },
      { evicted, forgotten, browsers: { evicted, forgotten } },
    ])
      await importer.import([{ ...history, origin: undefined, released }]);
    await world.split('ann', 'tablet');
    const [ann, tablet] = [await world.visitors.find('ann'), await world.visitors.find('tablet')];
    expect([ann, tablet].map((one) => one && countersOf(one)['Old']?.count)).toEqual([14, undefined]);
    expect([ann, tablet].map((one) => one && [...one.forgotten.hashes])).toEqual([[1, 2], []]);
    expect([ann, tablet].map((one) => one?.browsers && [...one.browsers.forgotten.hashes])).toEqual([
      [1, 2],
      undefined,
    ]);
  });

  test.each([
    ['an id of somebody else', 'nobody', /is no id of this visitor/],
    ['the id that both are kept under', 'ann', /Nothing is noted/],
  ])('is refused for %s', async (_what, id, why) => {
    await joined();
    await expect(world.split('ann', id)).rejects.toMatchObject({
      code: 'SPLIT_REFUSED',
      message: expect.stringMatching(why),
    });
    await expect(world.split('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is refused for a join by a version that kept nothing apart, and for one too long ago', async () => {
    const before = new VisitorsService(world.store, { ...KEEP, splitDays: 0 });
    for (const event of [did({ anonymousId: 'old' }), did({ userId: 'ann', anonymousId: 'old' })])
      await before.record([event]);
    await joined();
    const why = {
      code: 'SPLIT_REFUSED',
      message: expect.stringContaining("can't be undone any more"),
    };
    await expect(world.split('ann', 'old')).rejects.toMatchObject(why);
    jest.useFakeTimers({ now: Date.now() + 91 * 24 * HOUR, doNotFake: ['setImmediate', 'setTimeout', 'nextTick'] });
    try {
      await expect(world.split('ann', 'tablet')).rejects.toMatchObject(why);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('who was parted', () => {
  beforeEach(async () => {
    await joined();
    await world.split('ann', 'tablet');
  });

  test('is not joined again by an event that names both, which is of its user id', async () => {
    const [outcome] = await world.visitors.record([did({ userId: 'ann', anonymousId: 'tablet' }, 'a3', 6)]);
    expect(outcome).toEqual({ memoryId: 'ann', duplicate: false, notJoined: true });
    expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1 a3', 'tablet t1 t2']);
  });

  test.each([
    [{ userId: 'ann' }, 'tablet'],
    [{ anonymousId: 'tablet' }, 'ann'],
    [{ anonymousId: 'phone' }, 'tablet'],
  ])('is not joined again by an alias of %j and %s that is not trusted', async (ids, previousId) => {
    for (const event of [alias(ids, previousId, false), { ...alias(ids, previousId, false), by: 'browser' as const }]) {
      const [outcome] = await world.visitors.record([event]);
      expect(outcome?.refused).toMatchObject({ path: 'previousId', message: expect.stringContaining('parted again') });
    }
    expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1', 'tablet t1 t2']);
  });

  test('is joined again by a trusted alias, and parted again, with what both did meanwhile', async () => {
    await world.tell([did({ anonymousId: 'tablet' }, 't3', 6), alias({ userId: 'ann' }, 'tablet')]);
    expect(await world.people('tablet')).toEqual(['ann a1 t1 a2 t2 p1 t3']);
    await world.split('ann', 'tablet');
    expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1', 'tablet t1 t2 t3']);
    expect((await world.visitors.find('ann'))?.parted).toHaveLength(2);
  });

  test('may log in as somebody else', async () => {
    await world.tell([did({ userId: 'eve', anonymousId: 'tablet' }, 'e1', 7)]);
    expect(await world.people('tablet', 'ann')).toEqual(['eve t1 t2 e1', 'ann a1 a2 p1']);
  });

  test('knows again what it was sent before', async () => {
    const again = did({ anonymousId: 'tablet' }, 't4', 8);
    await world.tell([again]);
    const [outcome] = await world.visitors.record([again]);
    expect(outcome).toEqual({ memoryId: 'tablet', duplicate: true });
  });
});

test('who is late to finish a parting does not part again who was joined again meanwhile', async () => {
  await joined();
  world.store.left = 1;
  await expect(world.split('ann', 'tablet')).rejects.toThrow(CRASH);
  world.store.left = Infinity;
  const what = () => world.tell([did({ userId: 'ann' }, 'a3', 6), alias({ userId: 'ann' }, 'tablet')]);
  world.store.meanwhile = { id: 'tablet', what };
  await world.visitors.finishParting('ann');
  expect(await world.people('ann', 'tablet')).toEqual(Array(2).fill('ann a1 t1 a2 t2 p1 a3'));
});

test('who left and logged in as somebody else before the parting was at its end is theirs', async () => {
  await joined();
  world.store.left = 2;
  await expect(world.split('ann', 'tablet')).rejects.toThrow(CRASH);
  world.store.left = Infinity;
  await world.tell([did({ userId: 'eve', anonymousId: 'tablet' }, 'e1', 7), did({ userId: 'ann' }, 'a3', 8)]);
  expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1 a3', 'eve t1 t2 e1']);
});

test('an event on its way to one person while they are parted goes where its id went, once', async () => {
  await joined();
  const event = did({ anonymousId: 'tablet' }, 't3', 6);
  world.store.meanwhile = { id: 'ann', what: () => world.split('ann', 'tablet') };
  await world.tell([event]);
  await world.tell([event]);
  expect(await world.people('ann', 'tablet')).toEqual(['ann a1 a2 p1', 'tablet t1 t2 t3']);
});

describe('a crash while two are parted', () => {
  const nexts: Readonly<Record<string, () => Promise<unknown>>> = {
    'an event of the one who stays': () => world.tell([did({ userId: 'ann' }, 'next', 9)]),
    'an event of the one who leaves': () => world.tell([did({ anonymousId: 'tablet' }, 'next', 9)]),
    'an event by another id of theirs': () => world.tell([did({ anonymousId: 'pen' }, 'next', 9)]),
    'the same split again': () => world.split('ann', 'tablet'),
    'the same split, by the id alone': () => world.split('tablet'),
    'a login with both': () => world.tell([did({ userId: 'ann', anonymousId: 'pen' }, 'next', 9)]),
  };

  test.each([0, 1, 2, 3, 4].flatMap((writes) => Object.keys(nexts).map((next) => [writes, next] as const)))(
    'after %i documents loses and doubles nothing, whatever comes next: %s',
    async (writes, next) => {
      await joined();
      await world.tell([alias({ anonymousId: 'tablet' }, 'pen'), did({ anonymousId: 'pen' }, 'pen', 6)]);
      world.store.left = writes;
      await world.split('ann', 'tablet').catch((error: unknown) => expect(error).toMatchObject({ message: CRASH }));
      world.store.left = Infinity;
      await nexts[next]?.();
      await world.split('ann', 'tablet');
      const names = async (id: string) => (await world.visitors.find(id))?.interactions.map(({ event }) => event) ?? [];
      const [ofAnn, ofTablet] = [await names('ann'), await names('tablet')];
      expect(ofAnn.filter((event) => event !== 'next')).toEqual(['a1', 'a2', 'p1']);
      expect(ofTablet.filter((event) => event !== 'next')).toEqual(['t1', 't2', 'pen']);
      expect([...ofAnn, ...ofTablet].filter((event) => event === 'next')).toHaveLength(next.includes('split') ? 0 : 1);
      expect(await names('pen')).toEqual(ofTablet);
      const documents = await world.store.load(['ann', 'phone', 'tablet', 'pen']);
      expect(documents.map((one) => one && (aliasOf(one.document) ?? ''))).toEqual(['', 'ann', '', 'tablet']);
      expect(documents.some((one) => one && isBeingParted(one.document))).toBe(false);
    },
  );
});
