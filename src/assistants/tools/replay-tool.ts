import { Injectable } from '@nestjs/common';
import { BatchPace } from '../../decisions/batch/batch-pace.js';
import { durationRemedy, parseDuration } from '../../engine/language/millis.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { InvalidRequest, Overloaded } from '../../errors.js';
import { BuiltReleases } from '../../releases/built-releases.js';
import { replayRecorded } from '../../replay/recorded-decisions.js';
import type { ReplayReport } from '../../replay/replay-report.js';
import { RecordedInputs } from '../../stores/recorded-inputs.js';
import { toolOf, type Caller, type Tool, type ToolShelf } from '../tool.js';
import { RULES_ARGS, RulesAsked, type RulesArgs } from './rules-asked.js';
import { withoutPeople } from './without-people.js';

interface ReplayArgs extends RulesArgs {
  readonly since?: string;
  readonly limit?: number;
}

/** So many are made again at most: in the process that serves, one for each turn, they take a second or two. */
const MOST_DECISIONS = 1_000;

/** Makes recorded decisions again, with other rules. */
@Injectable()
export class ReplayTool implements ToolShelf {
  private isUnderWay = false;

  constructor(
    private readonly asked: RulesAsked,
    private readonly built: BuiltReleases,
    private readonly recorded: RecordedInputs,
    private readonly pace: BatchPace,
  ) {}

  tools(): readonly Tool[] {
    return [
      toolOf<ReplayArgs>({
        name: 'replay',
        title: 'Replay recorded decisions',
        description:
          'Makes decisions of the last days again, with a draft, or a release with some files changed: how many come ' +
          'out otherwise, where, and why. Who it was, and what is known of them, is told only to a key that may read ' +
          `people. At most ${MOST_DECISIONS} decisions, the oldest first: \`usher replay\` takes them all.`,
        needs: 'assistant',
        properties: {
          ...RULES_ARGS,
          since: { type: 'string', maxLength: 20, default: '7d', description: 'how long ago: 12h, 7d, 2w' },
          limit: { type: 'integer', minimum: 1, maximum: MOST_DECISIONS, default: 200 },
        },
        call: (args, caller) => this.alone(() => this.replay(args, caller)),
      }),
    ];
  }

  private async replay({ since = '7d', limit = 200, ...which }: ReplayArgs, caller: Caller) {
    const ago = parseDuration(since);
    if (ago === undefined)
      throw new InvalidRequest([{ path: 'since', message: `is no duration: ${durationRemedy(since, '7d')}` }]);
    const rulebook = await this.rulebookOf(which, caller);
    const report = await replayRecorded(
      { since: Date.now() - ago, limit, against: { folder: 'what was asked', rulebook }, signal: caller.signal },
      { recorded: this.recorded, rulebookOf: (named) => this.built.of(named), turn: () => this.pace.turn() },
    );
    const told = caller.scopes.has('server') ? report : withoutPeople(report);
    return { said: saidOf(report), from: 'visitors and rule files', json: JSON.stringify(told) } as const;
  }

  private async rulebookOf(which: RulesArgs, caller: Caller): Promise<Rulebook> {
    const { rulebook } = await this.built.tried(await this.asked.toCheck(which, caller));
    if (rulebook) return rulebook;
    throw new InvalidRequest([
      {
        path: 'files',
        message: 'can not be decided with, as they have problems or failing cases: check_rules has them',
      },
    ]);
  }

  /** Each holds a rulebook, and takes time from those who wait for decisions. */
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.isUnderWay) throw new Overloaded('Another replay is under way.');
    this.isUnderWay = true;
    try {
      return await work();
    } finally {
      this.isUnderWay = false;
    }
  }
}

function saidOf({ decisions, against, different }: ReplayReport): string {
  return (
    `${decisions} recorded decisions were made again, and ${against?.changed ?? 0} of them show something else. ` +
    `With the release that made each, ${different} come out otherwise than they did.`
  );
}
