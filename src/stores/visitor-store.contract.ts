import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../test/arbitraries/code-point.js';
import { nextVersion } from './next-version.js';
import type { StoreConnection } from './store-connection.js';
import type { DocumentChange, VisitorStore } from './visitor-store.js';

/** A store with the connection that only it uses. */
export interface OpenVisitors {
  readonly visitors: VisitorStore;
  readonly connection: StoreConnection;
}

/** What a suite runs against: `open` gives another store over the same data, as another process would have. */
export interface VisitorsBackend {
  open(): Promise<OpenVisitors>;
  tearDown(): Promise<void>;
}

/** The suite that every {@link VisitorStore} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeVisitorStore(name: string, setUp: () => Promise<VisitorsBackend>): void {
  describe(name, () => {
    let backend: VisitorsBackend;
    let store: TextStore;
    let other: TextStore;
    let visitor: string;
    let visitors = 0;

    beforeAll(async () => {
      backend = await setUp();
      store = new TextStore(await backend.open());
      other = new TextStore(await backend.open());
    });
    afterAll(async () => {
      await Promise.all([store.close(), other.close()]);
      await backend.tearDown();
    });
    beforeEach(() => {
      visitors += 1;
      visitor = `visitor-${visitors}`;
    });

    const load = async (id: string) => (await store.load([id]))[0];
    const create = (id: string, document: string) => store.save([{ id, from: undefined, document }]);
    const created = async (id: string, document: string) => {
      await create(id, document);
      return versionOf(await load(id));
    };

    test('a stranger is undefined', async () => {
      expect(await store.load([visitor])).toEqual([undefined]);
    });

    test('what is created is read back', async () => {
      expect(await create(visitor, '{"n":1}')).toEqual([true]);
      expect(await load(visitor)).toEqual({ version: expect.any(String), document: '{"n":1}' });
    });

    test('what is removed is gone, and only from the state that was told', async () => {
      const from = await created(visitor, 'first');
      expect(await store.save([{ id: visitor, from: 'another', document: undefined }])).toEqual([false]);
      expect(await store.save([{ id: visitor, from: undefined, document: undefined }])).toEqual([false]);
      expect(await store.save([{ id: visitor, from, document: undefined }])).toEqual([true]);
      expect(await load(visitor)).toBeUndefined();
      expect(await store.save([{ id: visitor, from: undefined, document: undefined }])).toEqual([true]);
      expect(await create(visitor, 'anew')).toEqual([true]);
    });

    test('what is appended lies behind what was there, and only behind the state that was told', async () => {
      const from = await created(visitor, 'first');
      expect(await store.append(visitor, 'another', ' lost')).toEqual([false]);
      expect(await store.append(`${visitor} nobody`, from, ' lost')).toEqual([false]);
      expect(await store.append(visitor, from, Uint8Array.of(0, 255, 128, 10, 0))).toEqual([true]);
      const appended = versionOf(await load(visitor));
      expect(appended).not.toBe(from);
      expect(await store.append(visitor, from, ' lost')).toEqual([false]);
      expect(await other.append(visitor, appended, ' last')).toEqual([true]);
      expect(await store.bytes(visitor)).toEqual([
        ...Buffer.from('first'),
        0,
        255,
        128,
        10,
        0,
        ...Buffer.from(' last'),
      ]);
      expect(await store.save([{ id: visitor, from: versionOf(await load(visitor)), document: 'anew' }])).toEqual([
        true,
      ]);
      expect(await load(visitor)).toMatchObject({ document: 'anew' });
    });

    test('who saves may name the version that the document then has, and go on without reading it', async () => {
      const [first, second, third] = [nextVersion(), nextVersion(), nextVersion()];
      const document = Buffer.from('first');
      expect(await store.saveAs([{ id: visitor, from: undefined, to: first, document }])).toEqual([true]);
      expect(await load(visitor)).toEqual({ version: first, document: 'first' });
      expect(await store.saveAs([{ id: visitor, from: first, to: second, append: Buffer.from(', last') }])).toEqual([
        true,
      ]);
      expect(await load(visitor)).toEqual({ version: second, document: 'first, last' });
      expect(await store.saveAs([{ id: visitor, from: second, to: third, document }])).toEqual([true]);
      expect(await store.saveAs([{ id: visitor, from: second, to: nextVersion(), document }])).toEqual([false]);
      expect(await load(visitor)).toEqual({ version: third, document: 'first' });
    });

    test('what is set aside is out of the way, once, and only in the state that was told', async () => {
      const version = await created(visitor, 'unreadable');
      const stored = { version, document: 'unreadable' };
      expect(await store.setAside(visitor, { ...stored, version: 'another' })).toBe(false);
      expect(await store.setAside(visitor, stored)).toBe(true);
      expect(await store.setAside(visitor, stored)).toBe(false);
      expect(await load(visitor)).toBeUndefined();
      expect(await create(visitor, 'anew')).toEqual([true]);
    });

    test('an empty document is a document', async () => {
      const from = await created(visitor, '');
      expect(await load(visitor)).toEqual({ version: from, document: '' });
      expect(await store.save([{ id: visitor, from, document: 'more' }])).toEqual([true]);
    });

    test('creating fails where a document is already', async () => {
      await create(visitor, 'first');
      expect(await create(visitor, 'second')).toEqual([false]);
      expect((await load(visitor))?.document).toBe('first');
    });

    test('a change from the version that was read is stored under a new version', async () => {
      const from = await created(visitor, 'old');
      expect(await store.save([{ id: visitor, from, document: 'new' }])).toEqual([true]);
      const now = await load(visitor);
      expect(now?.document).toBe('new');
      expect(now?.version).not.toBe(from);
    });

    test('a change from an outdated version is not stored', async () => {
      const from = await created(visitor, 'old');
      await store.save([{ id: visitor, from, document: 'new' }]);
      expect(await store.save([{ id: visitor, from, document: 'late' }])).toEqual([false]);
      expect((await load(visitor))?.document).toBe('new');
    });

    test('a change to a document that was never there is not stored', async () => {
      const from = await created(visitor, 'x');
      expect(await store.save([{ id: `${visitor}-nobody`, from, document: 'y' }])).toEqual([false]);
      expect(await load(`${visitor}-nobody`)).toBeUndefined();
    });

    test('of many saves from the same version exactly one wins', async () => {
      const from = await created(visitor, 'start');
      const attempts = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? store : other).save([{ id: visitor, from, document: `attempt ${n}` }]),
      );
      const outcomes = (await Promise.all(attempts)).flat();
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await load(visitor))?.document).toBe(`attempt ${outcomes.indexOf(true)}`);
    });

    test('of many that create the same visitor exactly one wins', async () => {
      const attempts = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? store : other).save([{ id: visitor, from: undefined, document: `attempt ${n}` }]),
      );
      expect((await Promise.all(attempts)).flat().filter(Boolean)).toHaveLength(1);
    });

    test('no increment is lost when several count up by compare-and-set', async () => {
      await create(visitor, '0');
      await Promise.all([store, other, store, other].map((each) => countUp(each, visitor, 10)));
      expect((await load(visitor))?.document).toBe('40');
    });

    test('the changes of one call succeed and fail each on its own', async () => {
      const from = await created(`${visitor}-b`, 'b');
      const outcomes = await store.save([
        { id: `${visitor}-a`, from: undefined, document: 'a' },
        { id: `${visitor}-b`, from: 'outdated', document: 'lost' },
        { id: `${visitor}-b`, from, document: 'b2' },
        { id: `${visitor}-c`, from, document: 'lost' },
      ]);
      expect(outcomes).toEqual([true, false, true, false]);
      const documents = (await store.load([`${visitor}-a`, `${visitor}-b`, `${visitor}-c`])).map(
        (stored) => stored?.document,
      );
      expect(documents).toEqual(['a', 'b2', undefined]);
    });

    test('the same id twice in one call is handled in order: the first wins', async () => {
      const changes = ['first', 'second'].map((document) => ({ id: visitor, from: undefined, document }));
      expect(await store.save(changes)).toEqual([true, false]);
      expect((await load(visitor))?.document).toBe('first');
    });

    test('documents come in the order asked, with duplicates and strangers', async () => {
      const ids = Array.from({ length: 30 }, (_, n) => `${visitor}-${n}`);
      await store.save(ids.map((id) => ({ id, from: undefined, document: id })));
      const asked = [...ids.toReversed(), `${visitor}-nobody`, ids[3] ?? '', ids[3] ?? ''];
      const documents = (await store.load(asked)).map((stored) => stored?.document);
      expect(documents).toEqual(asked.map((id) => (id === `${visitor}-nobody` ? undefined : id)));
    });

    test('loading and saving nothing is no mistake', async () => {
      expect(await store.load([])).toEqual([]);
      expect(await store.save([])).toEqual([]);
    });

    test('odd ids are different visitors', async () => {
      const ids = ODD_IDS.map((id) => id + visitor);
      expect(await store.save(ids.map((id, n) => ({ id, from: undefined, document: String(n) })))).toEqual(
        ids.map(() => true),
      );
      expect((await store.load(ids)).map((stored) => stored?.document)).toEqual(ids.map((_, n) => String(n)));
    });

    test('an id that is nothing but odd is an id', async () => {
      for (const id of ['}', '{', '{}', '%', ' ', '\0', 'x'.repeat(512), '🐈'.repeat(256)]) {
        expect(await create(id, `of ${id}`)).toEqual([true]);
        expect((await load(id))?.document).toBe(`of ${id}`);
      }
    });

    test('any text in a document comes back as it was', async () => {
      const document = `{"name":"Zoë 🐈‍⬛ \u0000\u0001\r\n\t \u2028 ﷽ 日本"} and words, "quotes" and \\`;
      await create(visitor, document);
      expect((await load(visitor))?.document).toBe(document);
    });

    test('any bytes come back as they were', async () => {
      const raw = await backend.open();
      const document = Uint8Array.from({ length: 256 * 3 }, (_, n) => n);
      await raw.visitors.save([{ id: visitor, from: undefined, document }]);
      expect([...((await raw.visitors.load([visitor]))[0]?.document ?? [])]).toEqual([...document]);
      await raw.connection.close();
    });

    test('a document of 200 KB comes back as it was', async () => {
      const document = 'größer 🐘 '.repeat(200_000 / 16);
      const from = await created(visitor, document);
      expect((await load(visitor))?.document).toBe(document);
      expect(await store.save([{ id: visitor, from, document: `${document}!` }])).toEqual([true]);
      expect((await load(visitor))?.document).toBe(`${document}!`);
    });

    test('what one has saved another reads, also after the first is closed', async () => {
      const brief = new TextStore(await backend.open());
      await brief.save([{ id: visitor, from: undefined, document: 'kept' }]);
      const [seen] = await other.load([visitor]);
      await brief.close();
      const later = new TextStore(await backend.open());
      expect(await later.load([visitor])).toEqual([seen]);
      await later.close();
    });

    test('any sequence of loads and saves agrees with a map', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          visitors += 1;
          await agreesWithMap(store, `model-${visitors}-`, steps);
        }),
        { numRuns: 50 },
      );
    });
  });
}

/** What {@link TextStore} reads. */
export interface StoredText {
  readonly version: string;
  readonly document: string;
}

/** A store as tests like to talk to it: documents are texts. */
export class TextStore {
  private readonly store: VisitorStore;
  private readonly connection: StoreConnection;

  constructor({ visitors, connection }: OpenVisitors) {
    this.store = visitors;
    this.connection = connection;
  }

  async load(ids: readonly string[]): Promise<(StoredText | undefined)[]> {
    const found = await this.store.load(ids);
    return found.map((one) => one && { version: one.version, document: Buffer.from(one.document).toString() });
  }

  save(
    changes: readonly {
      readonly id: string;
      readonly from: string | undefined;
      readonly document: string | undefined;
    }[],
  ): Promise<boolean[]> {
    return this.store.save(
      changes.map((change) => ({
        ...change,
        document: change.document === undefined ? undefined : Buffer.from(change.document),
      })),
    );
  }

  saveAs(changes: readonly DocumentChange[]): Promise<boolean[]> {
    return this.store.save(changes);
  }

  append(id: string, from: string, more: string | Uint8Array): Promise<boolean[]> {
    return this.store.save([{ id, from, append: Buffer.from(more) }]);
  }

  /** As the bytes are, which need not be text. */
  async bytes(id: string): Promise<number[]> {
    return [...((await this.store.load([id]))[0]?.document ?? [])];
  }

  setAside(id: string, { version, document }: StoredText): Promise<boolean> {
    return this.store.setAside(id, { version, document: Buffer.from(document) });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

const ODD_IDS = [
  '{',
  '}',
  '}{',
  '{}',
  'a}b',
  'a%7Db',
  'a%257Db',
  ':',
  'a:visitor',
  '\n',
  '\r\n',
  '\0',
  ' ',
  "'",
  '"',
  '\\',
  '*',
  'é',
  'e\u0301',
  '👩‍👩‍👧',
  'ÿ',
  '-',
  'A',
  'a',
];

/** A save of several changes, each from what was last read of the id (`fresh`) or from something else. */
const step = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', '}', '🐈'),
    basis: fc.constantFrom('fresh', 'fresh', 'stranger', 'outdated'),
    document: fc.string({ unit: codePoint, maxLength: 20 }),
  }),
  { maxLength: 4 },
);

interface ModelChange {
  readonly id: string;
  readonly basis: string;
  readonly document: string;
}

async function agreesWithMap(
  store: TextStore,
  prefix: string,
  steps: readonly (readonly ModelChange[])[],
): Promise<void> {
  const model = new Map<string, string>();
  const outdated = new Map<string, string>();
  for (const changes of steps) {
    const ids = changes.map(({ id }) => prefix + id);
    const read = await store.load(ids);
    expect(read.map((stored) => stored?.document)).toEqual(ids.map((id) => model.get(id)));
    const wishes = changes.map(({ id, basis, document }, n) => ({
      id: prefix + id,
      document,
      from: from(basis, read[n], outdated.get(prefix + id)),
    }));
    const changed = new Set<string>();
    const expected = wishes.map((wish, n) => {
      const stored = !changed.has(wish.id) && wish.from === read[n]?.version;
      if (stored) {
        changed.add(wish.id);
        model.set(wish.id, wish.document);
        outdated.set(wish.id, read[n]?.version ?? 'never');
      }
      return stored;
    });
    expect(await store.save(wishes)).toEqual(expected);
  }
}

function from(basis: string, read: StoredText | undefined, outdated: string | undefined): string | undefined {
  if (basis === 'stranger') return undefined;
  return basis === 'fresh' ? read?.version : (outdated ?? 'never');
}

async function countUp(store: TextStore, id: string, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const [stored] = await store.load([id]);
    const [saved] = await store.save([{ id, from: stored?.version, document: String(Number(stored?.document) + 1) }]);
    if (saved) done += 1;
  }
}

function versionOf(stored: StoredText | undefined): string {
  expect(stored).toBeDefined();
  return stored?.version ?? '';
}
