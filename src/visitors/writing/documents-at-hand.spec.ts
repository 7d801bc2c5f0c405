import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import type { StoredDocument } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { CorruptDocuments } from './corrupt-documents.js';
import { DocumentsAtHand } from './documents-at-hand.js';

class CountingStore extends SqliteVisitorStore {
  readonly asked: string[] = [];

  override load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    this.asked.push(...ids);
    return super.load(ids);
  }
}

describe('documents at hand', () => {
  let database: SqliteDatabase;
  let store: CountingStore;
  let documents: DocumentsAtHand;
  const bytes = (text: string) => Buffer.from(text);
  const pointer = (of: string) => encode({ kind: 'alias', of });
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    store = new CountingStore(database);
    documents = new DocumentsAtHand(store, new CorruptDocuments(store));
  });
  afterEach(() => database.close());

  test('are asked for once, strangers too', async () => {
    expect(await documents.load(['a', 'b', 'a'])).toEqual([undefined, undefined, undefined]);
    await documents.load(['b', 'c']);
    expect(store.asked).toEqual(['a', 'b', 'c']);
  });

  test('are as the store has them after each change, without another look', async () => {
    await documents.load(['a']);
    await documents.save([{ id: 'a', document: bytes('one') }]);
    const behind = documents.get('a');
    if (!behind) throw new Error('it is not at hand');
    expect(await documents.save([{ id: 'a', from: behind.version, behind, append: bytes(', two') }])).toEqual([true]);
    expect(documents.get('a')).toMatchObject({ document: bytes('one, two') });
    const [{ version, document } = { version: '', document: bytes('') }] = await store.load(['a']);
    expect([version, Buffer.from(document)]).toEqual([documents.get('a')?.version, documents.get('a')?.document]);
    expect(await documents.save([{ id: 'a', document: bytes('three') }])).toEqual([true]);
  });

  test('are read again where somebody else was quicker', async () => {
    await documents.read(['a']);
    await store.save([{ id: 'a', from: undefined, document: pointer('theirs') }]);
    expect(await documents.save([{ id: 'a', document: pointer('ours') }])).toEqual([false]);
    expect(documents.get('a')).toBeUndefined();
    expect((await documents.read(['a'])).get('a')).toEqual({ kind: 'alias', of: 'theirs' });
  });

  test('say what was written last', async () => {
    const memory = emptyMemory('a');
    await documents.read(['a']);
    await documents.save([{ id: 'a', document: encode({ kind: 'memory', memory }) }]);
    expect((await documents.read(['a'])).get('a')).toEqual({ kind: 'memory', memory });
  });

  test('are nobody’s where they could not be read, and begun anew', async () => {
    await store.save([{ id: 'a', from: undefined, document: bytes('junk') }]);
    expect((await documents.read(['a'])).get('a')).toBeUndefined();
    expect(await documents.save([{ id: 'a', document: pointer('b') }])).toEqual([true]);
  });
});
