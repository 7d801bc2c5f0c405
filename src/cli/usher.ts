#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { readClientConfig } from '../config.js';
import { UsherError } from '../errors.js';
import { askDecision, type DecideOptions } from './ask-decision.js';
import { importVisitors } from './import-visitors.js';
import { mappingHelp } from './mapping-help.js';
import type { RowKind } from './mapping.js';
import type { SendOptions } from './send-file.js';
import { trackEvents } from './track-events.js';

const settings = readClientConfig();
const RUN_AGAIN = `Run it again at any time: what is known already is not stored twice.
Exit code 1 when no row could be sent, the service was lost, or (with --strict) any row was refused.`;

const program = new Command('usher')
  .description('Usher decides, for every visitor, the next best content, offer or action.')
  .version(version(), '-v, --version', 'print the version')
  .helpOption('-h, --help', 'print help')
  .helpCommand(false)
  .configureHelp({ styleTitle: (title) => styleText('bold', title) })
  .configureOutput({ outputError: (text, write) => write(styleText('red', text, { stream: process.stderr })) })
  .addHelpText('after', '\nExit codes: 0 when all went well, 1 when it did not. `usher COMMAND --help` says more of each.');

program
  .command('start')
  .description('run the service; with no REDIS_URL its data is kept in the folder data')
  .option('--watch', 'rule files go live as they are saved')
  .addHelpText('after', '\nSettings come from the environment: PORT, HOST, REDIS_URL, USHER_RULES, USHER_DATA and others.')
  .action(async (options: { watch?: boolean }) => {
    const { startService } = await import('./start-service.js');
    await startService(options, print);
  });

program
  .command('check')
  .description('find every problem in the rule files, with file:line:column')
  .argument('[dir]', 'the folder of the rule files', settings.rulesDir)
  .option('--json', 'print for programs')
  .addHelpText('after', '\nExit code 1 when there is a problem.')
  .action(async (dir: string, options: { json?: boolean }) => {
    const { checkRules } = await import('./check-rules.js');
    process.exitCode = checkRules(dir, options, print);
  });

program
  .command('test')
  .description('run the cases of the rule files and show what differs')
  .argument('[dir]', 'the folder of the rule files', settings.rulesDir)
  .option('--json', 'print for programs')
  .addHelpText('after', '\nExit code 1 when a case fails or the rule files have problems.')
  .action(async (dir: string, options: { json?: boolean }) => {
    const { testRules } = await import('./test-rules.js');
    process.exitCode = await testRules(dir, options, print);
  });

withService(program.command('decide'))
  .description('ask the running service what it would show a visitor')
  .argument('<visitor>', 'any id of the visitor')
  .argument('<placement...>', 'placements to decide; home.cards:3 asks for three offers')
  .option('--channel <name>', 'the channel it is asked for, such as web')
  .option('--context <name=value...>', 'what is known of the moment; a value may be JSON')
  .option('--at <time>', 'decide as if it were this time; changes nothing')
  .option('--dry-run', 'change nothing: no caps, no log')
  .option('--explain', 'say why: what became of every rule, and which came nearest')
  .option('--json', 'print the answer as it came')
  .addHelpText('after', '\nExample:\n  usher decide u-9 home.hero home.cards:3 --channel web --context device=mobile')
  .action(async (visitor: string, placements: string[], options: DecideOptions) => {
    process.exitCode = await askDecision(visitor, placements, options, print);
  });

withRows(program.command('track'), 'events', 'usher track events.csv --map map.json')
  .description('send the events of a CSV or NDJSON file to the running service')
  .action(async (file: string, options: SendOptions) => {
    process.exitCode = await trackEvents(file, options, print);
  });

withRows(program.command('import'), 'visitors', 'usher import customers.csv --map map.json')
  .description('send the visitors of a CSV or NDJSON file, with their traits or whole histories, to the running service')
  .action(async (file: string, options: SendOptions) => {
    process.exitCode = await importVisitors(file, options, print);
  });

function withService(command: Command): Command {
  return command
    .option('--url <url>', 'where the service is (or USHER_URL)', settings.url)
    .addOption(new Option('--key <key>', 'the key to send (or USHER_KEY)').default(settings.key, settings.key === undefined ? 'none' : 'from USHER_KEY'));
}

function withRows(command: Command, kind: RowKind, example: string): Command {
  return withService(command)
    .argument('<file>', 'CSV or NDJSON, also .gz; - reads standard input')
    .option('--map <file>', 'the mapping: which column is what; without it, a draft is printed')
    .addOption(new Option('--format <format>', 'what the file is, where its name does not say').choices(['csv', 'ndjson']))
    .option('--strict', 'fail when any row is refused')
    .option('--json', 'print the summary for programs')
    .addHelpText('after', `\n${mappingHelp[kind]}\n\n${RUN_AGAIN}\n\nExample:\n  ${example}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

/** What was foreseen is told in a line or two; what was not is a fault of Usher's and keeps its stack. */
function fail(error: unknown): void {
  const text = error instanceof UsherError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${styleText('red', 'usher:', { stream: process.stderr })} ${text}\n`);
  process.exitCode = 1;
}

// `usher … | head` closes the pipe early, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync().catch(fail);
