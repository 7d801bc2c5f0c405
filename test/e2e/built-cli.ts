import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT_SETTINGS } from '../redis-server.js';
import { builtFolder, INHERITED } from './built.js';

/** A service that answers, in a process of its own. */
export interface StartedService {
  readonly url: string;
  readonly pid: number;
  /** All that it has printed so far. */
  said(): string;
  /** Ends it in good order; gives its exit code, or the signal that ended it. */
  stop(): Promise<NodeJS.Signals | number | null>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `usher` command as `test/build-once.mjs` has built it, in a folder of its own. */
export class BuiltCli {
  private constructor(readonly folder: string) {}

  static async open(): Promise<BuiltCli> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-cli-'));
    for (const name of ['dist', 'node_modules', 'schemas', 'rules', 'package.json'])
      await symlink(join(builtFolder(), name), join(folder, name));
    await mkdir(join(folder, 'files'));
    return new BuiltCli(folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Runs a command to its end; `input` goes to its standard input. */
  async run(
    args: readonly string[],
    { env = {}, input = '' }: { env?: Readonly<Record<string, string>>; input?: string } = {},
  ): Promise<Ended> {
    const child = this.spawn(args, env);
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    child.stdin?.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: out(), stderr: err() };
  }

  /** Runs `usher start` until it says where it answers; `said` is all it has printed so far. */
  async start(env: Readonly<Record<string, string>>, options: readonly string[] = []): Promise<StartedService> {
    const child = this.spawn(['start', ...options], { ...PATIENT_SETTINGS, PORT: '0', ...env });
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    const url = await new Promise<string>((resolve, reject) => {
      child.once('close', () => reject(new Error(`usher start ended:\n${out()}${err()}`)));
      child.stdout?.on('data', () => {
        const said = /Usher decides at (\S+)/.exec(out())?.[1];
        if (said !== undefined) resolve(said);
      });
    });
    return { url, pid: child.pid ?? 0, said: () => out() + err(), stop: () => stop(child) };
  }

  private spawn(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn(process.execPath, [join(this.folder, 'dist/cli/usher.js'), ...args], {
      cwd: this.folder,
      env: { ...INHERITED, NO_COLOR: '1', ...env },
    });
    const killWithThisProcess = () => child.kill('SIGKILL');
    process.once('exit', killWithThisProcess);
    child.once('exit', () => process.off('exit', killWithThisProcess));
    return child;
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function stop(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  child.kill('SIGTERM');
  const [code, signal] = await ended;
  return code ?? signal;
}
