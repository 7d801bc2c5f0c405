import { Injectable } from '@nestjs/common';
import { NotFound } from '../../errors.js';
import { ReleasesService } from '../../releases/releases.service.js';
import { toShownRollout, toShownSummary } from '../../authoring/shown-release.js';
import { ReleaseStore } from '../../stores/release-store.js';
import { toolOf, type Tool, type ToolShelf } from '../tool.js';
import { RULES_ARGS, RulesAsked, type RulesArgs } from './rules-asked.js';

interface Which extends Omit<RulesArgs, 'files'> {
  readonly kind?: string;
  readonly search?: string;
  readonly skip?: number;
  readonly limit?: number;
}

interface OneRule extends Omit<RulesArgs, 'files'> {
  readonly path: string;
}

interface PageArgs {
  readonly before?: number;
  readonly limit?: number;
}

interface DiffArgs {
  readonly from: number;
  readonly to: number;
}

const MOST_LISTED = 200;
const { draft, release } = RULES_ARGS;
const LIMIT = { type: 'integer', minimum: 1, maximum: MOST_LISTED, default: 100 };
const VERSION = { type: 'integer', minimum: 1, description: 'the number of a release' };

/** Tools that read rule files and releases. */
@Injectable()
export class RuleTools implements ToolShelf {
  constructor(
    private readonly asked: RulesAsked,
    private readonly releases: ReleasesService,
    private readonly store: ReleaseStore,
  ) {}

  tools(): readonly Tool[] {
    return [this.list(), this.read(), this.listReleases(), this.diff()];
  }

  private list(): Tool {
    return toolOf<Which>({
      name: 'list_rules',
      title: 'List rules and offers',
      description:
        'The paths of rule files: placements, offers, segments, rules (proactive, contextual), policies and cases. ' +
        'For less, name a kind, search for a text in paths and files, or read page by page with skip and limit.',
      needs: 'assistant',
      properties: {
        ...{ draft, release },
        kind: { type: 'string', maxLength: 64, description: 'a folder: offers, contextual, segments and so on' },
        search: { type: 'string', maxLength: 200, description: 'a text that the path or the file holds, in any case' },
        skip: { type: 'integer', minimum: 0, default: 0 },
        limit: LIMIT,
      },
      call: async ({ kind, search = '', skip = 0, limit = 100, ...which }) => {
        const wanted = search.toLowerCase();
        const found = (await this.asked.files(which))
          .filter(({ path }) => kind === undefined || path.startsWith(`${kind}/`))
          .filter(({ path, text }) => `${path}\n${text}`.toLowerCase().includes(wanted))
          .map(({ path }) => path)
          .sort();
        const paths = found.slice(skip, skip + limit);
        const said = `${found.length} rule files, of which these are ${paths.length}, after ${skip} others.`;
        return { said, from: 'rule files', json: JSON.stringify({ count: found.length, paths }) };
      },
    });
  }

  private read(): Tool {
    return toolOf<OneRule>({
      name: 'read_rule',
      title: 'Read a rule or an offer',
      description: 'The whole text of one rule file, by its path, such as offers/welcome.json.',
      needs: 'assistant',
      properties: { path: { type: 'string', minLength: 1, maxLength: 300 }, draft, release },
      required: ['path'],
      call: async ({ path, ...which }) => {
        const found = (await this.asked.files(which)).find((file) => file.path === path);
        if (!found) throw new NotFound(`There is no rule file "${path}" there; list_rules has the paths.`);
        return { said: 'The file as it is.', from: 'rule files', json: JSON.stringify(found) };
      },
    });
  }

  private listReleases(): Tool {
    return toolOf<PageArgs>({
      name: 'list_releases',
      title: 'List releases',
      description: 'The releases of the rules, the newest first, and which of them serve now.',
      needs: 'assistant',
      properties: { before: { ...VERSION, description: 'only those before this one' }, limit: LIMIT },
      call: async ({ before, limit = 20 }) => {
        const [rollout, list] = await Promise.all([this.store.rollout(), this.store.list(limit, before)]);
        const data = { rollout: toShownRollout(rollout, undefined), releases: list.map(toShownSummary) };
        return { said: `${list.length} releases.`, from: 'rule files', json: JSON.stringify(data) };
      },
    });
  }

  private diff(): Tool {
    return toolOf<DiffArgs>({
      name: 'diff_releases',
      title: 'Compare two releases',
      description: 'What differs from one release to another, file by file, in the unified format.',
      needs: 'assistant',
      properties: { from: VERSION, to: VERSION },
      required: ['from', 'to'],
      call: async ({ from, to }) => {
        const diff = await this.releases.diff(from, to);
        const said = `${diff.files.length} files differ from release ${from} to release ${to}.`;
        return { said, from: 'rule files', json: JSON.stringify(diff) };
      },
    });
  }
}
