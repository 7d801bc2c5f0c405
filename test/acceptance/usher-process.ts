import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const START_TIMEOUT_MS = 120_000;
const COMMAND = join(import.meta.dirname, '../../dist/cli/usher.js');

/** A service that runs as it does in production: a process of its own, started by `usher start`. */
export interface UsherProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** What a command said, and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the service on a free port and waits until it says where it answers; it never outlives this process. */
export async function startUsher(
  settings: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
  options: readonly string[] = [],
  command = COMMAND,
): Promise<UsherProcess> {
  const env = { ...withoutSettings(process.env), HOST: '127.0.0.1', PORT: '0', USHER_LOG_LEVEL: 'warn', ...settings };
  const child = spawn(process.execPath, [...nodeArgs, command, 'start', ...options], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  const url = await saidUrl(child);
  return { url, pid: child.pid ?? 0, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') };
}

/** Runs one command of `usher` to its end. */
export async function runUsher(args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: withoutSettings(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** What the person at the terminal has set for their own service must not change what is measured here. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(USHER_|OTEL_|REDIS_URL$|PORT$|HOST$)/.test(name)),
  );
}

function endWithThisProcess(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

async function saidUrl(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const failed = (why: string) => reject(new Error(`usher start ${why}:\n${said}`));
    const timer = setTimeout(() => failed('is not ready in time'), START_TIMEOUT_MS);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /decides at (http:\/\/\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => failed('ended'));
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
