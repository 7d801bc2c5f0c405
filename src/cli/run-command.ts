import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { readClientConfig } from '../config.js';
import { UsherError } from '../errors.js';
import { askDecision, type DecideOptions } from './ask-decision.js';
import type { ImportRulesOptions } from './rules/import-rules.js';
import type { CheckOptions } from './rules/check-rules.js';
import { importVisitors } from './import-visitors.js';
import { mappingHelp } from './rows/mapping-help.js';
import type { RowKind } from '../doors/mapping/mapping.js';
import type { ReplayCommandOptions } from './replay/replay-decisions.js';
import type { BatchOptions } from './batch/decide-batch.js';
import { checkDecideArguments } from './batch/check-decide-arguments.js';
import { addReleaseCommands } from './releases/release-commands.js';
import type { SendOptions } from './rows/send-file.js';
import type { TestOptions } from './rules/test-rules.js';
import { trackEvents } from './track-events.js';

/** Runs the command that the arguments of this process ask for; sets the exit code and never throws. */
export async function runCommand(): Promise<void> {
  // `usher … | head` closes the pipe early, and that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  await program.parseAsync().catch(fail);
}

const settings = readClientConfig();
const RUN_AGAIN = `Run it again at any time: what is known already is not stored twice.
Exit code 1 when no row could be sent, the service was lost, or (with --strict) any row was refused or any cell left out.`;

const DECIDE_HELP = `With --batch exit code 1 when no row could be decided, the service was lost, or (with --strict) any
row was refused.

Examples:
  usher decide u-9 home.hero home.cards:3 --channel web --context device=mobile
  usher decide --batch people.csv --placement email.offer --channel email --out answers.ndjson`;

const program = new Command('usher')
  .description('Usher decides, for every visitor, the next best content, offer or action.')
  .version(version(), '-v, --version', 'print the version')
  .helpOption('-h, --help', 'print help')
  .helpCommand(false)
  .configureHelp({ styleTitle: (title) => styleText('bold', title) })
  .configureOutput({ outputError: (text, write) => write(styleText('red', text, { stream: process.stderr })) })
  .addHelpText(
    'after',
    '\nExit codes: 0 when all went well, 1 when it did not. `usher COMMAND --help` says more of each.',
  );

program
  .command('start')
  .description('run the service; with no REDIS_URL its data is kept in the folder data')
  .option('--watch', 'rule files go live as they are saved; so it is anyway with the embedded store')
  .option('--no-watch', 'only what is published and activated goes live')
  .addHelpText(
    'after',
    '\nSettings come from the environment: PORT, HOST, REDIS_URL, USHER_RULES, USHER_DATA and others.',
  )
  .action(async (options: { watch?: boolean }) => {
    const { startService } = await import('./start-service.js');
    await startService(options, print);
  });

program
  .command('check')
  .description('find every problem in the rule files, and what can never happen by them, with file:line:column')
  .argument('[dir]', 'the folder of the rule files', settings.rulesDir)
  .option('--strict', 'fail on warnings too')
  .option('--map <file>', 'hold the rules against a mapping of `usher track`: which properties have to be numbers')
  .option('--seen <file>', 'hold the rules against what was seen so far, as GET /v1/tracking/seen tells it')
  .option('--url <url>', 'the same, asked of a running service')
  .addOption(
    new Option('--key <key>', 'the key to send with --url (or USHER_KEY)').default(
      settings.key,
      settings.key === undefined ? 'none' : 'from USHER_KEY',
    ),
  )
  .option('--json', 'print for programs')
  .addHelpText('after', '\nExit code 1 when there is a problem, or with --strict a warning.')
  .action(async (dir: string, options: CheckOptions) => {
    const { checkRules } = await import('./rules/check-rules.js');
    process.exitCode = await checkRules(dir, options, print);
  });

program
  .command('test')
  .description('run the cases of the rule files, show what differs and what no case exercises')
  .argument('[dir]', 'the folder of the rule files', settings.rulesDir)
  .option('--watch', 'run again whenever a file is saved; Ctrl-C ends')
  .option('--at <time>', 'run all cases as if it were this time')
  .option('--move-history', 'with --at: what visitors did moves along, so that only clocks and schedules differ')
  .option('--min-coverage <percent>', 'fail when the cases exercise less of the rules and conditions')
  .option('--junit <file>', 'write the results as JUnit XML, for CI systems')
  .option('--json', 'print for programs')
  .addHelpText('after', '\nExit code 1 when a case fails, too little is covered or the rule files have problems.')
  .action(async (dir: string, options: TestOptions) => {
    const { testRules } = await import('./rules/test-rules.js');
    process.exitCode = await testRules(dir, { ...options, ...(options.watch && { stop: untilCtrlC() }) }, print);
  });

program
  .command('new')
  .description('write a commented starting file of a kind')
  .argument('<kind>', 'placements, offers, segments, proactive, contextual, policies or cases')
  .argument('<name>', 'its id, such as my-rule')
  .option('--dir <dir>', 'the folder of the rule files', settings.rulesDir)
  .addHelpText('after', '\nExample:\n  usher new contextual looked-at-cameras')
  .action(async (kind: string, name: string, options: { dir: string }) => {
    const { newFile } = await import('./rules/new-file.js');
    process.exitCode = newFile(kind, name, options, print);
  });

program
  .command('import-rules')
  .description('make rule files of rules of json-rules-engine, or of flags of flagd, GrowthBook or JSONLogic')
  .argument('<file>', 'JSON: a list of { conditions, event, priority, name }, or flags as --from says')
  .option('--from <system>', 'what the file is of: flagd, growthbook or jsonlogic; json-rules-engine when absent')
  .option('--placement <id>', 'where they speak; may be given more than once', collect, [])
  .option('--dir <dir>', 'the folder of the rule files', settings.rulesDir)
  .option('--out <dir>', 'the same')
  .option('--context <fact>', 'a fact that is part of the request; may be given more than once', collect, [])
  .option('--profile <fact>', 'a fact that is a trait, whatever its name; likewise', collect, [])
  .option('--dry-run', 'only say what would be written')
  .option('--json', 'print for programs')
  .addHelpText(
    'after',
    '\nRun it again at any time: nothing is overwritten, nothing doubles.\n' +
      'Exit code 1 when a rule is left out.\n\nExamples:\n  usher import-rules rules.json --placement home.hero\n' +
      '  usher import-rules --from flagd flags.json --out rules',
  )
  .action(async (file: string, given: ImportRulesOptions & { from?: string; out?: string }) => {
    const { from, out = given.dir } = given;
    if (from !== undefined) {
      const { importFlags } = await import('./flags/import-flags.js');
      process.exitCode = importFlags(file, { ...given, from, dir: out }, print);
    } else {
      const { importRules } = await import('./rules/import-rules.js');
      process.exitCode = importRules(file, { ...given, dir: out }, print);
    }
  });

program
  .command('schemas')
  .description('write JSON Schemas that know the names of these rule files, for editors')
  .argument('[dir]', 'the folder of the rule files', settings.rulesDir)
  .option('--vscode', 'add them to .vscode/settings.json, too')
  .addHelpText(
    'after',
    '\nThey are written to DIR/.schemas; run it again when offers, segments or placements come or go.',
  )
  .action(async (dir: string, options: { vscode?: boolean }) => {
    const { writeSchemas } = await import('./rules/write-schemas.js');
    process.exitCode = writeSchemas(dir, options, print);
  });

withService(program.command('decide'))
  .description('ask the running service what it would show a visitor')
  .argument('[visitor]', 'any id of the visitor')
  .argument('[placement...]', 'placements to decide; home.cards:3 asks for three offers')
  .option('--batch <file>', 'ask for many: NDJSON of requests, or a CSV of visitors; also .gz; - reads standard input')
  .option('--placement <id>', 'with --batch: asked for where a row says none; may be given more than once', collect, [])
  .option('--id <column>', 'with --batch: the column of visitor ids in a CSV, where it is not visitorId')
  .addOption(
    new Option('--format <format>', 'with --batch: what the file is, where its name does not say').choices([
      'csv',
      'ndjson',
    ]),
  )
  .option('--out <file>', 'with --batch: write the answers there; run again, it goes on where it was broken off')
  .option('--batch-id <id>', 'with --batch: names the batch; run again, whoever got a limited offer has it')
  .option('--hold <duration>', 'with --batch: how long places of limited offers are held, such as 2d')
  .option('--strict', 'with --batch: fail when any row is refused')
  .option('--channel <name>', 'the channel it is asked for, such as web')
  .option('--context <name=value...>', 'what is known of the moment; a value may be JSON')
  .option('--at <time>', 'decide as if it were this time; changes nothing')
  .option('--dry-run', 'change nothing: no caps, no log')
  .option('--explain', 'say why: what became of every rule, and which came nearest')
  .option('--json', 'print the answer as it came; with --batch the summary for programs, answers are NDJSON anyway')
  .addHelpText('after', `\n${DECIDE_HELP}`)
  .action(async (visitor: string | undefined, placements: string[], options: DecideOptions & BatchOptions) => {
    const { batch } = options;
    checkDecideArguments(visitor, placements, options);
    if (batch === undefined) process.exitCode = await askDecision(visitor ?? '', placements, options, print);
    else {
      const { decideBatch } = await import('./batch/decide-batch.js');
      process.exitCode = await decideBatch(batch, options, print);
    }
  });

withService(program.command('replay'))
  .description(
    'make recorded decisions again: they come out as they did, and with other rules it is told what would change',
  )
  .option('--since <time>', 'from when on: a time, or how long ago, such as 12h', '7d')
  .option('--against <dir>', 'a folder of rules to decide with')
  .option('--limit <number>', 'so many decisions at most, the oldest first')
  .option('--markdown <file>', 'also write the report as Markdown, for a pull request')
  .option('--fail-above <percent>', 'with --against: fail when more of the decisions change')
  .option('--json', 'print the report for programs')
  .addHelpText(
    'after',
    '\nExit code 1 when the rules have problems, when decisions do not come out as they did, ' +
      'or more change than may.\n\nExample:\n  usher replay --since 7d --against rules --fail-above 5',
  )
  .action(async (options: ReplayCommandOptions) => {
    const { replayDecisions } = await import('./replay/replay-decisions.js');
    process.exitCode = await replayDecisions(options, print);
  });

withRows(program.command('track'), 'events', 'usher track events.csv --map map.json')
  .description('send the events of a CSV or NDJSON file to the running service')
  .action(async (file: string, options: SendOptions) => {
    process.exitCode = await trackEvents(file, options, print);
  });

withRows(program.command('import'), 'visitors', 'usher import customers.csv --map map.json')
  .description(
    'send the visitors of a CSV or NDJSON file, with their traits or whole histories, to the running service',
  )
  .action(async (file: string, options: SendOptions) => {
    process.exitCode = await importVisitors(file, options, print);
  });

addReleaseCommands({ command: (name) => withService(program.command(name)), rulesDir: settings.rulesDir, print });

function withService(command: Command): Command {
  return command
    .option('--url <url>', 'where the service is (or USHER_URL)', settings.url)
    .addOption(
      new Option('--key <key>', 'the key to send (or USHER_KEY)').default(
        settings.key,
        settings.key === undefined ? 'none' : 'from USHER_KEY',
      ),
    );
}

function withRows(command: Command, kind: RowKind, example: string): Command {
  return withService(command)
    .argument('<file>', 'CSV or NDJSON, also .gz; - reads standard input')
    .option('--map <file>', 'the mapping: which column is what; without it, a draft is printed')
    .addOption(
      new Option('--format <format>', 'what the file is, where its name does not say').choices(['csv', 'ndjson']),
    )
    .option('--encoding <name>', 'what the file is encoded in, such as windows-1252, where it is not UTF-8')
    .option('--problems <file>', 'write every row refused and every cell left out, as NDJSON')
    .option('--strict', 'fail when any row is refused or any cell left out')
    .option('--json', 'print the summary for programs')
    .addHelpText('after', `\n${mappingHelp[kind]}\n\n${RUN_AGAIN}\n\nExample:\n  ${example}`);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').map((one) => one.trim())];
}

/** Aborted when the person, or whoever runs this, has had enough. */
function untilCtrlC(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}

/** What was foreseen is printed in a line or two; what was not is a fault of Usher's and keeps its stack. */
function fail(error: unknown): void {
  const text =
    error instanceof UsherError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${styleText('red', 'usher:', { stream: process.stderr })} ${text}\n`);
  process.exitCode = 1;
}
