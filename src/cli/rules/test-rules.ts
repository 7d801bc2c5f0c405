import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed } from '../../errors.js';
import { caseCoverage } from '../../rulebook/cases/case-coverage.js';
import { CasePlaces } from '../../rulebook/cases/case-places.js';
import { casesAt } from '../../rulebook/cases/case-time.js';
import { crossCheckCases } from '../../rulebook/cases/cross-check-cases.js';
import { instant, whenProblem } from '../../rulebook/read/instant.js';
import { loadRulebook, type LoadedRulebook } from '../../rulebook/build/load-rulebook.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import { rulebookNames } from '../../rulebook/schemas/rulebook-names.js';
import { runCases } from '../../rulebook/cases/run-cases.js';
import { junitOfCases, junitOfProblems } from './junit-xml.js';
import { casesJson, casesText } from './print-cases.js';
import { checkJson, checkText } from './print-check.js';
import { isPassed, testReport, type TestReport } from './test-report.js';
import { watchTests } from './watch-tests.js';
import { refreshSchemas, SCHEMAS_DIR } from './write-schemas.js';

/** The options of `usher test`. */
export interface TestOptions {
  readonly json?: boolean;
  /** A day or an instant: the cases are run as if it were that time. */
  readonly at?: string;
  /** With `at`: whether what visitors did moves along. */
  readonly moveHistory?: boolean;
  /** In percent. */
  readonly minCoverage?: string;
  /** The file to write the results to, for CI systems. */
  readonly junit?: string;
  /** Run again whenever a file is saved, until `stop`. */
  readonly watch?: boolean;
  readonly stop?: AbortSignal;
}

/**
 * `usher test [dir]`: runs the cases of the rule files through both matchers; gives the exit code, 1 when a case fails,
 * too little is covered or the files are broken.
 */
export async function testRules(dir: string, options: TestOptions, print: (text: string) => void): Promise<number> {
  const settings = settingsOf(options);
  const run = () => runOnce(dir, options, settings, print);
  if (!options.watch) return await run();
  return await watchTests(dir, { run: () => (keepSchemas(dir), run()), print, stop: options.stop });
}

/** Who has schemas for an editor has them fresh. */
function keepSchemas(dir: string): void {
  if (existsSync(join(dir, SCHEMAS_DIR))) refreshSchemas(dir, rulebookNames(readRules(dir).files));
}

/** What the options say, understood. */
interface Settings {
  readonly now: number | undefined;
  readonly minCoverage: number | undefined;
}

async function runOnce(
  dir: string,
  options: TestOptions,
  { now, minCoverage }: Settings,
  print: (text: string) => void,
): Promise<number> {
  const startedAt = performance.now();
  const loaded = loadRulebook(dir);
  const report = await reportOn(dir, loaded, options, { now, minCoverage });
  const seconds = (performance.now() - startedAt) / 1000;
  if (options.junit !== undefined)
    writeJunit(
      options.junit,
      report ? junitOfCases(report, { dir, seconds }) : junitOfProblems(loaded.problems, { dir, seconds }),
    );
  if (!report) {
    print(options.json ? checkJson(loaded) : checkText(loaded));
    return 1;
  }
  print(options.json ? casesJson(report) : casesText(report));
  return isPassed(report) ? 0 : 1;
}

async function reportOn(
  dir: string,
  loaded: LoadedRulebook,
  options: TestOptions,
  { now, minCoverage }: Settings,
): Promise<TestReport | undefined> {
  const { rulebook } = loaded;
  if (!rulebook) return undefined;
  const definitions =
    now === undefined
      ? loaded.definitions
      : casesAt(loaded.definitions, { now, moveHistory: options.moveHistory ?? false });
  const results = await crossCheckCases(definitions, rulebook, runCases(definitions, rulebook));
  const at = now === undefined ? undefined : new Date(now).toISOString();
  return testReport(results, caseCoverage(definitions, rulebook), new CasePlaces(dir), { at, minCoverage });
}

function settingsOf({ at, moveHistory, minCoverage }: TestOptions): Settings {
  if (moveHistory && at === undefined)
    throw new CommandFailed('--move-history goes with --at: say the time that it should be.');
  return {
    now: at === undefined ? undefined : nowOf(at),
    minCoverage: minCoverage === undefined ? undefined : percentOf(minCoverage),
  };
}

function nowOf(at: string): number {
  if (whenProblem(at) === undefined) return instant(at);
  throw new CommandFailed(`--at "${at}" is not a time. Write it like 2026-12-24T10:00:00Z or 2026-12-24.`);
}

function percentOf(text: string): number {
  const percent = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new CommandFailed(`--min-coverage "${text}" is not a percentage. Write a number from 0 to 100.`);
}

function writeJunit(file: string, xml: string): void {
  try {
    writeFileSync(file, xml);
  } catch (error) {
    throw new CommandFailed(
      `The results can't be written to ${file} (${String((error as NodeJS.ErrnoException).code)}). ` +
        'Name another file with --junit.',
    );
  }
}
