import type { DecisionRequest, Millis } from '../engine/types.js';

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
  readonly served: string;
  /** SHA-256 of the decisions as JSON, in base64url: the same decisions have the same. */
  readonly answer: string;
}

/** What was known of the visitor: nothing as they could not be read, nothing as they are a stranger, or a state of their document. */
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
  readonly keepDays: number;
}

/** The inputs of some of the decisions, kept for a while so that other rules can be tried on them. */
export abstract class RecordedInputs {
  /** Appends; a state that is there already is not written again. The oldest beyond the limits are forgotten, with the states that nothing needs any more. */
  abstract append(inputs: readonly RecordedInput[], states: readonly VisitorState[]): Promise<void>;

  /** What was decided from an instant on, oldest first; `after` is the `next` of the page before. */
  abstract page(since: Millis, limit: number, after?: string): Promise<RecordedPage>;

  /** States by their keys; those that are gone are left out. */
  abstract states(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;

  /** Everything recorded of these ids of a visitor, oldest first. */
  abstract about(ids: readonly string[]): Promise<RecordedInput[]>;

  /** Erases the inputs and the states of these ids; how many inputs there were. */
  abstract erase(ids: readonly string[]): Promise<number>;

  /** Forgets some of the oldest inputs that were decided before an instant, with the states that nothing needs any more; 0 when none are left. */
  abstract forgetBefore(instant: Millis): Promise<number>;
}
