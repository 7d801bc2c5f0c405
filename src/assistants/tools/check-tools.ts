import { Injectable } from '@nestjs/common';
import { toShownCheck } from '../../authoring/shown-check.js';
import { ReleasesService } from '../../releases/releases.service.js';
import { toolOf, type Tool, type ToolShelf } from '../tool.js';
import { RULES_ARGS, RulesAsked, type RulesArgs } from './rules-asked.js';

/** Tools that say what rule files would come to. */
@Injectable()
export class CheckTools implements ToolShelf {
  constructor(
    private readonly asked: RulesAsked,
    private readonly releases: ReleasesService,
  ) {}

  tools(): readonly Tool[] {
    return [this.check(), this.runCases()];
  }

  private check(): Tool {
    return toolOf<RulesArgs>({
      name: 'check_rules',
      title: 'Check rules',
      description:
        'What is wrong with a draft, or with a release with some files changed: problems with file, line and column, ' +
        'cases that fail, and warnings. Nothing is kept. The first 20 of each list are told.',
      needs: 'assistant',
      properties: RULES_ARGS,
      call: async (args, caller) => {
        const check = await this.releases.check(await this.asked.toCheck(args, caller));
        const { problems, failedCases, disagreements } = check;
        const said =
          `${problems.length} problems, ${failedCases.length} failing cases, ` +
          `${disagreements.length} disagreements of the two matchers.`;
        return { said, from: 'rule files', json: JSON.stringify(toShownCheck(check)) };
      },
    });
  }

  private runCases(): Tool {
    return toolOf<RulesArgs>({
      name: 'run_cases',
      title: 'Run cases',
      description:
        'Runs the cases, which are stories of made-up visitors with the decision that is expected, against a draft, ' +
        'or a release with some files changed. Add cases of your own as files: cases/<name>.json.',
      needs: 'assistant',
      properties: RULES_ARGS,
      call: async (args, caller) => {
        const files = await this.asked.toCheck(args, caller);
        const { problems, failedCases, disagreements, ...rest } = toShownCheck(await this.releases.check(files));
        const count = files.filter(({ path }) => path.startsWith('cases/')).length;
        const failed = failedCases.length + (rest.more?.failedCases ?? 0);
        const said =
          problems.length > 0
            ? `The ${count} cases were not run, as the files have problems.`
            : `${count} cases were run, and ${failed} failed.`;
        const json = JSON.stringify({ count, ran: problems.length === 0, problems, failedCases, disagreements });
        return { said, from: 'rule files', json };
      },
    });
  }
}
