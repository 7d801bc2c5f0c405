import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PATIENT_SETTINGS } from '../redis-server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The `usher` command, built from the sources as they are now, in a folder of its own: `dist/` may be older, or in use.
 */
export class BuiltCli {
  private constructor(readonly folder: string) {}

  static async build(): Promise<BuiltCli> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-cli-'));
    const build = [join(ROOT, 'build.mjs'), '--out', join(folder, 'dist'), '--without-types'];
    await promisify(execFile)(process.execPath, build);
    for (const name of ['node_modules', 'schemas', 'rules']) await symlink(join(ROOT, name), join(folder, name));
    await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
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

  /** Runs `usher start` until it says where it answers. */
  async start(
    env: Readonly<Record<string, string>>,
    options: readonly string[] = [],
  ): Promise<{ url: string; said(): string; stop(): Promise<NodeJS.Signals | number | null> }> {
    const child = this.spawn(['start', ...options], { ...PATIENT_SETTINGS, PORT: '0', ...env });
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    const url = await new Promise<string>((resolve, reject) => {
      child.once('close', () => reject(new Error(`usher start ended:\n${out()}${err()}`)));
      child.stdout?.on('data', () => {
        const said = /Usher decides at (\S+)/.exec(out())?.[1];
        if (said !== undefined) resolve(said);
      });
    });
    return { url, said: () => out() + err(), stop: () => stop(child) };
  }

  private spawn(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const inherited = { PATH: process.env['PATH'], NO_COLOR: '1' };
    const child = spawn(process.execPath, [join(this.folder, 'dist/cli/usher.js'), ...args], {
      cwd: this.folder,
      env: { ...inherited, ...env },
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
