import type { LoggedDecision } from '../decision-log.js';
import type { RecordedInput } from '../recorded-inputs.js';
import type { RejectedEvent } from '../rejected-events.js';

/** What may be held of a person beside their memory: members of their export. A kind of records adds its own here. */
export interface HeldOfPerson {
  /** What was decided for the person, newest first, as far as the log goes. */
  readonly decisions: readonly LoggedDecision[];
  /** What some of the decisions were made from, oldest first. */
  readonly recorded: readonly RecordedInput[];
  /**
   * The latest states of the memory that `recorded` names, in base64, by key: at most 500, of at most 64 MiB together.
   */
  readonly recordedStates: Readonly<Record<string, string>>;
  /** Events that name the person and were refused, newest first. */
  readonly rejected: readonly RejectedEvent[];
  /** Documents that could not be read and were set aside, in base64, by id. */
  readonly setAside: Readonly<Record<string, string>>;
}

/** Where records lie. A test holds these against what it finds in both stores and in the process. */
export interface PersonalPlaces {
  /** Tables of SQLite. */
  readonly tables?: readonly string[];
  /** Keys of Redis; `*` stands for anything. */
  readonly keys?: readonly string[];
  /** Fields of this process, as `Class.field`. */
  readonly fields?: readonly string[];
}

/**
 * One kind of thing that is held of people. Export, erasure and retention walk the list of all kinds, and name none.
 *
 * Whatever begins to hold something of people does three things, and is then exported, erased and forgotten with the
 * rest:
 *
 * 1. it writes a subclass of this, beside its port; for a queue in memory there is `WaitingRecords`;
 * 2. it adds what it tells to {@link HeldOfPerson}, from which `npm run schemas` makes `schemas/visitor-export.json`;
 * 3. it registers: a store in `stored-records.ts`, everything else with `PersonalRecordsList.register`, when its module
 *    begins.
 *
 * Who forgets to is told by `test/e2e/personal-records.spec.ts`, which names the table, key or field.
 */
export abstract class PersonalRecords {
  abstract readonly places: PersonalPlaces;

  /**
   * What is held of these ids of a person: its members of the export, in parts that each take a few milliseconds. What
   * several parts have of a member belongs together; none of a member comes behind one of another.
   */
  abstract about(ids: readonly string[]): AsyncGenerator<Partial<HeldOfPerson>>;

  /** Erases all of these ids of a person. It may be asked for again at any time. */
  abstract erase(ids: readonly string[]): Promise<void>;

  /**
   * Forgets what has been kept for longer than it may be, in steps: whoever asks may serve others after each, or stop
   * there. `now` in milliseconds since the epoch.
   */
  abstract forgetOld(now: () => number): AsyncIterator<void>;
}
