import type { Behind, StandingDraft } from '../drafts/drafts.service.js';
import { toShownDraft, type ShownDraft, type ShownDraftHead } from '../drafts/shown-draft.js';
import { UsherError } from '../errors.js';
import type { CandidateCheck } from '../rulebook/cases/check-release.js';
import { toShownCheck, type ShownCheck } from './shown-check.js';

/** A draft, how it stands, and what is wrong with it. */
export interface AnsweredDraft extends ShownDraft {
  /** Where another release than its base is live: which, and what of the draft was changed since as well. */
  readonly behind?: Behind;
  /** What it would come to as a release, where that was asked for. */
  readonly check?: ShownCheck;
  /** Why that could not be found out; the draft is kept as it is all the same. */
  readonly unchecked?: { readonly code: string; readonly message: string };
}

/** Every draft, the one that was changed last first. */
export interface DraftList {
  /** The release that is live: a draft with another `base` is behind it. */
  readonly live?: number;
  readonly drafts: readonly ShownDraftHead[];
}

/** A draft that is kept, and its check, which may fail for itself. */
export async function answeredDraft(
  { draft, behind }: StandingDraft,
  check?: Promise<CandidateCheck>,
): Promise<AnsweredDraft> {
  return { ...toShownDraft(draft), ...(behind && { behind }), ...(check && (await checked(check))) };
}

async function checked(check: Promise<CandidateCheck>): Promise<Pick<AnsweredDraft, 'check' | 'unchecked'>> {
  try {
    return { check: toShownCheck(await check) };
  } catch (error) {
    if (error instanceof UsherError) return { unchecked: { code: error.code, message: error.message } };
    throw error;
  }
}
