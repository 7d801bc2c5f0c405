import { Injectable } from '@nestjs/common';
import { DecisionsService } from '../../decisions/decisions.service.js';
import { readDecisionRequest } from '../../decisions/decision-request.js';
import { OffersService } from '../../limits/offers.service.js';
import { toolOf, type Tool, type ToolAnswer, type ToolShelf } from '../tool.js';

interface DecisionArgs {
  readonly visitorId: string;
  readonly placements: readonly unknown[];
  readonly channel?: string;
  readonly context?: object;
  readonly now?: string;
}

interface DryRunArgs extends DecisionArgs {
  readonly events?: readonly object[];
}

interface LimitsArgs {
  readonly offer: string;
  readonly visitorId?: string;
  readonly channel?: string;
}

const ASKED = {
  visitorId: { type: 'string', minLength: 1, description: 'any id of the person; nobody knows a made-up one' },
  placements: { type: 'array', minItems: 1, maxItems: 30, items: {}, description: 'ids such as "home.hero"' },
  channel: { type: 'string', description: 'such as "web" or "email"' },
  context: { type: 'object', description: 'what the page tells: { "url": …, "device": "mobile", "locale": "en-GB" }' },
  now: { type: 'string', description: 'decide as if it were then, ISO 8601; the present where it is absent' },
};

/** Tools about one person and one offer: they need a key that may read people. */
@Injectable()
export class DecisionTools implements ToolShelf {
  constructor(
    private readonly decisions: DecisionsService,
    private readonly offers: OffersService,
  ) {}

  tools(): readonly Tool[] {
    return [this.explain(), this.dryRun(), this.limits()];
  }

  private explain(): Tool {
    return toolOf<DecisionArgs>({
      name: 'explain_decision',
      title: 'Explain a decision',
      description:
        'What a visitor would get in placements, and why: what became of every rule and every condition, with the ' +
        'values that it was told of them, and which rule came nearest. A dry run: nothing is changed, counted or ' +
        'recorded. For less, ask for one placement.',
      needs: 'server',
      properties: ASKED,
      required: ['visitorId', 'placements'],
      call: (args) => this.decide({ ...args, explain: true }),
    });
  }

  private dryRun(): Tool {
    return toolOf<DryRunArgs>({
      name: 'dry_run_decision',
      title: 'Dry-run a decision',
      description:
        'What a visitor would get in placements, without the reasons; also after events that have not happened, and ' +
        'at another time. Nothing is changed, counted or recorded.',
      needs: 'server',
      properties: {
        ...ASKED,
        events: {
          ...{ type: 'array', maxItems: 50, items: {} },
          description:
            'as if these had just happened: [{ "type": "track", "event": "Product Viewed", "properties": {} }]',
        },
      },
      required: ['visitorId', 'placements'],
      call: (args) => this.decide(args),
    });
  }

  private limits(): Tool {
    return toolOf<LimitsArgs>({
      name: 'offer_limits',
      title: 'What is left of an offer',
      description:
        'How the limits of an offer stand, in total and, where a visitor is named, for that person: how many ' +
        'happened, are held and left, and when a place may come back.',
      needs: 'server',
      properties: {
        offer: { type: 'string', minLength: 1, maxLength: 256, description: 'the id of an offer that is live' },
        visitorId: { type: 'string', minLength: 1, description: 'any id of a person' },
        channel: { type: 'string', description: 'whose quiet hours and leases are looked at for them' },
      },
      required: ['offer'],
      call: async ({ offer, ...asked }) => {
        const standing = await this.offers.standing(offer, { ...asked });
        return { said: 'How the limits stand now.', from: 'visitors and rule files', json: JSON.stringify(standing) };
      },
    });
  }

  private async decide(args: object): Promise<ToolAnswer> {
    const { answer, text } = await this.decisions.decide(readDecisionRequest({ ...args, dryRun: true }));
    const said = `A dry run by release ${answer.rulebook.version}, served "${answer.served}".`;
    return { said, from: 'visitors and rule files', json: text };
  }
}
