import { Injectable } from '@nestjs/common';
import { AuthorRates } from '../../access/author-rates.js';
import { MOST_DRAFT_FILES, draftProblems, withChanges, type ChangedFiles } from '../../drafts/draft-files.js';
import { DraftsService } from '../../drafts/drafts.service.js';
import { InvalidRequest } from '../../errors.js';
import type { ReleaseFile } from '../../stores/release-store.js';
import type { Caller } from '../tool.js';

/** Which rules are meant: a draft, or a release, the live one where neither is named; with some files changed. */
export interface RulesArgs {
  readonly draft?: string;
  readonly release?: number;
  readonly files?: ChangedFiles;
}

/** The schemas of {@link RulesArgs}, for tools that take them. */
export const RULES_ARGS = {
  draft: { type: 'string', minLength: 1, maxLength: 64, description: 'the id of a draft' },
  release: {
    ...{ type: 'integer', minimum: 1 },
    description: 'the number of a release; the live one where neither it nor a draft is named',
  },
  files: {
    type: 'object',
    maxProperties: MOST_DRAFT_FILES,
    additionalProperties: { type: ['string', 'null'], description: 'the whole text of the file, or null to remove it' },
    description: 'files that are changed on top of that, by path, such as offers/welcome.json',
  },
};

/** Finds the rules that a tool is asked about. */
@Injectable()
export class RulesAsked {
  constructor(
    private readonly drafts: DraftsService,
    private readonly rates: AuthorRates,
  ) {}

  /** Their files. Throws {@link InvalidRequest} and `NotFound`. */
  async files({ draft, release, files = {} }: RulesArgs): Promise<ReleaseFile[]> {
    const problems = draftProblems(files);
    if (draft !== undefined && release !== undefined)
      problems.push({ path: 'release', message: 'is for rules that are in no draft; name the one or the other' });
    if (problems.length > 0) throw new InvalidRequest(problems);
    if (draft === undefined) return this.drafts.filesOver(release, files);
    return withChanges(await this.drafts.filesOf((await this.drafts.find(draft)).draft), files);
  }

  /** The same, counted as a check of this caller's. Throws `RateLimited` besides. */
  async toCheck(args: RulesArgs, { who }: Caller): Promise<ReleaseFile[]> {
    this.rates.take('check', who);
    return this.files(args);
  }
}
