import { setTimeout as delay } from 'node:timers/promises';
import { Overloaded, StoreUnavailable } from '../errors.js';
import type { DocumentChange, StoredDocument, VisitorStore } from '../stores/visitor-store.js';
import { decode, encode, type VisitorDocument } from './codec.js';
import type { Memory, MemoryEvent, Retention } from './memory.js';
import { remember, type Remembered } from './remember.js';

/** What became of an event: stored now, or known already. */
export interface Recorded {
  readonly memoryId: string;
  readonly duplicate: boolean;
}

interface Job {
  readonly event: MemoryEvent;
  readonly resolve: (recorded: Recorded) => void;
  readonly reject: (error: Error) => void;
}

/** The most events of one round: large enough to share a commit, small enough to keep the loop free. */
const ROUND_SIZE = 500;
const MAX_WAITING = 50_000;
const MAX_ATTEMPTS = 50;

/**
 * Writes events into memories. All that wait are taken together: one read, one fold, one compare-and-set for every
 * visitor among them. Where another process was quicker, the round is done again on what it wrote.
 */
export class VisitorWriter {
  private waiting: Job[] = [];
  private working = false;

  constructor(
    private readonly store: VisitorStore,
    private readonly retention: Retention,
    private readonly now: () => number = Date.now,
  ) {}

  /** Resolves when every event is stored, in the order given; rejects where the store fails: then it may be sent again. */
  async write(events: readonly MemoryEvent[]): Promise<Recorded[]> {
    if (this.waiting.length + events.length > MAX_WAITING) throw new Overloaded(`More than ${MAX_WAITING} events wait to be stored.`);
    const promises = events.map((event) => new Promise<Recorded>((resolve, reject) => this.waiting.push({ event, resolve, reject })));
    if (!this.working) void this.work();
    return settle(promises);
  }

  private async work(): Promise<void> {
    this.working = true;
    // Let everything that came in with this turn of the event loop join the round.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const round = this.waiting.slice(0, ROUND_SIZE);
      this.waiting = this.waiting.slice(ROUND_SIZE);
      await this.finish(round);
    }
    this.working = false;
  }

  private async finish(jobs: readonly Job[]): Promise<void> {
    let left = jobs;
    try {
      for (let attempt = 0; left.length > 0; attempt++) {
        if (attempt === MAX_ATTEMPTS) throw new Overloaded('Other processes keep writing to the same visitors.');
        if (attempt > 2) await delay(Math.random() * Math.min(100, 2 ** attempt));
        left = await this.attempt(left);
      }
    } catch (error) {
      const failure = error instanceof Error ? error : new StoreUnavailable(String(error));
      for (const job of left) job.reject(failure);
    }
  }

  /** Returns the jobs whose visitors were written by someone else in the meantime. */
  private async attempt(jobs: readonly Job[]): Promise<readonly Job[]> {
    const stored = await this.load(jobs);
    const documents = new Map([...stored].map(([id, one]) => [id, decode(one.document)] as const));
    const events = jobs.map((job) => job.event);
    const remembered = remember({ documents, events, now: this.now(), retention: this.retention });
    const lost = await this.save(remembered, stored);
    const again: Job[] = [];
    for (const [index, job] of jobs.entries()) {
      const outcome = remembered.outcomes[index];
      if (!outcome || lost.has(outcome.memoryId)) again.push(job);
      else job.resolve(outcome);
    }
    return again;
  }

  /** The documents of all ids of the events, and of the ids that they point at. */
  private async load(jobs: readonly Job[]): Promise<Map<string, StoredDocument>> {
    const found = new Map<string, StoredDocument>();
    let wanted = new Set(jobs.flatMap(({ event }) => [event.userId, event.anonymousId]).filter((id) => id !== undefined));
    while (wanted.size > 0) {
      const ids = [...wanted];
      const stored = await this.store.load(ids);
      wanted = new Set();
      for (const [index, id] of ids.entries()) {
        const one = stored[index];
        if (!one) continue;
        found.set(id, one);
        const target = aliasTarget(decode(one.document));
        if (target !== undefined && !found.has(target)) wanted.add(target);
      }
    }
    return found;
  }

  /**
   * Memories first, and an alias only when the memory it points at is written: a crash in between leaves the device's
   * own memory where it was, and the next event joins it again, which adds nothing twice.
   */
  private async save({ memories, aliases }: Remembered, stored: ReadonlyMap<string, StoredDocument>): Promise<Set<string>> {
    const change = (id: string, document: VisitorDocument): DocumentChange => ({ id, from: stored.get(id)?.version, document: encode(document) });
    const first = [...memories].map(([id, memory]: [string, Memory]) => change(id, { kind: 'memory', memory }));
    const lost = await this.saveAll(first);
    const linked = [...aliases].filter(([, owner]) => !lost.has(owner));
    const lostAliases = await this.saveAll(linked.map(([id, of]) => change(id, { kind: 'alias', of })));
    for (const [id, owner] of linked) if (lostAliases.has(id)) lost.add(owner);
    return lost;
  }

  private async saveAll(changes: readonly DocumentChange[]): Promise<Set<string>> {
    if (changes.length === 0) return new Set();
    const saved = await this.store.save(changes);
    return new Set(changes.filter((_change, index) => saved[index] !== true).map(({ id }) => id));
  }
}

function aliasTarget(document: VisitorDocument): string | undefined {
  return document.kind === 'alias' ? document.of : undefined;
}

/** Waits for all, then throws the first failure: no event of the list is still under way when the caller goes on. */
async function settle<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
