import { iso } from '../engine/language/millis.js';
import type { Draft, DraftHead } from '../stores/draft-store.js';

/** A draft as people see it, in a list of them. */
export interface ShownDraftHead extends Omit<DraftHead, 'createdAt' | 'changedAt'> {
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly changedAt: string;
}

/** A draft with what it changes. */
export interface ShownDraft extends ShownDraftHead {
  /** The text of each changed file by its path; null for one that is to go. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** A draft as people see it. */
export function toShownDraft({ files, ...head }: Draft): ShownDraft {
  return { ...toShownHead(head), files };
}

/** The same without its files. */
export function toShownHead({ createdAt, changedAt, ...head }: DraftHead): ShownDraftHead {
  return { ...head, createdAt: iso(createdAt), changedAt: iso(changedAt) };
}
