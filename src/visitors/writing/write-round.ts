import type { DocumentChange, StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { additionOf, homeIn, pointerIn } from './append-events.js';
import { encode, type VisitorDocument } from '../documents/codec.js';
import type { CorruptDocuments } from './corrupt-documents.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import type { Retention } from '../memory/memory.js';
import { idsIn } from './people.js';
import { remember, type Outcome, type Remembered } from './remember.js';

/** An event on its way into a memory. */
export interface Pending {
  readonly event: MemoryEvent;
  /** In an attempt that did not come to its end; it is no duplicate of itself. */
  stored: boolean;
  /** Ids whose documents such an attempt did not get to write. */
  unfinished: readonly string[];
}

/** Documents by id as they were read; undefined for a stranger. */
type Stored = Map<string, StoredDocument | undefined>;

/** What attempts are made with. */
export interface WriteRoundOptions {
  readonly store: VisitorStore;
  readonly retention: Retention;
  readonly corrupt: CorruptDocuments;
  readonly now: () => number;
}

/**
 * One attempt at storing events: reads, folds, and a compare-and-set for every document. Undefined for those to be
 * tried again: their visitors were written by someone else in the meantime, or are being joined.
 */
export async function writeRound(
  jobs: readonly Pending[],
  options: WriteRoundOptions,
): Promise<(Outcome | undefined)[]> {
  const stored = await loadAround(jobs, options.store);
  const appended = await append(jobs, stored, options);
  const rest = jobs.filter((job) => !appended.has(job));
  const outcomes = new Map(rest.length === 0 ? [] : await rewrite(rest, stored, options));
  return jobs.map((job) => appended.get(job) ?? outcomes.get(job));
}

/** The documents of the ids in the events, and those that they point at. */
async function loadAround(jobs: readonly Pending[], store: VisitorStore): Promise<Stored> {
  const stored: Stored = new Map();
  const load = async (ids: readonly string[]) => {
    const loaded = await store.load(ids);
    for (const [index, id] of ids.entries()) stored.set(id, loaded[index]);
  };
  await load([...new Set(jobs.flatMap(({ event }) => idsIn(event)))]);
  const pointers = [...stored.values()]
    .map((one) => one && pointerIn(one))
    .filter((id) => id !== undefined && !stored.has(id));
  if (pointers.length > 0) await load([...new Set(pointers as string[])]);
  return stored;
}

/** Adds events to the documents that need not change otherwise. What it has tried is told; where it lost, undefined. */
async function append(
  jobs: readonly Pending[],
  stored: Stored,
  { store, retention, now }: WriteRoundOptions,
): Promise<Map<Pending, Outcome | undefined>> {
  const changes: { readonly home: string; readonly told: readonly Pending[]; readonly change: DocumentChange }[] = [];
  for (const [home, told] of Map.groupBy(jobs, (job) => homeIn(job.event, stored))) {
    const before = home === undefined ? undefined : stored.get(home);
    if (home === undefined || !before || told.some((job) => job.stored || job.unfinished.length > 0)) continue;
    const addition = additionOf(
      before.document,
      told.map((job) => job.event),
      retention,
      now(),
    );
    if (addition) changes.push({ home, told, change: { id: home, from: before.version, ...addition } });
  }
  // Additions side by side are one command of the store.
  changes.sort((a, b) => Number('document' in a.change) - Number('document' in b.change));
  const saved = changes.length > 0 ? await store.save(changes.map(({ change }) => change)) : [];
  // Whoever looks at them next must read them again.
  for (const { home } of changes) stored.delete(home);
  return new Map(
    changes.flatMap(({ home, told }, at) =>
      told.map((job) => [job, saved[at] === true ? { memoryId: home, duplicate: false } : undefined] as const),
    ),
  );
}

/** Reads, folds, and writes whole documents. */
async function rewrite(
  jobs: readonly Pending[],
  stored: Stored,
  options: WriteRoundOptions,
): Promise<(readonly [Pending, Outcome | undefined])[]> {
  const { remembered, versions } = await readAndRemember(jobs, stored, options);
  const { lost, written } = await save(remembered, versions, options.store);
  return jobs.map((job, index) => {
    const outcome = remembered.outcomes[index];
    if (!outcome) return [job, undefined];
    if (written.has(outcome.memoryId) && !outcome.duplicate) job.stored = true;
    job.unfinished = lost.get(outcome.memoryId) ?? [];
    if (lost.has(outcome.memoryId) || remembered.pending.has(outcome.memoryId)) return [job, undefined];
    return [job, job.stored ? { ...outcome, duplicate: false } : outcome];
  });
}

/** What was read. */
interface Read {
  readonly stored: Stored;
  readonly documents: Map<string, VisitorDocument | undefined>;
  readonly versions: Map<string, string>;
}

/** Reads the documents of the ids in the events, then those that turn out to matter, until nothing is missing. */
async function readAndRemember(
  jobs: readonly Pending[],
  stored: Stored,
  options: WriteRoundOptions,
): Promise<{ remembered: Remembered; versions: Read['versions'] }> {
  const read: Read = { stored, documents: new Map(), versions: new Map() };
  const events = jobs.map((job) => job.event);
  const unfinished = [...new Set(jobs.flatMap((job) => job.unfinished))];
  for (let needs: ReadonlySet<string> = new Set(events.flatMap(idsIn)); ;) {
    await readInto(read, [...needs], options);
    const remembered = remember({
      documents: read.documents,
      events,
      unfinished,
      now: options.now(),
      retention: options.retention,
    });
    if (remembered.needs.size === 0) return { remembered, versions: read.versions };
    needs = remembered.needs;
  }
}

async function readInto(
  { stored, documents, versions }: Read,
  ids: readonly string[],
  { store, corrupt }: WriteRoundOptions,
): Promise<void> {
  const missing = ids.filter((id) => !stored.has(id));
  const loaded = missing.length > 0 ? await store.load(missing) : [];
  for (const [index, id] of missing.entries()) stored.set(id, loaded[index]);
  for (const id of ids) {
    const one = stored.get(id);
    const document = one && (await corrupt.decodeOrSetAside(id, one));
    documents.set(id, document);
    if (one && document) versions.set(id, one.version);
  }
}

/**
 * A crash between the steps leaves nothing lost or doubled: each makes sense without the next, and the next event of
 * the person goes on from there. `lost` has the memories that not all could be written for, with the ids of what could
 * not.
 */
async function save(
  { steps }: Remembered,
  versions: Read['versions'],
  store: VisitorStore,
): Promise<{ lost: ReadonlyMap<string, readonly string[]>; written: ReadonlySet<string> }> {
  const lost = new Map<string, string[]>();
  const written = new Set<string>();
  for (const step of steps) {
    const changes = [...step].filter(([id, document]) => !lost.get(homeOf(document))?.push(id));
    if (changes.length === 0) continue;
    const saved = await store.save(
      changes.map(([id, document]) => ({ id, from: versions.get(id), document: encode(document) })),
    );
    for (const [index, [id, document]] of changes.entries()) {
      if (saved[index] !== true) lost.set(homeOf(document), [...(lost.get(homeOf(document)) ?? []), id]);
      else if (document.kind === 'memory' && document.memory.joining === undefined) written.add(id);
    }
  }
  return { lost, written };
}

/** The memory for whose sake a document is written. */
function homeOf(document: VisitorDocument): string {
  return document.kind === 'alias' ? document.of : (document.memory.joining ?? document.memory.id);
}
