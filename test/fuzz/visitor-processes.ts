/**
 * Several processes over one store, made to take turns as a seed says, document by document, and to die between any
 * two: a process that died sends again what was not acknowledged, as clients do.
 */
import { seeded } from '../../bench/random.ts';
import type { StoredDocument, DocumentChange } from '../../src/stores/visitor-store.js';
import type { MemoryEvent } from '../../src/visitors/memory/memory-event.js';
import type { VisitorLimits } from '../../src/visitors/memory/limits.js';
import type { Memory, Retention } from '../../src/visitors/memory/memory.js';
import { NOW } from '../arbitraries/visitor-events.ts';
import type { Visitors } from './product.ts';

/** More attempts at one batch than any run needs: beyond that the processes keep each other from working. */
const MAX_ATTEMPTS = 100;

/** Who tells what, and the seed of whose turn it is. */
export interface Play {
  /** Of each process, the batches it gets, one after the other. */
  readonly processes: readonly (readonly (readonly MemoryEvent[])[])[];
  /** How likely a process dies at each turn. */
  readonly dying: number;
  /** Undefined for undisturbed work, one after the other. */
  readonly seed: number | undefined;
  readonly retention: Retention;
}

/** A store in memory where every look and every change waits for its turn. */
export class SharedStore {
  readonly stored = new Map<string, StoredDocument>();
  private versions = 0;
  turn: () => Promise<void>;

  constructor(turn: () => Promise<void>) {
    this.turn = turn;
  }

  partOf(): undefined {
    return undefined;
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    const found: (StoredDocument | undefined)[] = [];
    for (const id of ids) {
      await this.turn();
      found.push(this.stored.get(id));
    }
    return found;
  }

  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    const saved: boolean[] = [];
    for (const change of changes) {
      await this.turn();
      const { id, from, to = String(++this.versions) } = change;
      const before = this.stored.get(id);
      const isDue = before?.version === from;
      const document =
        'append' in change ? Buffer.concat([before?.document ?? Buffer.of(), change.append]) : change.document;
      if (isDue && document) this.stored.set(id, { version: to, document });
      else if (isDue) this.stored.delete(id);
      saved.push(isDue);
    }
    return saved;
  }

  async setAside(id: string): Promise<boolean> {
    throw new Error(`${id} can't be read`);
  }

  async ping(): Promise<void> {}
  async close(): Promise<void> {}
}

/**
 * Plays to the end, when those that were refused are sent again, as from a dead-letter list; the store as it is then.
 */
export async function play(visitors: Visitors, { processes, ...how }: Play): Promise<SharedStore> {
  const refused: MemoryEvent[] = [];
  const tellIn = (store: SharedStore, found: Found) => async (batch: readonly MemoryEvent[]) =>
    void refused.push(...(await tellUntilStored(visitors, store, batch, { ...how, found })));
  const store = await takeTurns(
    (shared) =>
      processes.map((batches) => {
        const tell = tellIn(shared, foundBy(visitors));
        return batches.map((batch) => () => tell(batch));
      }),
    how,
  );
  await tellUntilStored(visitors, store, refused, how);
  return store;
}

/** What each of some processes does, one after the other, in a store. */
type Tasks = (store: SharedStore) => readonly (readonly (() => Promise<void>)[])[];

/** Whose turn it is, and what was before anybody had one. */
interface Turns extends Pick<Play, 'seed' | 'dying'> {
  readonly before?: (store: SharedStore) => Promise<void>;
}

/** Has processes take turns to the end; the store as it is then. A task may {@link CRASH} at any turn. */
export async function takeTurns(tasks: Tasks, { seed, dying, before }: Turns): Promise<SharedStore> {
  const waiting: { resolve: () => void; reject: (why: unknown) => void }[] = [];
  const random = seeded(seed ?? 0);
  const store = new SharedStore(atOnce);
  await before?.(store);
  if (seed !== undefined) store.turn = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const processes = tasks(store);
  let running = processes.length;
  const ended = processes.map(async (process) => {
    for (const task of process) await task();
    running--;
  });
  const failed = Promise.all(ended);
  failed.catch(() => (running = 0));
  while (running > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const [one] = waiting.splice(Math.floor(random() * waiting.length), 1);
    if (random() < dying) one?.reject(CRASH);
    else one?.resolve();
  }
  await failed;
  store.turn = atOnce;
  return store;
}

/** One process alone, nothing between. */
export function tellAll(
  visitors: Visitors,
  batches: readonly (readonly MemoryEvent[])[],
  retention: Retention,
): Promise<SharedStore> {
  return play(visitors, { processes: [batches], seed: undefined, dying: 0, retention });
}

/** Everybody in a store by each of their ids, as they are looked up, with what is retained of them. */
export async function everybody(
  { findDocument, CorruptDocuments, decode, apply }: Visitors,
  store: SharedStore,
  retention: Retention,
): Promise<Map<string, Memory>> {
  const people = new Map<string, Memory>();
  const memories = new Map<string, Memory>();
  for (const id of store.stored.keys()) {
    const found = await findDocument(id, store, new CorruptDocuments(store));
    // Where an event was refused in the end, a device may be left with somebody of whom nothing is known.
    if (!found) continue;
    const document = decode(found.stored.document);
    if (document.kind === 'memory')
      memories.set(found.id, memories.get(found.id) ?? apply(document.memory, [], NOW, retention).memory);
    people.set(id, memories.get(found.id) as Memory);
  }
  return people;
}

/** Ids that do not lead to their memory in one step, and what they do lead to. */
export function detours({ decode }: Visitors, { stored }: SharedStore): string[] {
  const pointers = [...stored].map(([id, { document }]) => [id, decode(document)] as const);
  const homes = new Set(
    pointers.flatMap(([id, document]) =>
      document.kind === 'memory' && document.memory.joining === undefined ? [id] : [],
    ),
  );
  return pointers.flatMap(([id, document]) => {
    const next = document.kind === 'alias' ? document.of : (document.memory.joining ?? id);
    const isStraight = homes.has(next) && (document.kind === 'alias' || document.memory.joining === undefined);
    return isStraight || !stored.has(next) ? [] : [`${id} -> ${next}`];
  });
}

/** What is thrown where a process dies. */
export const CRASH = 'crash';
const atOnce = async (): Promise<void> => undefined;

/** How large people may become is tried elsewhere. */
const NO_LIMITS: VisitorLimits = {
  eventNames: Infinity,
  traits: Infinity,
  traitLength: Infinity,
  consents: Infinity,
  ids: Infinity,
  contactOffers: Infinity,
  fullBytes: Infinity,
  properties: Infinity,
  propertiesLength: Infinity,
};

/** What a process has found out about visitors, until it dies. */
export interface Found {
  glances: InstanceType<Visitors['Glances']>;
}

/** Of a process that has seen nobody yet. */
export function foundBy({ Glances }: Visitors): Found {
  return { glances: new Glances() };
}

/** Who tells events, and what is retained of them. */
interface Telling {
  readonly retention: Retention;
  /** Nobody who has seen anybody, where it is absent. */
  readonly found?: Found;
}

/** Tells events, again after each death; gives which of them were refused. */
export async function tellUntilStored(
  visitors: Visitors,
  store: SharedStore,
  batch: readonly MemoryEvent[],
  { retention, found = foundBy(visitors) }: Telling,
): Promise<MemoryEvent[]> {
  const { writeRound, CorruptDocuments } = visitors;
  const options = {
    store,
    retention,
    limits: NO_LIMITS,
    corrupt: new CorruptDocuments(store),
    now: () => NOW,
    isErased: async () => false,
  };
  const refused: MemoryEvent[] = [];
  let left = batch.map((event) => ({ event, stored: false, unfinished: [] as readonly string[] }));
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === MAX_ATTEMPTS) throw new Error(`not stored after ${MAX_ATTEMPTS} attempts`);
    try {
      const { outcomes } = await writeRound(left, { ...options, ...found });
      refused.push(...left.filter((_job, index) => outcomes[index]?.refused !== undefined).map(({ event }) => event));
      left = left.filter((_job, index) => outcomes[index] === undefined);
    } catch (error) {
      if (error !== CRASH) throw error;
      Object.assign(found, foundBy(visitors));
      left = batch.map((event) => ({ event, stored: false, unfinished: [] as readonly string[] }));
    }
  }
  return refused;
}
