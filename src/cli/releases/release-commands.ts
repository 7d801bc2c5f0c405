import { Argument, Option, type Command } from 'commander';
import { activateRelease, endRelease, rollBack, type ActivateOptions, type RollbackOptions } from './change-rollout.js';
import { listReleases, type ListOptions } from './list-releases.js';
import { publishRules, type PublishOptions } from './publish-rules.js';
import type { ReleaseOptions } from './release-client.js';
import { showDiff, type DiffOptions } from './show-diff.js';
import { showShadow } from './show-shadow.js';

/** What the commands about releases need of the command they belong to. */
export interface ReleaseCommandsContext {
  /** A new command that talks to a service. */
  readonly command: (name: string) => Command;
  readonly rulesDir: string;
  readonly print: (text: string) => void;
}

/** Adds the commands that publish rules, have releases serve and look at them. */
export function addReleaseCommands(context: ReleaseCommandsContext): void {
  addPublish(context);
  addChanges(context);
  addLooks(context);
}

function addPublish({ command, rulesDir, print }: ReleaseCommandsContext): void {
  command('publish')
    .description('have the running service make a release of the rule files; it serves nobody until it is activated')
    .argument('[dir]', 'the folder of the rule files', rulesDir)
    .requiredOption('-m, --message <text>', 'what changes, and why')
    .option('--author <name>', 'who publishes; the fingerprint of the key where nothing is said')
    .option('--activate', 'make it live at once')
    .option('--json', 'print for programs')
    .addHelpText(
      'after',
      '\nExit code 1 when the files have problems, a case fails, or the service can not be reached.\n\nExample:\n' +
        '  usher publish -m "Winter tyres: a banner for those who bought cars"',
    )
    .action(async (dir: string, options: PublishOptions) => {
      process.exitCode = await publishRules(dir, options, print);
    });
}

function addChanges({ command, print }: ReleaseCommandsContext): void {
  command('activate')
    .description('have a release serve: everybody, a share of the visitors, or nobody and only be compared')
    .argument('<version>', 'the number of the release')
    .addOption(new Option('--as <what>', 'what it serves as').choices(['live', 'canary', 'shadow']).default('live'))
    .option('--share <percent>', 'of a canary: the share of the visitors, always the same ones')
    .option('--json', 'print for programs')
    .addHelpText(
      'after',
      '\nExamples:\n  usher activate 42\n  usher activate 43 --as canary --share 10\n  usher activate 43 --as shadow',
    )
    .action(async (version: string, options: ActivateOptions) => {
      process.exitCode = await activateRelease(version, options, print);
    });
  command('rollback')
    .description('undo: end the canary where there is one, else have the release live that was before')
    .option('--revision <number>', 'the revision of what serves to undo; repeated with it, it goes back one only')
    .option('--json', 'print for programs')
    .action(async (options: RollbackOptions) => {
      process.exitCode = await rollBack(options, print);
    });
  command('end')
    .description('end the canary, whose visitors get the live release again, or the shadow')
    .addArgument(new Argument('<what>', 'which of the two').choices(['canary', 'shadow']))
    .option('--json', 'print for programs')
    .action(async (as: string, options: ReleaseOptions) => {
      process.exitCode = await endRelease(as, options, print);
    });
}

function addLooks({ command, print }: ReleaseCommandsContext): void {
  command('releases')
    .description('list the releases and what serves, or who did what')
    .option('--log', 'who published, activated, ended and rolled back what, when')
    .option('--limit <number>', 'how many, the latest', '20')
    .option('--json', 'print for programs')
    .action(async (options: ListOptions) => {
      process.exitCode = await listReleases(options, print);
    });
  command('diff')
    .description('show what differs between two releases, file by file')
    .argument('[from]', 'the number of a release; the live one where nothing is said')
    .argument('[to]', 'the number of another; the latest where nothing is said')
    .option('--stat', 'only which files differ')
    .option('--json', 'print for programs')
    .action(async (from: string | undefined, to: string | undefined, options: DiffOptions) => {
      process.exitCode = await showDiff([from, to], options, print);
    });
  command('shadow')
    .description('tell what the shadow release would have decided otherwise')
    .argument('[version]', 'the number of a release that is or was the shadow')
    .option('--json', 'print for programs')
    .action(async (version: string | undefined, options: ReleaseOptions) => {
      process.exitCode = await showShadow(version, options, print);
    });
}
