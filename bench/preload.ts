import type { Person } from './people.ts';

/** Where the visitors of a service lie. */
export interface StorePlace {
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
}

const AT_ONCE = 200;
const RETENTION = { keepInteractions: 500, keepDays: 90 };

/**
 * Remembers visitors in a store as the service would, by its own fold and its own codec, without the detour over HTTP.
 * Gives the mean length of their documents, in bytes.
 */
export async function preload(place: StorePlace, people: readonly Person[], now: number): Promise<number> {
  const { openStores } = (await built('stores/open-stores.js')) as typeof import('../src/stores/open-stores.js');
  const stores = await openStores({
    ...place,
    limitsWait: 0,
    redisTimeoutMs: 60_000,
    keepDecisions: 0,
    keepRejected: 0,
    keepDays: 0,
    keepRecorded: 0,
    keepRecordedDays: 0,
    keepRecordedBytes: 2 ** 50,
    keepDrafts: 1,
    keepDraftDays: 1,
  });
  let length = 0;
  try {
    for (let at = 0; at < people.length; at += AT_ONCE) {
      const changes = await Promise.all(
        people
          .slice(at, at + AT_ONCE)
          .map(async (person) => ({ id: person.id, from: undefined, document: await toDocument(person, now) })),
      );
      const saved = await stores.visitors.save(changes);
      if (saved.includes(false)) throw new Error('the store was not empty');
      length += changes.reduce((sum, { document }) => sum + document.length, 0);
    }
  } finally {
    await stores.close();
  }
  return length / people.length;
}

async function toDocument({ id, traits, deeds }: Person, now: number): Promise<Uint8Array> {
  const { apply, emptyMemory } = (await built(
    'visitors/memory/memory.js',
  )) as typeof import('../src/visitors/memory/memory.js');
  const { encode } = (await built(
    'visitors/documents/codec.js',
  )) as typeof import('../src/visitors/documents/codec.js');
  const whose = { userId: id, anonymousId: undefined };
  const said = {
    kind: 'traits',
    source: 'identify',
    ...whose,
    messageId: undefined,
    timestamp: now,
    arrival: 0,
    traits,
  } as const;
  const did = deeds.map((deed, at) => ({ kind: 'interaction', ...whose, arrival: at + 1, ...deed }) as const);
  const { memory } = apply(emptyMemory(id), [said, ...did], now, RETENTION);
  return encode({ kind: 'memory', memory });
}

/** A module of the product as it ships. By a name made here, as the compiler must not look for types beside it. */
function built(path: string): Promise<unknown> {
  return import(new URL(`../dist/${path}`, import.meta.url).href);
}
