import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Millis } from '../engine/language/millis.js';
import type { DecisionRequest, UploadedPropensities } from '../engine/decision-run.js';

/** All that a decision depended on, so that it can be made again. */
export interface RecordedInput {
  readonly decisionId: string;
  /** The `now` of the decision. */
  readonly decidedAt: Millis;
  /** The release it was made with. */
  readonly rulebook: { readonly version: number; readonly digest: string };
  /** The id that was asked for. */
  readonly visitorId: string;
  readonly request: DecisionRequest;
  readonly visitor: RecordedVisitor;
  /** What was known of limits in total; absent where nothing was, or nothing was reached. */
  readonly limits?: RecordedLimitsKnown;
  /** The propensities uploaded by segment that it might ask for; absent where there were none. */
  readonly propensities?: UploadedPropensities;
  readonly served: string;
  /** SHA-256 of the decisions as JSON, in base64url: the same decisions have the same. */
  readonly answer: string;
}

/** What a decision knew of limits in total, as plain JSON. */
export interface RecordedLimitsKnown {
  /** By offer, the counters that had no place left, and when they may have one. */
  readonly spent: readonly (readonly [string, readonly { readonly key: string; readonly freesAt?: Millis }[]])[];
  /** Nothing could be known: no offer under a limit was made. */
  readonly unknown?: true;
}

/**
 * What was known of the visitor: nothing as they could not be read, nothing as they are a stranger, or a state of their
 * document.
 */
export type RecordedVisitor =
  | { readonly kind: 'unread' }
  | { readonly kind: 'stranger' }
  | {
      readonly kind: 'stored';
      /** The key of their {@link VisitorState}. */
      readonly state: string;
      /** When it was read, which says what was retained. */
      readonly seenAt: Millis;
      readonly keepInteractions: number;
      readonly keepDays: number;
      /** Where not all of them was seen: what browsers said alone, or nothing. */
      readonly seenAs?: 'browser' | 'stranger';
    };

/** A visitor's document as it was when decisions were made with it. */
export interface VisitorState {
  /** No two states have the same. */
  readonly key: string;
  /** The id that the document is kept under. */
  readonly id: string;
  readonly document: Uint8Array;
}

/** A page of what was recorded, oldest first. */
export interface RecordedPage {
  readonly inputs: readonly RecordedInput[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
}

/** How much is kept. */
export interface RecordedLimits {
  /** Inputs, the oldest of which go first. */
  readonly keep: number;
  /** Bytes of inputs and states together; any number where it is absent. One append may be above it. */
  readonly keepBytes?: number;
  /** Counted back from now; 0 keeps all ages. */
  readonly keepDays: number;
  /** Milliseconds since the epoch; the clock where it is absent. */
  readonly now?: () => number;
}

/** The inputs of some of the decisions, kept for a while so that other rules can be tried on them. */
export abstract class RecordedInputs {
  /**
   * Appends; a state that is there already is not written again. The oldest beyond the limits are forgotten, with the
   * states that nothing needs any more.
   */
  abstract append(inputs: readonly RecordedInput[], states: readonly VisitorState[]): Promise<void>;

  /** What was decided from an instant on, oldest first; `after` is the `next` of the page before. */
  abstract page(since: Millis, limit: number, after?: string): Promise<RecordedPage>;

  /** States by their keys; those that are gone are left out. */
  abstract states(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;

  /** Everything recorded of these ids of a visitor, oldest first, some at a time. */
  abstract about(ids: readonly string[]): AsyncGenerator<readonly RecordedInput[]>;

  /** Erases the inputs and the states of these ids; how many inputs there were. */
  abstract erase(ids: readonly string[]): Promise<number>;

  /**
   * Forgets some of the oldest inputs that were decided before an instant, with the states that nothing needs any more;
   * 0 when none are left.
   */
  abstract forgetBefore(instant: Millis): Promise<number>;
}

/** The key of the state that an input needs; undefined where it needs none. */
export function stateOf({ visitor }: RecordedInput): string | undefined {
  return visitor.kind === 'stored' ? visitor.state : undefined;
}

/**
 * Parts of at most so many inputs, each with the states that it needs; then those states that none of the inputs names.
 */
export function* inParts(
  inputs: readonly RecordedInput[],
  states: readonly VisitorState[],
  size: number,
): Generator<{ inputs: RecordedInput[]; states: VisitorState[] }> {
  const byKey = new Map(states.map((state) => [state.key, state]));
  const named = new Set(inputs.map(stateOf));
  for (let at = 0; at < inputs.length; at += size) {
    const part = inputs.slice(at, at + size);
    const needed = [...new Set(part.map(stateOf))].flatMap((key) => (key === undefined ? [] : (byKey.get(key) ?? [])));
    yield { inputs: part, states: needed };
  }
  const others = states.filter(({ key }) => !named.has(key));
  for (let at = 0; at < others.length; at += size) yield { inputs: [], states: others.slice(at, at + size) };
}

/** How many bytes inputs and states come to, as JSON and as they are. */
export function bytesOf(inputs: readonly RecordedInput[], states: readonly VisitorState[]): number {
  const texts = inputs.reduce((sum, input) => sum + JSON.stringify(input).length, 0);
  return states.reduce((sum, { document }) => sum + document.length, texts);
}

/** Takes a step again and again, at most so many times, until one finds nothing left to do; how much was done. */
export async function untilDone(step: () => Promise<number>, most = Infinity): Promise<number> {
  let done = 0;
  for (let [taken, now] = [0, 1]; taken < most && now > 0; taken += 1) {
    now = await step();
    done += now;
    // SQLite is read in the same turn of the event loop: others are served in between.
    await nextTurn();
  }
  return done;
}

/** What was decided before this is too old to be shown, though it may lie in the store for a while. */
export function oldestShown({ keepDays, now = Date.now }: RecordedLimits): Millis {
  return keepDays === 0 ? 0 : Math.max(0, now() - keepDays * 86_400_000);
}
