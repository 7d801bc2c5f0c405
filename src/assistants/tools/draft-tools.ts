import { Injectable } from '@nestjs/common';
import { AuthorRates } from '../../access/author-rates.js';
import { answeredDraft } from '../../authoring/answered-draft.js';
import { DraftsService, type DraftAsk, type StandingDraft } from '../../drafts/drafts.service.js';
import { toShownHead } from '../../drafts/shown-draft.js';
import { InvalidRequest } from '../../errors.js';
import type { ChangedFiles } from '../../drafts/draft-files.js';
import { toolOf, type Caller, type Tool, type ToolShelf } from '../tool.js';
import { RULES_ARGS } from './rules-asked.js';

interface ReadArgs {
  readonly draft: string;
}

interface DraftArgs {
  readonly files: ChangedFiles;
  readonly message?: string;
  readonly draft?: string;
  readonly revision?: number;
  readonly base?: number;
}

const { draft: DRAFT, files: FILES } = RULES_ARGS;

/** Tools that read drafts, and the only one that writes anything: a draft, for a person to judge. */
@Injectable()
export class DraftTools implements ToolShelf {
  constructor(
    private readonly drafts: DraftsService,
    private readonly rates: AuthorRates,
  ) {}

  tools(): readonly Tool[] {
    return [this.list(), this.read(), this.write()];
  }

  private list(): Tool {
    return toolOf<Record<never, never>>({
      name: 'list_drafts',
      title: 'List drafts',
      description: 'Every draft without its files, the one that was changed last first, and which release is live.',
      needs: 'assistant',
      properties: {},
      call: async () => {
        const { live, drafts } = await this.drafts.list();
        const json = JSON.stringify({ live, drafts: drafts.map(toShownHead) });
        return { said: `${drafts.length} drafts.`, from: 'rule files', json };
      },
    });
  }

  private read(): Tool {
    return toolOf<ReadArgs>({
      name: 'read_draft',
      title: 'Read a draft',
      description: 'One draft with the files that it changes, and whether another release has gone live since.',
      needs: 'assistant',
      properties: { draft: DRAFT },
      required: ['draft'],
      call: async ({ draft }) => {
        const json = JSON.stringify(await answeredDraft(await this.drafts.find(draft)));
        return { said: 'The draft as it is.', from: 'rule files', json };
      },
    });
  }

  private write(): Tool {
    return toolOf<DraftArgs>({
      name: 'draft_rule',
      title: 'Draft a rule',
      description:
        'Writes rule files into a draft, which serves nobody: a person judges it, and publishes it or not. Without ' +
        '"draft" another is begun; with "draft" and its "revision" these files are added to that one, and its others ' +
        'stay. Answers what is wrong with it.',
      needs: 'assistant',
      writes: true,
      properties: {
        files: { ...FILES, description: 'the whole text of each file by its path; null for one that is to go' },
        message: {
          type: 'string',
          maxLength: 2_000,
          description: 'what changes, and why: for the person who judges it',
        },
        draft: DRAFT,
        revision: { type: 'integer', minimum: 1, description: 'of the draft, as it was read last' },
        base: { type: 'integer', minimum: 1, description: 'the release that it changes; the live one for a new draft' },
      },
      required: ['files'],
      call: async (args, caller) => {
        this.rates.take('check', caller.who);
        const standing = await this.written(args, caller);
        const { id, revision } = standing.draft;
        const json = JSON.stringify(await answeredDraft(standing, this.drafts.check(standing.draft)));
        const changed = `draft ${id}, revision ${revision}`;
        return { said: `Kept as ${changed}. A person has to publish it.`, from: 'rule files', json, changed };
      },
    });
  }

  private async written({ draft: id, revision, ...ask }: DraftArgs, { who }: Caller): Promise<StandingDraft> {
    const by = { who, via: 'assistant' } as const;
    if (id === undefined && revision === undefined) return this.drafts.begin(wellFormed(ask), by);
    if (id === undefined || revision === undefined)
      throw new InvalidRequest([
        { path: id === undefined ? 'draft' : 'revision', message: 'is missing; a draft is changed by both' },
      ]);
    const { draft } = await this.drafts.find(id);
    // Read at another revision than is named, it is refused: what is added would be added to something else.
    const files = { ...draft.files, ...ask.files };
    return this.drafts.change(id, revision, wellFormed({ ...ask, files }), by);
  }
}

function wellFormed({ message, ...ask }: DraftAsk): DraftAsk {
  return { ...ask, message: message?.toWellFormed() };
}
