import type { StoredDocument, VisitorStore } from '../stores/visitor-store.js';
import { encode, type VisitorDocument } from './codec.js';
import type { CorruptDocuments } from './corrupt-documents.js';
import type { MemoryEvent, Retention } from './memory.js';
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

/** What attempts are made with. */
export interface WriteRoundOptions {
  readonly store: VisitorStore;
  readonly retention: Retention;
  readonly corrupt: CorruptDocuments;
  readonly now: () => number;
}

/** What was read. */
interface Read {
  readonly documents: Map<string, VisitorDocument | undefined>;
  readonly versions: Map<string, string>;
}

/**
 * One attempt at storing events: reads, folds, and a compare-and-set for every document. Undefined for those to be tried
 * again: their visitors were written by someone else in the meantime, or are being joined.
 */
export async function writeRound(jobs: readonly Pending[], options: WriteRoundOptions): Promise<(Outcome | undefined)[]> {
  const { remembered, versions } = await readAndRemember(jobs, options);
  const { lost, written } = await save(remembered, versions, options.store);
  return jobs.map((job, index) => {
    const outcome = remembered.outcomes[index];
    if (!outcome) return undefined;
    if (written.has(outcome.memoryId) && !outcome.duplicate) job.stored = true;
    job.unfinished = lost.get(outcome.memoryId) ?? [];
    if (lost.has(outcome.memoryId) || remembered.pending.has(outcome.memoryId)) return undefined;
    return job.stored ? { ...outcome, duplicate: false } : outcome;
  });
}

/** Reads the documents of the ids in the events, then those that turn out to matter, until nothing is missing. */
async function readAndRemember(jobs: readonly Pending[], options: WriteRoundOptions): Promise<{ remembered: Remembered; versions: Read['versions'] }> {
  const read: Read = { documents: new Map(), versions: new Map() };
  const events = jobs.map((job) => job.event);
  const unfinished = [...new Set(jobs.flatMap((job) => job.unfinished))];
  for (let needs: ReadonlySet<string> = new Set(events.flatMap(idsIn)); ; ) {
    await readInto(read, [...needs], options);
    const remembered = remember({ documents: read.documents, events, unfinished, now: options.now(), retention: options.retention });
    if (remembered.needs.size === 0) return { remembered, versions: read.versions };
    needs = remembered.needs;
  }
}

async function readInto({ documents, versions }: Read, ids: readonly string[], { store, corrupt }: WriteRoundOptions): Promise<void> {
  const stored = await store.load(ids);
  for (const [index, id] of ids.entries()) {
    const one: StoredDocument | undefined = stored[index];
    const document = one && (await corrupt.decodeOrSetAside(id, one));
    documents.set(id, document);
    if (one && document) versions.set(id, one.version);
  }
}

/**
 * A crash between the steps leaves nothing lost or doubled: each makes sense without the next, and the next event of the
 * person goes on from there. `lost` has the memories that not all could be written for, with the ids of what could not.
 */
async function save({ steps }: Remembered, versions: Read['versions'], store: VisitorStore): Promise<{ lost: ReadonlyMap<string, readonly string[]>; written: ReadonlySet<string> }> {
  const lost = new Map<string, string[]>();
  const written = new Set<string>();
  for (const step of steps) {
    const changes = [...step].filter(([id, document]) => !lost.get(homeOf(document))?.push(id));
    if (changes.length === 0) continue;
    const saved = await store.save(changes.map(([id, document]) => ({ id, from: versions.get(id), document: encode(document) })));
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
