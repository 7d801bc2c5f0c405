import { writeFileSync } from 'node:fs';
import type { Rulebook } from '../../engine/rulebook.js';
import { CommandFailed } from '../../errors.js';
import { loadRulebook, type LoadedRulebook } from '../../rulebook/build/load-rulebook.js';
import { Client, type ClientOptions } from '../client.js';
import { checkJson, checkText } from '../rules/print-check.js';
import { Progress } from '../progress.js';
import { replayJson, replayText, shareText } from './print-replay.js';
import { readRecorded } from './read-recorded.js';
import type { Recorded } from '../../replay/recorded.js';
import { ReleasedRulebooks } from './released-rulebooks.js';
import { replayMarkdown } from './replay-markdown.js';
import type { ReplayReport } from '../../replay/replay-report.js';
import { replay } from '../../replay/replay.js';

/** The options of `usher replay`. */
export interface ReplayCommandOptions extends ClientOptions {
  /** ISO 8601, or how long ago, such as `7d`. */
  readonly since?: string;
  /** A folder of rules to decide with. */
  readonly against?: string;
  readonly json?: boolean;
  /** A file for a Markdown report. */
  readonly markdown?: string;
  /** How many at most, the oldest first. */
  readonly limit?: string;
  /** A share in percent, beyond which changes are a failure. */
  readonly failAbove?: string;
}

/**
 * `usher replay`: has the running service tell what it recorded, and decides it again here. Gives the exit code: 1 when
 * the rules in the folder have problems, when a decision does not come out as it did and nothing is compared with, and
 * when more changes than may.
 */
export async function replayDecisions(options: ReplayCommandOptions, print: (text: string) => void): Promise<number> {
  const { limit, failAbove } = readNumbers(options);
  const against =
    options.against === undefined ? undefined : { folder: options.against, loaded: loadRulebook(options.against) };
  if (against && !against.loaded.rulebook) return tellProblems(against.loaded, options, print);
  const report = await replayFrom(new Client(options), {
    since: options.since ?? '7d',
    limit,
    against: against?.loaded.rulebook && { folder: against.folder, rulebook: against.loaded.rulebook },
  });
  print(options.json ? replayJson(report) : replayText(report));
  if (options.markdown !== undefined) writeMarkdown(options.markdown, report);
  const failure = failureOf(report, failAbove);
  if (failure !== undefined && !options.json) print(`\n${failure}`);
  return failure === undefined ? 0 : 1;
}

function readNumbers({ limit, failAbove, against }: ReplayCommandOptions): {
  readonly limit: number;
  readonly failAbove: number | undefined;
} {
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit))
    throw new CommandFailed(`--limit "${limit}" is no whole number from 1 on.`);
  if (failAbove === undefined) return { limit: limit === undefined ? Infinity : Number(limit), failAbove };
  const percent = failAbove.trim() === '' ? NaN : Number(failAbove);
  if (!(percent >= 0 && percent <= 100))
    throw new CommandFailed(
      `--fail-above "${failAbove}" is no share in percent. Give a number from 0 to 100, such as 5.`,
    );
  if (against === undefined)
    throw new CommandFailed('--fail-above is about what other rules change: say which with --against DIR.');
  return { limit: limit === undefined ? Infinity : Number(limit), failAbove: percent };
}

function tellProblems(loaded: LoadedRulebook, { json }: ReplayCommandOptions, print: (text: string) => void): number {
  print(json ? checkJson(loaded) : checkText(loaded));
  return 1;
}

interface Wanted {
  readonly since: string;
  readonly limit: number;
  readonly against: { readonly folder: string; readonly rulebook: Rulebook } | undefined;
}

async function replayFrom(client: Client, { since, limit, against }: Wanted): Promise<ReplayReport> {
  const rulebooks = new ReleasedRulebooks();
  const progress = new Progress();
  const recorded = readRecorded(
    client.read(`/v1/decisions/recorded?releases=true&since=${encodeURIComponent(since)}`),
    (release) => rulebooks.add(release),
  );
  try {
    return await replay(first(limit, recorded), {
      rulebookOf: (named) => rulebooks.of(named),
      against,
      progress: (rows) => progress.update({ rows, refused: 0, share: undefined }),
    });
  } finally {
    progress.clear();
  }
}

async function* first(limit: number, all: AsyncIterable<Recorded>): AsyncGenerator<Recorded> {
  let left = limit;
  for await (const one of all) {
    yield one;
    if (--left <= 0) return;
  }
}

function writeMarkdown(file: string, report: ReplayReport): void {
  try {
    writeFileSync(file, replayMarkdown(report));
  } catch (error) {
    throw new CommandFailed(`${file} can't be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}

function failureOf(
  { decisions, leftOut, different, against }: ReplayReport,
  failAbove: number | undefined,
): string | undefined {
  if (decisions === 0 && Object.values(leftOut).some((count) => count > 0))
    return 'Nothing could be compared, so it is not known what would change.';
  if (!against) return different > 0 ? 'Decisions do not come out as they did.' : undefined;
  if (failAbove === undefined || against.changedShare * 100 <= failAbove) return undefined;
  return `${shareText(against.changedShare)} of the decisions change, and --fail-above allows ${failAbove} %.`;
}
