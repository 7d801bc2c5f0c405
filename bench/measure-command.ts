import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuUs } from './processes.ts';

/** A command of `usher` that ran to its end. */
export interface MeasuredCommand {
  readonly stdout: string;
  readonly seconds: number;
  /** Processor time, system calls included. */
  readonly cpuSeconds: number;
  /** The most memory that it had at once. */
  readonly peakMb: number;
}

const EVERY_MS = 50;

/** Runs a command of `usher` as a process of its own. Throws where it ends with another code than 0. */
export async function measureCommand(args: readonly string[]): Promise<MeasuredCommand> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/cli/usher.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  // As long as it runs: the system forgets with the process.
  let used = { cpuUs: 0, peakMb: 0 };
  const timer = setInterval(() => (used = usedBy(child.pid ?? 0) ?? used), EVERY_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  process.off('exit', kill);
  if (code !== 0) throw new Error(`usher ${args.join(' ')} ended with ${code}`);
  return {
    stdout,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: used.cpuUs / 1e6,
    peakMb: used.peakMb,
  };
}

function usedBy(pid: number): { cpuUs: number; peakMb: number } | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    // A process that is just ending has no memory any more.
    return kilobytes === undefined ? undefined : { cpuUs: cpuUs(pid) ?? NaN, peakMb: Number(kilobytes) / 1_024 };
  } catch {
    return undefined;
  }
}
