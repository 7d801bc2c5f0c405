import type * as commander from 'commander';
import { stripVTControlCharacters } from 'node:util';
import type * as releaseCommands from '../../src/cli/releases/release-commands.js';
import type * as errors from '../../src/errors.js';
import { importBuilt } from './built.js';
import type { Ended } from './built-cli.js';

const { Command, CommanderError } = await importBuilt<typeof commander>('commander');
const { addReleaseCommands } = await importBuilt<typeof releaseCommands>('./cli/releases/release-commands.js');
const { UsherError } = await importBuilt<typeof errors>('./errors.js');

/**
 * Runs one of the commands about releases in this process: what it prints and how it ends is the same, and what takes
 * the time of a process of its own, loading all the code, is spared. What failed is told without the `usher:` before
 * it.
 */
export async function runReleaseCommand(args: readonly string[], url: string): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const program = programOf(url, said);
  process.exitCode = undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
    return ended(Number(process.exitCode ?? 0), said);
  } catch (error) {
    if (error instanceof CommanderError) return ended(error.exitCode, said);
    if (!(error instanceof UsherError)) throw error;
    return ended(1, { ...said, stderr: `${said.stderr}${error.message}\n` });
  } finally {
    process.exitCode = undefined;
  }
}

function programOf(url: string, said: { stdout: string; stderr: string }): commander.Command {
  const print = (text: string) => (said.stdout += text);
  const program = new Command('usher')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: (text) => (said.stderr += text) });
  addReleaseCommands({
    command: (name) => program.command(name).option('--url <url>', '', url),
    rulesDir: 'rules',
    print: (text) => print(`${text}\n`),
  });
  return program;
}

function ended(code: number, { stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Ended {
  return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
}
