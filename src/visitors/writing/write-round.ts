import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VisitorStore } from '../../stores/visitor-store.js';
import { addBehind, type AddingOptions, type AtHand } from './add-behind.js';
import { pointerIn } from '../behind/append-events.js';
import type { Glance } from '../behind/glance.js';
import { Glances } from '../behind/glances.js';
import { encode, type VisitorDocument } from '../documents/codec.js';
import { DocumentsAtHand } from './documents-at-hand.js';
import { finishParting, type PartingOptions } from './finish-parting.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { idsIn } from '../memory/ids.js';
import { remember, type Outcome, type Remembered } from './remember.js';

/** An event on its way into a memory. */
export interface Pending {
  readonly event: MemoryEvent;
  /** An id that somebody looks at afterwards: its documents are read along. */
  readonly besides?: string | undefined;
  /** In an attempt that did not come to its end; it is no duplicate of itself. */
  stored: boolean;
  /** Ids whose documents such an attempt did not get to write. */
  unfinished: readonly string[];
}

/** What attempts are made with. */
export interface WriteRoundOptions extends AddingOptions, PartingOptions {
  readonly store: VisitorStore;
  /** What earlier rounds of this process found out about visitors; nothing where it is absent. */
  readonly glances?: Glances;
  /**
   * So many times events are folded that wait for what was written just before, as joins do; as often as there is
   * something to wait for where it is absent.
   */
  readonly mostFolds?: number;
}

/** What a round came to. */
export interface WrittenRound {
  /**
   * Of each event; undefined where somebody else wrote to the same visitor in the meantime: it is to be tried again.
   */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** Events that go on waiting, as they have been folded as often as may be. They have no outcome. */
  readonly waiting: ReadonlySet<Pending>;
  /** The documents that were read, as they are after what was written. */
  readonly documents: DocumentsAtHand;
}

/**
 * Stores events, each in one place and once: reads whom they are about, tells who only gets more behind their document
 * from who must be looked at more closely, and writes every document from the state that was read.
 */
export async function writeRound(jobs: readonly Pending[], options: WriteRoundOptions): Promise<WrittenRound> {
  const atHand = await readAround(jobs, options);
  const added = await addBehind(jobs, atHand, options);
  const closer = jobs.filter((job) => !added.has(job));
  const folded = await fold(closer, atHand, options);
  const outcomes = jobs.map((job) => added.get(job) ?? folded.outcomes.get(job));
  return { outcomes, waiting: folded.waiting, documents: atHand.documents };
}

/**
 * The documents of the ids in the events and besides them, and those that they point at: all of them where somebody
 * looks at what is besides, else those of which there is no glance.
 */
async function readAround(
  jobs: readonly Pending[],
  { store, corrupt, glances = new Glances() }: WriteRoundOptions,
): Promise<AtHand> {
  const documents = new DocumentsAtHand(store, corrupt);
  const glanced = new Map<string, Glance>();
  const isGlanced = (id: string) => {
    const glance = glances.areTrusted ? glances.get(id) : undefined;
    if (glance) glanced.set(id, glance);
    return glance !== undefined;
  };
  const all = jobs.flatMap(({ event, besides }) => (besides === undefined ? [] : [...idsIn(event), besides]));
  const some = jobs.flatMap(({ event, besides }) => (besides === undefined ? idsIn(event) : []));
  const stored = await documents.load([...all, ...some.filter((id) => !isGlanced(id))]);
  const pointers = stored.map((one) => one && pointerIn(one)).filter((id) => id !== undefined);
  await documents.load(all.length > 0 ? pointers : pointers.filter((id) => !isGlanced(id)));
  return { documents, glances, glanced };
}

/**
 * Folds events into memories and writes whole documents. Who is to be joined is first made ready for it: then the same
 * events are folded again, on what was written.
 */
async function fold(
  jobs: readonly Pending[],
  { documents, glances }: AtHand,
  options: WriteRoundOptions,
): Promise<{ readonly outcomes: Map<Pending, Outcome>; readonly waiting: ReadonlySet<Pending> }> {
  const { mostFolds = Infinity } = options;
  const outcomes = new Map<Pending, Outcome>();
  let left = jobs;
  for (let folds = 0; left.length > 0 && folds < mostFolds; folds++) {
    // SQLite is read in the same turn of the event loop: others are served in between.
    if (folds > 0) await nextTurn();
    const remembered = await readAndRemember(left, documents, options);
    const saved = await save(remembered, documents, glances);
    const waiting: Pending[] = [];
    for (const [index, job] of left.entries()) {
      const outcome = remembered.outcomes[index];
      if (!outcome) continue;
      const isPending = remembered.pending.has(outcome.memoryId);
      if (saved.lost.has(outcome.memoryId)) leaveUnfinished(job, outcome, { ...saved, isPending });
      else if (isPending) waiting.push(job);
      else outcomes.set(job, job.stored ? { ...outcome, duplicate: false } : outcome);
    }
    // Those who wait for nothing that was done now have the next attempt to wait for.
    left = saved.written.size > 0 ? waiting : [];
  }
  return { outcomes, waiting: new Set(left) };
}

/** Reads the documents of the ids in the events, then those that turn out to matter, until nothing is missing. */
async function readAndRemember(
  jobs: readonly Pending[],
  documents: DocumentsAtHand,
  options: WriteRoundOptions,
): Promise<Remembered> {
  const { now, retention, limits } = options;
  const events = jobs.map(({ event }) => event);
  const unfinished = [...new Set(jobs.flatMap((job) => job.unfinished))];
  const readAgain = new Set<string>();
  for (let needs: Iterable<string> = events.flatMap(idsIn); ;) {
    const read = await documents.read([...needs]);
    if (await finishPartings(read, documents, options)) continue;
    const left = whoMayHaveLeft(read).filter((id) => !readAgain.has(id));
    if (left.length > 0) {
      for (const id of left) readAgain.add(id);
      documents.drop(left);
      needs = [...needs, ...left];
      continue;
    }
    const bytesOf = (id: string): number => documents.get(id)?.document.length ?? 0;
    const remembered = remember({ documents: read, bytesOf, events, unfinished, now: now(), retention, limits });
    if (remembered.needs.size === 0) return remembered;
    needs = remembered.needs;
  }
}

/**
 * Ids that were read as pointing at somebody who was parted since, and does not have them: then they are read again. A
 * parting writes the pointers before it writes that memory, so they are as it left them.
 */
function whoMayHaveLeft(read: ReadonlyMap<string, VisitorDocument | undefined>): string[] {
  return [...read].flatMap(([id, one]) => {
    const home = one?.kind === 'alias' ? read.get(one.of) : undefined;
    if (home?.kind !== 'memory' || !home.memory.parted) return [];
    const { id: own, userIds, anonymousIds } = home.memory;
    return [own, ...userIds, ...anonymousIds].includes(id) ? [] : [id];
  });
}

/** Whether somebody was about to be parted, which is at its end now: then the documents are to be read again. */
async function finishPartings(
  read: ReadonlyMap<string, VisitorDocument | undefined>,
  documents: DocumentsAtHand,
  options: WriteRoundOptions,
): Promise<boolean> {
  const parting = [...read.values()].flatMap((one) => (one?.kind === 'memory' && one.memory.parting ? one.memory : []));
  let isAny = false;
  for (const { id, userIds, anonymousIds } of parting) {
    // Whoever is being erased is still one person, to whom the erasure finds more.
    if (!(await finishParting(id, options))) continue;
    documents.drop([id, ...userIds, ...anonymousIds]);
    isAny = true;
  }
  return isAny;
}

interface Saved {
  /** The memories that not all could be written for, with the ids of what could not. */
  readonly lost: ReadonlyMap<string, readonly string[]>;
  /** The ids of the documents that were written. */
  readonly written: ReadonlySet<string>;
}

/**
 * A crash between the steps leaves nothing lost or doubled: each makes sense without the next, and the next event of
 * the person goes on from there.
 */
async function save({ steps }: Remembered, documents: DocumentsAtHand, glances: Glances): Promise<Saved> {
  const lost = new Map<string, string[]>();
  const written = new Set<string>();
  for (const step of steps) {
    const changes = [...step].filter(([id, document]) => !lost.get(homeOf(document))?.push(id));
    glances.drop(step.keys());
    const saved = await documents.save(changes.map(([id, document]) => ({ id, document: encode(document) })));
    for (const [index, [id, document]] of changes.entries()) {
      if (saved[index] === true) written.add(id);
      else lost.set(homeOf(document), [...(lost.get(homeOf(document)) ?? []), id]);
    }
  }
  return { lost, written };
}

/** The memory for whose sake a document is written. */
function homeOf(document: VisitorDocument): string {
  return document.kind === 'alias' ? document.of : (document.memory.joining ?? document.memory.id);
}

/** What the next attempt must know of this one. What was written of a pending memory has no event in it yet. */
function leaveUnfinished(
  job: Pending,
  { memoryId, duplicate }: Outcome,
  { lost, written, isPending }: Saved & { readonly isPending: boolean },
): void {
  if (written.has(memoryId) && !isPending && !duplicate) job.stored = true;
  job.unfinished = lost.get(memoryId) ?? [];
}
