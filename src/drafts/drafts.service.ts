import { randomBytes } from 'node:crypto';
import { DraftBehind, DraftChanged, InvalidRequest, NotFound, TooManyDrafts } from '../errors.js';
import { type ReleasesService, type Published } from '../releases/releases.service.js';
import type { CandidateCheck } from '../rulebook/cases/check-release.js';
import { type DraftStore, type Draft, type DraftHead } from '../stores/draft-store.js';
import { type ReleaseStore, type ReleaseFile } from '../stores/release-store.js';
import { changedInBoth, draftProblems, withChanges, type ChangedFiles } from './draft-files.js';
import { toShownDraft } from './shown-draft.js';

/** Whose change it is. */
export type ChangedBy = Pick<Draft, 'who' | 'via'>;

/** What a draft is to be. */
export interface DraftAsk {
  readonly files: ChangedFiles;
  /** As it was where it is absent; nothing in one that is begun. */
  readonly message?: string | undefined;
  /** As it was where it is absent; who begins it, by their key, in one that is begun. */
  readonly author?: string | undefined;
  /** The release that it changes: as it was where it is absent; the live one for a draft that is begun. */
  readonly base?: number | undefined;
}

/** How far the rules have gone on without a draft. */
export interface Behind {
  /** What is live, and is not the base of the draft. */
  readonly live: number;
  /** The files of the draft that are not the same in both: publishing it as it is would undo what was done to them. */
  readonly both: readonly string[];
}

/** A draft, and how it stands. */
export interface StandingDraft {
  readonly draft: Draft;
  /** Absent where the live release is its base. */
  readonly behind?: Behind;
}

/** Drafts: begun, changed, checked, published. What the rules say of them is for releases to tell. */
export class DraftsService {
  constructor(
    private readonly store: DraftStore,
    private readonly releases: ReleasesService,
    private readonly kept: ReleaseStore,
  ) {}

  /** Every draft, the one that was changed last first, and which release is live. */
  async list(): Promise<{ readonly live: number | undefined; readonly drafts: readonly DraftHead[] }> {
    const [{ live }, drafts] = await Promise.all([this.kept.rollout(), this.store.list()]);
    return { live, drafts };
  }

  /** A draft. Throws {@link NotFound}. */
  async find(id: string): Promise<StandingDraft> {
    return this.standing(await this.draft(id));
  }

  /**
   * Begins a draft. Throws {@link InvalidRequest} for files that no draft may have, {@link NotFound} for a base that is
   * not there, and {@link TooManyDrafts}.
   */
  async begin({ files, message = '', author, base }: DraftAsk, by: ChangedBy): Promise<StandingDraft> {
    refuseUnfit(files);
    const changedAt = Date.now();
    const draft: Draft = {
      ...{ id: randomBytes(8).toString('hex'), revision: 1, base: await this.baseOf(base), ...by, message },
      ...{ author: author ?? by.who, createdAt: changedAt, changedAt, fileCount: Object.keys(files).length, files },
    };
    if (!(await this.store.add(draft))) throw new TooManyDrafts((await this.store.list()).length);
    return this.standing(draft);
  }

  /**
   * Changes the draft that is at a revision. Throws as {@link begin} does, and {@link DraftChanged} with the draft as
   * it is where another was quicker.
   */
  async change(id: string, revision: number, ask: DraftAsk, by: ChangedBy): Promise<StandingDraft> {
    refuseUnfit(ask.files);
    const before = await this.draftAt(id, revision);
    const base = ask.base === undefined ? before.base : await this.baseOf(ask.base);
    const { message = before.message, author = before.author, files } = ask;
    const next: Draft = {
      ...before,
      ...{ revision: revision + 1, base, ...by, message, author, files },
      ...{ changedAt: Date.now(), fileCount: Object.keys(files).length },
    };
    if (!(await this.store.replace(next))) throw new DraftChanged(toShownDraft(await this.draft(id)));
    return this.standing(next);
  }

  /** Removes the draft that is at a revision. Throws {@link NotFound} and {@link DraftChanged}. */
  async remove(id: string, revision: number): Promise<void> {
    await this.draftAt(id, revision);
    if (!(await this.store.remove(id, revision))) throw new DraftChanged(toShownDraft(await this.draft(id)));
  }

  /** The whole rules folder as the draft has it. */
  async filesOf({ base, files }: Draft): Promise<ReleaseFile[]> {
    return this.filesOver(base, files);
  }

  /** The files of a release, the live one where none is named, with some of them changed. Throws {@link NotFound}. */
  async filesOver(base: number | undefined, changed: ChangedFiles): Promise<ReleaseFile[]> {
    const release = await this.releases.release(base ?? (await this.baseOf(undefined)));
    return withChanges(release.files, changed);
  }

  /** What the draft would come to as a release; changes nothing. */
  async check(draft: Draft): Promise<CandidateCheck> {
    return this.releases.check(await this.filesOf(draft));
  }

  /**
   * Has the draft that is at a revision become a release, which serves nobody yet, and ends it. Throws as
   * `ReleasesService.publish` does, {@link DraftChanged}, and {@link DraftBehind} where another release than its base
   * is live: what was done since would be undone.
   */
  async publish(id: string, revision: number, told: { readonly who: string; readonly message?: string | undefined }) {
    const draft = await this.draftAt(id, revision);
    const { behind } = await this.standing(draft);
    if (behind) throw new DraftBehind(draft, behind);
    const message = (told.message ?? draft.message).trim();
    if (message === '') throw new InvalidRequest([{ path: 'message', message: 'must say what changes' }]);
    const [latest] = await this.kept.list(1);
    const files = await this.filesOf(draft);
    const published = await this.releases.publish(files, { author: draft.author, message, who: told.who });
    await this.store.remove(id, revision);
    return withNote(published, draft.base, latest?.version);
  }

  private async draft(id: string): Promise<Draft> {
    const found = await this.store.find(id);
    if (found) return found;
    throw new NotFound(
      `There is no draft "${id.slice(0, 64)}". GET /v1/rulebook/drafts lists them; ` +
        'one that was published is a release, and one that nobody changes for long is forgotten.',
    );
  }

  private async draftAt(id: string, revision: number): Promise<Draft> {
    const draft = await this.draft(id);
    if (draft.revision !== revision) throw new DraftChanged(toShownDraft(draft));
    return draft;
  }

  private async baseOf(wanted: number | undefined): Promise<number> {
    if (wanted !== undefined) return (await this.releases.summary(wanted)).version;
    const { live } = await this.kept.rollout();
    if (live !== undefined) return live;
    throw new NotFound('Nothing is live yet that a draft could change. Publish the rules folder, and make it live.');
  }

  private async standing(draft: Draft): Promise<StandingDraft> {
    const { live } = await this.kept.rollout();
    if (live === undefined || live === draft.base) return { draft };
    const [from, to] = await Promise.all([this.releases.release(draft.base), this.releases.release(live)]);
    return { draft, behind: { live, both: changedInBoth(draft.files, from.files, to.files) } };
  }
}

function refuseUnfit(files: ChangedFiles): void {
  const problems = draftProblems(files);
  if (problems.length > 0) throw new InvalidRequest(problems);
}

/** What was published since and is not live is not in it: whoever activates it should know. */
function withNote(published: Published, base: number, latest: number | undefined): Published {
  if (!published.isNew || latest === undefined || latest === base) return published;
  const note =
    `Made over release ${base}: what release ${latest} changes, which is published and not live, ` + 'is not in it.';
  return { ...published, notes: [...published.notes, note] };
}
