import { setImmediate as nextTurn } from 'node:timers/promises';
import { Overloaded, StoreUnavailable } from '../../errors.js';
import { retryLostRaces } from '../../stores/retry-lost-races.js';
import type { VisitorStore } from '../../stores/visitor-store.js';
import { Glances } from '../behind/glances.js';
import { CorruptDocuments } from './corrupt-documents.js';
import { DocumentsAtHand } from './documents-at-hand.js';
import { finishParting } from './finish-parting.js';
import { grantAtOnce, type KnownDocument } from './grant-at-once.js';
import type { GrantEvent, MemoryEvent } from '../memory/memory-event.js';
import { USUAL_LIMITS } from '../memory/limits.js';
import type { Retention } from '../memory/memory.js';
import type { Outcome } from './remember.js';
import { idsIn } from '../memory/ids.js';
import { WriteCall, type Written } from './write-call.js';
import { writeRound, type Pending, type WriteRoundOptions } from './write-round.js';

/** What became of an event: stored now, known already, or refused. */
export type Recorded = Outcome;

interface Job extends Pending {
  readonly call: WriteCall;
  /** Its place in the call. */
  readonly at: number;
}

/** The most events of one round: large enough to share a commit, small enough to keep the loop free. */
const ROUND_SIZE = 500;
const MAX_WAITING = 50_000;
/** What a usual join takes. Who is joined with many, one by one, goes on beside the rounds of all others. */
const USUAL_FOLDS = 3;
const LOST_RACES = { because: 'Other processes keep writing to the same visitors.', atOnce: 3 };

/**
 * Writes events into memories. All that wait are taken together: one read, one fold, one compare-and-set for every
 * visitor among them. Where another process was quicker, the round is done again on what it wrote. Events that lie in
 * different parts of the store don't wait for each other, and a part that fails does so for its own alone.
 */
export class VisitorWriter {
  /** What waits for a round, by the parts of the store that it is about; the entry is there while one is under way. */
  private readonly waiting = new Map<string, Job[]>();
  private underWay = 0;
  /** What goes on beside the rounds, a call after the other. Never rejects. */
  private long: Promise<void> = Promise.resolve();

  private readonly glances = new Glances();
  private readonly options: WriteRoundOptions & { readonly glances: Glances };
  /** Whether the documents of an id are being erased: whoever erases says so. */
  isErased: (id: string) => Promise<boolean> = () => Promise.resolve(false);

  constructor(store: VisitorStore, retention: Retention, corrupt = new CorruptDocuments(store), limits = USUAL_LIMITS) {
    const isErased = (id: string) => this.isErased(id);
    this.options = { store, retention, limits, corrupt, now: Date.now, isErased, glances: this.glances };
  }

  /**
   * Resolves when every event is stored; rejects where the store fails: then they may be sent again. The documents of
   * `besides`, an id, are read along, so that `documents` has them too.
   */
  async write(events: readonly MemoryEvent[], besides?: string): Promise<Written> {
    const { store, corrupt } = this.options;
    if (events.length === 0) return { outcomes: [], documents: new DocumentsAtHand(store, corrupt) };
    if (this.underWay + events.length > MAX_WAITING)
      throw new Overloaded(`More than ${MAX_WAITING} events wait to be stored.`);
    const call = new WriteCall(events.length);
    this.underWay += events.length;
    for (const [at, event] of events.entries())
      this.enqueue({ event, besides, call, at, stored: false, unfinished: [] });
    try {
      return await call.done;
    } finally {
      this.underWay -= events.length;
    }
  }

  /**
   * As {@link write}, for wishes of one visitor, whose document is `known` as it was read before: where all of them fit
   * what it tells of, and it is still the one in the store, one round trip is all it takes.
   */
  async grant(events: readonly GrantEvent[], besides: string, known?: KnownDocument): Promise<Written> {
    const written = known && (await grantAtOnce(events, known, this.options));
    return written ?? this.write(events, besides);
  }

  /** As {@link finishParting}, for the memory of an id. */
  finishParting(id: string): Promise<boolean> {
    return finishParting(id, this.options);
  }

  /** Forgets what was found out about visitors, by the ids that they were kept under. */
  forget(ids: Iterable<string>): void {
    this.glances.drop(ids);
  }

  /** Forgets what was found out longer ago than it is of use. */
  forgetOld(): void {
    this.glances.dropOld();
  }

  private enqueue(job: Job): void {
    const lane = this.laneOf(idsOf(job));
    const jobs = this.waiting.get(lane);
    if (jobs) return void jobs.push(job);
    this.waiting.set(lane, [job]);
    void this.work(lane);
  }

  /** The parts of the store that ids lie in. */
  private laneOf(ids: readonly string[]): string {
    const { store } = this.options;
    const first = store.partOf(ids[0] ?? '') ?? '';
    if (ids.every((id) => (store.partOf(id) ?? '') === first)) return first;
    return [...new Set(ids.map((id) => store.partOf(id) ?? ''))].sort().join(' ');
  }

  private async work(lane: string): Promise<void> {
    // Let everything that came in with this turn of the event loop join the round.
    await nextTurn();
    for (let jobs: Job[] | undefined; (jobs = this.waiting.get(lane)) && jobs.length > 0;) {
      this.waiting.set(lane, jobs.slice(ROUND_SIZE));
      await this.finish(jobs.slice(0, ROUND_SIZE), USUAL_FOLDS);
      // SQLite is read in the same turn of the event loop: others are served between two rounds.
      if (jobs.length > ROUND_SIZE) await nextTurn();
    }
    this.waiting.delete(lane);
  }

  /** Each call by itself, so that none of them waits for the joins of another. */
  private goOnBeside(jobs: readonly Job[]): void {
    for (const ofCall of Map.groupBy(jobs, ({ call }) => call).values())
      this.long = this.long.then(() => this.finish(ofCall));
  }

  private async finish(jobs: readonly Job[], mostFolds = Infinity): Promise<void> {
    let left = jobs;
    try {
      await retryLostRaces(async () => {
        const { outcomes, waiting, documents } = await writeRound(left, { ...this.options, mostFolds });
        left = left.filter((job, index) => !isDone(job, outcomes[index], documents));
        this.goOnBeside(left.filter((job) => waiting.has(job)));
        left = left.filter((job) => !waiting.has(job));
        return left.length === 0 ? { won: undefined } : 'lost';
      }, LOST_RACES);
    } catch (error) {
      const groups = this.hasParts(left) ? whoIsApart(left) : [left];
      // Others go on meanwhile: rounds of the same person that meet are lost races.
      if (groups.length > 1) for (const group of groups) void this.finish(group);
      else fail(left, error);
    }
  }

  /** Whoever lies in a part that is there must not suffer for those who don't. */
  private hasParts([job]: readonly Job[]): boolean {
    return job !== undefined && idsOf(job).some((id) => this.options.store.partOf(id) !== undefined);
  }
}

function fail(jobs: readonly Job[], error: unknown): void {
  const failure = error instanceof Error ? error : new StoreUnavailable(String(error));
  for (const { call } of jobs) call.fail(failure);
}

function idsOf({ event, besides }: Pending): string[] {
  return besides === undefined ? idsIn(event) : [...idsIn(event), besides];
}

/** Events in groups that have no id in common. */
function whoIsApart(jobs: readonly Job[]): Job[][] {
  const groupOf = new Map<string, Job[]>();
  for (const job of jobs) {
    const ids = idsOf(job);
    const group = [...new Set(ids.map((id) => groupOf.get(id) ?? []))].flat();
    group.push(job);
    for (const one of group) for (const id of idsOf(one)) groupOf.set(id, group);
  }
  return [...new Set(groupOf.values())];
}

/** Tells the call of a job what came of it; false where it has to be tried again. */
function isDone({ call, at }: Job, outcome: Outcome | undefined, documents: DocumentsAtHand): boolean {
  if (outcome) call.store(at, outcome, documents);
  return outcome !== undefined;
}
