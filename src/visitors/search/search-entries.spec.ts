import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { USUAL_SEARCH } from '../../engine/visitor/search-policy.js';
import { type IndexChange, SearchIndex } from '../../stores/search-index.js';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteSearchIndex } from '../../stores/sqlite/sqlite-search-index.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import { type DocumentChange, VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { IndexRecords } from './index-records.js';
import { IndexedStore } from './indexed-store.js';
import { SearchEntries } from './search-entries.js';
import { SearchKeys, termOf } from './search-keys.js';

const keys = new SearchKeys('a secret of the tests');
let database: SqliteDatabase;
let store: SqliteVisitorStore;
let index: SqliteSearchIndex;

beforeEach(() => {
  database = SqliteDatabase.open(':memory:');
  store = new SqliteVisitorStore(database);
  index = new SqliteSearchIndex(database);
});
afterEach(() => database.close());

const documentOf = (id: string, email: string | undefined): Uint8Array => {
  const word = { value: email ?? null, source: 'api', at: 1, arrival: 1 };
  return encode({ kind: 'memory', memory: { ...emptyMemory(id), traits: { email: word } } });
};

/** What a process does with the stores, each of whose commands takes a while, as `turns` says. */
function processOf(turns: () => number) {
  const wait = async () => {
    for (let left = turns(); left > 0; left--) await nextTurn();
  };
  const slowly = new SlowIndex(index, wait);
  const documents = new SlowStore(store, wait);
  const options = { index: slowly, store: documents, keys: () => Promise.resolve(keys), policy: () => USUAL_SEARCH };
  const entries = new SearchEntries(options);
  const indexed = new IndexedStore(documents);
  indexed.entries = entries;
  const records = new IndexRecords(entries, documents);
  return {
    entries,
    records,
    /** As whoever writes does: from what was read, and once more where another was quicker. */
    async write(id: string, email: string | undefined, knowsWas: boolean): Promise<void> {
      for (;;) {
        const [stored] = await documents.load([id]);
        const was = knowsWas ? stored?.document : undefined;
        const change = { id, from: stored?.version, was, document: documentOf(id, email) };
        if ((await indexed.save([change]))[0]) return;
      }
    },
    /** As the eraser does: the document first. */
    async erase(id: string): Promise<void> {
      for (;;) {
        const [stored] = await documents.load([id]);
        if (!stored || (await documents.save([{ id, from: stored.version, document: undefined }]))[0]) break;
      }
      await records.erase([id]);
    },
  };
}

async function walk(records: IndexRecords): Promise<void> {
  const steps = records.forgetOld();
  while (!(await steps.next()).done) continue;
}

/** What the documents are to be found by, and what they are found by. */
async function dueAndThere(ids: readonly string[]) {
  const documents = await store.load(ids);
  const { entries } = processOf(() => 0);
  const due = await Promise.all(documents.map((one) => entries.keysOf(one?.document)));
  const noted = await index.keysOf(ids);
  return { due: due.map((one) => [...one].sort()), there: noted.map((one) => one.toSorted()) };
}

const IDS = ['ann', 'bob'];
const emails = fc.constantFrom(undefined, 'a@example.com', 'b@example.com', 'c@example.com');
const step = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    id: fc.constantFrom(...IDS),
    email: emails,
    knowsWas: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('erase' as const, 'walk' as const), id: fc.constantFrom(...IDS) }),
);

describe('the index beside the documents', () => {
  test('misses nobody and leads to nobody, however many processes write, erase and walk at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat({ max: 4 })),
        async (processes, waits) => {
          await Promise.all(
            processes.map(async (steps) => {
              const one = processOf(() => waits.next().value ?? 0);
              for (const said of steps) {
                if (said.kind === 'write') await one.write(said.id, said.email, said.knowsWas);
                else if (said.kind === 'erase') await one.erase(said.id);
                else await walk(one.records);
              }
            }),
          );
          const first = await dueAndThere(IDS);
          for (const [at, due] of first.due.entries()) expect(first.there[at]).toEqual(expect.arrayContaining(due));
          await walk(processOf(() => 0).records);
          const { due, there } = await dueAndThere(IDS);
          expect(there).toEqual(due);
          const left = processOf(() => 0);
          for (const id of IDS) await left.erase(id);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is made right of what a process left that died between any two steps', async () => {
    const { write, records, entries } = processOf(() => 0);
    await write('ann', 'a@example.com', true);
    const stray = keys.of(termOf('email', 'server', 'b@example.com'));
    // Put, and not saved; of somebody who is gone; and saved, but not put.
    await index.change({ put: ['ann', 'nobody'].map((id) => ({ id, key: stray })), take: [] });
    await store.save([{ id: 'bob', from: undefined, document: documentOf('bob', 'c@example.com') }]);
    await walk(records);
    await entries.settle(IDS, await store.load(IDS));
    const { due, there } = await dueAndThere([...IDS, 'nobody']);
    expect([there, there.map(({ length }) => length)]).toEqual([due, [1, 1, 0]]);
  });

  test('asks nothing of the index where nothing is said of traits', async () => {
    const asked: string[] = [];
    const { entries } = processOf(() => 0);
    const indexed = new IndexedStore(store);
    indexed.entries = new Proxy(entries, {
      get: (target, name) => {
        asked.push(String(name));
        return Reflect.get(target, name) as unknown;
      },
    });
    const first = documentOf('ann', 'a@example.com');
    await indexed.save([{ id: 'ann', from: undefined, document: first }]);
    asked.length = 0;
    const [stored] = await store.load(['ann']);
    const interaction = { event: 'Seen', timestamp: 1, arrival: 1, channel: 'web', properties: {}, messageId: 'm' };
    const word = { value: 'a@example.com', source: 'api', at: 1, arrival: 1 };
    const memory = { ...emptyMemory('ann'), traits: { email: word }, interactions: [interaction] };
    const document = encode({ kind: 'memory', memory });
    const change = { id: 'ann', from: stored?.version, was: first, document };
    expect(await indexed.save([change])).toEqual([true]);
    expect(asked).toEqual([]);
  });
});

class SlowIndex extends SearchIndex {
  constructor(
    private readonly of: SearchIndex,
    private readonly wait: () => Promise<void>,
  ) {
    super();
  }

  async find(key: string, limit: number) {
    await this.wait();
    return this.of.find(key, limit);
  }

  async keysOf(ids: readonly string[]) {
    await this.wait();
    return this.of.keysOf(ids);
  }

  async change(change: IndexChange) {
    await this.wait();
    return this.of.change(change);
  }

  ids(from?: string) {
    return this.of.ids(from);
  }

  coverage() {
    return this.of.coverage();
  }

  cover(what: string) {
    return this.of.cover(what);
  }
}

class SlowStore extends VisitorStore {
  constructor(
    private readonly of: VisitorStore,
    private readonly wait: () => Promise<void>,
  ) {
    super();
  }

  async load(ids: readonly string[]) {
    await this.wait();
    return this.of.load(ids);
  }

  async save(changes: readonly DocumentChange[]) {
    await this.wait();
    return this.of.save(changes);
  }

  setAside(id: string, stored: { readonly version: string; readonly document: Uint8Array }) {
    return this.of.setAside(id, stored);
  }
}
