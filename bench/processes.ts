import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FloorOptions } from './floor.ts';
import type { LoadOptions, LoadResult } from './load.ts';

/** A server that takes the load. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the floor of decisions. */
export function startFloor(options: FloorOptions): Promise<Server> {
  return startServer('floor.ts', options);
}

/** Starts a script of this folder that prints its address once it listens. */
export async function startServer(script: string, options: object): Promise<Server> {
  const child = spawnScript(script, options);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${script} did not start`)));
  failed.catch(() => undefined);
  const [said] = (await Promise.race([once(child.stdout ?? child, 'data'), failed])) as [Buffer];
  return {
    url: said.toString().trim(),
    pid: child.pid ?? 0,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Puts a load of decisions on a server, from a process of its own. */
export function runLoad(options: LoadOptions): Promise<LoadResult> {
  return runScript<LoadResult>('load.ts', options);
}

/** Runs a script of this folder to its end and gives the JSON that it prints. */
export async function runScript<T>(script: string, options: object): Promise<T> {
  const child = spawnScript(script, options);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(said) as T;
}

/**
 * The processor time that a process and those it has begun have used, in microseconds; undefined where the system does
 * not say (not Linux).
 */
export function cpuUs(pid: number): number | undefined {
  try {
    const begun = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return begun.reduce((sum, child) => sum + (cpuUs(Number(child)) ?? 0), ownCpuUs(pid));
  } catch {
    return undefined;
  }
}

function ownCpuUs(pid: number): number {
  // After the name in parentheses, which may hold spaces: fields 14 and 15 of proc(5), in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function spawnScript(script: string, options: object): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}
